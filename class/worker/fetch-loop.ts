import { claim, keepClaims, type Claim } from '../queue/claim.ts'
import type { QueueKind, Queues } from '../queue/queues.ts'
import { createBell } from './bell.ts'
import type { Reach } from './reach.ts'
import type { Turns } from './turns.ts'

export interface FetchLoop {
  /** There may be a job: looks at once. */
  ring(): void
  /** What is being graded now. */
  running(): readonly Claim[]
  /** Claims nothing more, and settles when nothing is being graded any more. */
  stop(): Promise<void>
  /** Ends what is being graded, for this reason. */
  abort(reason: Error): void
}

export interface FetchLoopOptions {
  readonly queues: Queues
  readonly kind: QueueKind
  readonly slots: number
  /** Grades and keeps what it came to; it never rejects. */
  readonly work: (claim: Claim, signal: AbortSignal) => Promise<void>
  /** Gives back what it may not begin now; it never rejects. */
  readonly giveBack: (claim: Claim) => Promise<void>
  readonly turns: Turns
  readonly reach: Reach
}

/** Why a grading is ended whose claim was lost. */
export class ClaimLost extends Error {
  override readonly name = 'ClaimLost'
}

const POLL_MS = 1_000
const AWAY_MS = 500
/** A claim counts as lost after 10 s without this. */
const KEEP_MS = 2_500

/**
 * Keeps the slots of a kind full: claims as many jobs at once as slots are free, which costs the
 * database far less than a loop for each slot.
 */
export function startFetchLoop(options: FetchLoopOptions): FetchLoop {
  const { queues, kind, slots, work, giveBack, turns, reach } = options
  const running = new Map<Claim, AbortController>()
  const settled = new Set<Promise<void>>()
  const bell = createBell()
  let isStopping = false

  const begin = (claimed: Claim) => {
    const controller = new AbortController()
    const { signal } = controller
    const isAlone = claimed.isLastAttempt
    running.set(claimed, controller)
    turns.begin()
    if (isAlone) turns.reserve()
    const turn = isAlone ? turns.alone(signal) : Promise.resolve()
    const done = turn
      .then(() => work(claimed, signal))
      .finally(() => {
        running.delete(claimed)
        settled.delete(done)
        turns.end(isAlone)
        bell.ring()
      })
    settled.add(done)
  }

  /** Those that run beside others first: one that runs alone has to wait for them. */
  const beginAll = async (claims: readonly Claim[]) => {
    const inOrder = claims.toSorted((a, b) => Number(a.isLastAttempt) - Number(b.isLastAttempt))
    for (const each of inOrder) {
      if (turns.isReserved() || isStopping) await giveBack(each)
      else begin(each)
    }
  }

  /** What runs alone begins when everything else that was claimed is given back. */
  const fetchInTurn = async (free: number): Promise<number | null> => {
    turns.begin()
    try {
      const { claims, taken } = await claim(queues, kind, free)
      reach.reached()
      await beginAll(claims)
      return taken
    } catch (error) {
      reach.failed(error as Error)
      return null
    } finally {
      turns.end(false)
    }
  }

  const fetchOnce = async () => {
    const free = slots - running.size
    if (free === 0 || turns.isReserved()) return bell.wait(POLL_MS)
    const taken = await fetchInTurn(free)
    if (taken === null) await bell.wait(AWAY_MS)
    else if (taken === 0) await bell.wait(POLL_MS)
  }
  const fetching = (async () => {
    while (!isStopping && slots > 0) await fetchOnce()
  })()

  let isKeeping = false
  const keep = async () => {
    if (isKeeping) return
    isKeeping = true
    try {
      const claims = [...running.keys()]
      for (const lost of await keepClaims(queues, kind, claims))
        running.get(lost)?.abort(new ClaimLost('Another worker has it.'))
    } catch (error) {
      reach.failed(error as Error)
    } finally {
      isKeeping = false
    }
  }
  const keeping = setInterval(() => void keep(), KEEP_MS)

  return {
    ring: bell.ring,
    running: () => [...running.keys()],
    async stop() {
      isStopping = true
      bell.ring()
      await fetching
      await Promise.all(settled)
      clearInterval(keeping)
    },
    abort(reason) {
      for (const controller of running.values()) controller.abort(reason)
    },
  }
}
