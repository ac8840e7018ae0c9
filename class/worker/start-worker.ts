import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import { setTimeout as wait } from 'node:timers/promises'
import type { Pool } from 'pg'
import type { FoundExercise } from '../../course/find.ts'
import type { Exercise } from '../../course/types.ts'
import type { Claim } from '../queue/claim.ts'
import { checksVersion } from '../queue/checks-version.ts'
import { buryDeadLetters } from '../queue/dead-letters.ts'
import { createEventWriter } from '../queue/event-writer.ts'
import { giveBack } from '../queue/finish.ts'
import { listen } from '../queue/listener.ts'
import { openQueues, QUEUE_KINDS } from '../queue/queues.ts'
import { pruneRunEvents } from '../queue/run-events.ts'
import { QUEUE_CHANNEL } from '../queue/stored-event.ts'
import { startFetchLoop } from './fetch-loop.ts'
import type { GradeSubmission } from './grade-job.ts'
import { showPresence } from './presence.ts'
import { watchReach } from './reach.ts'
import { settleClaim } from './settle-claim.ts'
import type { Slots } from './slots.ts'
import { createTurns } from './turns.ts'

export interface WorkerOptions {
  /** Needs more connections than the slots together; see `openWorkerPool`. */
  readonly pool: Pool
  readonly slots: Slots
  readonly grade: GradeSubmission
  readonly find: (exerciseId: string) => Pick<FoundExercise, 'exercise' | 'lesson'> | undefined
  /** What is happening, a sentence at a time. */
  readonly say?: (sentence: string) => void
  /** Stands in for the hash of the checks, in tests whose exercises have none. */
  readonly versionOf?: (exercise: Exercise) => Promise<string>
}

export interface Worker {
  /** As the teacher's page names it. */
  readonly id: string
  /**
   * Claims nothing more, waits so many milliseconds for what is being graded, and gives back what
   * was not finished by then. The pool stays open.
   */
  stop(graceMs?: number): Promise<void>
}

const GRACE_MS = 30_000
const MOST_TRIES = 10
const AGAIN_MS = 300
const BURY_MS = 1_000
const PRUNE_MS = 60_000

/**
 * Grades the submissions of a class until it is stopped. It goes on when the database is away for a
 * while. @throws what opening the queues throws: the database cannot be reached, or is none of a
 * class
 */
export async function startWorker(options: WorkerOptions): Promise<Worker> {
  const { pool, slots, grade, find, say = () => {}, versionOf = checksVersion } = options
  const id = randomBytes(4).toString('hex')
  const reach = watchReach(say)
  const queues = await openQueues(pool, reach.failed)
  const writer = createEventWriter(pool, reach.failed)
  const work = async (claim: Claim, signal: AbortSignal) =>
    settleClaim(claim, signal, { queues, writer, grade, find, versionOf, say, reach })
  const goBack = async (claim: Claim) => {
    for (let tries = 1; tries <= MOST_TRIES; tries++) {
      try {
        return void (await giveBack(queues, claim, true))
      } catch (error) {
        reach.failed(error as Error)
        await wait(AGAIN_MS)
      }
    }
  }
  const ring = () => loops.forEach((loop) => loop.ring())
  const turns = createTurns(ring)
  const loops = QUEUE_KINDS.map((kind) =>
    startFetchLoop({
      queues,
      kind,
      slots: slots[kind],
      work,
      giveBack: goBack,
      turns,
      reach,
    }),
  )
  const listener = listen(pool.options, {
    channels: { [QUEUE_CHANNEL]: ring },
    onReconnect: ring,
    onError: reach.failed,
  })
  const presence = showPresence(pool, { id, host: hostname(), slots }, reach)
  const burying = repeat(BURY_MS, async () => {
    for (const submission of await buryDeadLetters(queues))
      say(`Submission ${submission} was given up after three attempts. The teacher is told.`)
  })
  const pruning = repeat(PRUNE_MS, () => pruneRunEvents(pool))

  /** Does something again and again, one at a time. */
  function repeat(ms: number, action: () => Promise<void>): { stop(): Promise<void> } {
    let acting: Promise<void> | undefined
    const timer = setInterval(() => {
      acting ??= action()
        .catch(reach.failed)
        .finally(() => (acting = undefined))
    }, ms)
    return { stop: async () => (clearInterval(timer), acting) }
  }

  // What was submitted before it listened woke nobody.
  await listener.ready
  ring()
  return {
    id,
    async stop(graceMs = GRACE_MS) {
      const stopped = Promise.all(loops.map((loop) => loop.stop()))
      const open = loops.flatMap((loop) => loop.running()).length
      if (open > 0) say(`Finishing ${open === 1 ? '1 grading' : `${open} gradings`}.`)
      const grace = setTimeout(() => {
        const stopping = new WorkerStops('The worker stops.')
        loops.forEach((loop) => loop.abort(stopping))
      }, graceMs)
      await stopped
      clearTimeout(grace)
      await Promise.all([burying.stop(), pruning.stop(), listener.close(), presence.close()])
      await writer.close()
      await queues.close()
    },
  }
}

/** Why a grading is ended that goes back in line. */
export class WorkerStops extends Error {
  override readonly name = 'WorkerStops'
}
