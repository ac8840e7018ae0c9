import { createQuietTime, type Machine } from './quiet-time.ts'

/** Polls until `condition` gives a value or the time is up; gives that value, or undefined. */
export async function until<Value>(
  ms: number,
  condition: () => Value | undefined | Promise<Value | undefined>,
  every = 10,
): Promise<Value | undefined> {
  const deadline = performance.now() + ms
  for (;;) {
    const value = await condition()
    if (value !== undefined) return value
    if (performance.now() >= deadline) return undefined
    await new Promise((resolve) => setTimeout(resolve, every))
  }
}

/** Calls `ask` at every change until the function that it returns is called. */
export type Subscribe = (ask: () => void) => () => void

/** A wait that can be given up. */
export interface Watched<Value> {
  /** Rejects with what the condition throws. Never settles once it is given up. */
  readonly value: Promise<Value>
  /** Nothing is listened to any more. */
  giveUp(): void
}

/** Waits until `condition` gives a value, asked now and whenever `subscribe` calls. */
export function whenever<Value>(
  subscribe: Subscribe,
  condition: () => Value | undefined,
): Watched<Value> {
  const { promise, resolve, reject } = Promise.withResolvers<Value>()
  let isOver = false
  let unsubscribe = () => {}
  const giveUp = () => {
    isOver = true
    unsubscribe()
  }
  const ask = () => {
    if (isOver) return
    try {
      const value = condition()
      if (value === undefined) return
      resolve(value)
    } catch (error) {
      // An author may have written it: nobody catches what is thrown where bytes arrive.
      reject(error)
    }
    giveUp()
  }
  unsubscribe = subscribe(ask)
  if (isOver) unsubscribe()
  else ask()
  return { value: promise, giveUp }
}

/** The same for a number of milliseconds, after which it gives undefined. */
export function wheneverWithin<Value>(
  ms: number,
  subscribe: Subscribe,
  condition: () => Value | undefined,
): Promise<Value | undefined> {
  const watched = whenever(subscribe, condition)
  return raced(watched.value, ms, undefined).finally(watched.giveUp)
}

/** True when `work` settles within the time. It may go on after that, unseen. */
export function settlesWithin(ms: number, work: Promise<unknown>): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms, false)
    const settled = () => {
      clearTimeout(timer)
      resolve(true)
    }
    work.then(settled, settled)
  })
}

/**
 * How long a scenario waits for one answer: four seconds, on a busy machine as many times longer as
 * things take longer there. A program that once gave none is not waited for that long again:
 * otherwise five unanswered requests would take twenty seconds.
 */
export interface AdaptiveTimeout {
  /**
   * The value, or `otherwise` when it is not there in time. The work itself goes on unseen; its
   * failure then is nobody's.
   */
  within<Value, Otherwise>(work: Promise<Value>, otherwise: Otherwise): Promise<Value | Otherwise>
  /**
   * The first value of `condition`, asked now and whenever `subscribe` calls; undefined when it
   * gave none in time. Nothing is listened to any more then.
   */
  whenever<Value>(
    subscribe: Subscribe,
    condition: () => Value | undefined,
  ): Promise<Value | undefined>
  lost(): void
}

/** For what ends by itself: it is waited for as long as that takes. */
export const unlimited: AdaptiveTimeout = {
  within: (work) => work,
  whenever: (subscribe, condition) => whenever(subscribe, condition).value,
  lost() {},
}

const FULL_MS = 4000
const LOST_MS = 1000
const LONGEST_MS = 30_000

/** `share`: the part of the usual times that is allowed. */
export function createAdaptiveTimeout({
  share = 1,
  ...machine
}: Partial<Machine> & { readonly share?: number } = {}): AdaptiveTimeout {
  let ms = FULL_MS * share
  const within: AdaptiveTimeout['within'] = async (work, otherwise) => {
    const value = await inQuietTime(work, LATE, ms, LONGEST_MS * share, machine)
    if (value !== LATE) return value
    ms = LOST_MS * share
    return otherwise
  }
  return {
    within,
    async whenever(subscribe, condition) {
      const watched = whenever(subscribe, condition)
      return within(watched.value, undefined).finally(watched.giveUp)
    },
    lost() {
      ms = LOST_MS * share
    },
  }
}

/**
 * The value of `work`, or `otherwise` when even a quiet machine would not have had it in time
 * (`createQuietTime`). The work itself goes on unseen; its failure then is nobody's.
 */
export async function inQuietTime<Value, Otherwise>(
  work: Promise<Value>,
  otherwise: Otherwise,
  ...[allowedMs, longestMs, machine]: Parameters<typeof createQuietTime>
): Promise<Value | Otherwise> {
  work.catch(() => {})
  const startedAt = performance.now()
  // Nearly all is there by then. Only what is not is worth a look at its processes.
  const soon = allowedMs * SOON
  const early = await raced(work, soon, LATE)
  if (early !== LATE) return early
  const quiet = createQuietTime(allowedMs, longestMs, machine)
  for (let wait = allowedMs - soon; wait > 0;) {
    const inTime = await raced(work, wait, LATE)
    if (inTime !== LATE) return inTime
    wait = await quiet.left(() => performance.now() - startedAt)
  }
  // It may have come while the machine was measured.
  return Promise.race([work, Promise.resolve(otherwise)])
}

/** A part of the time allowed. */
const SOON = 1 / 8

/** Told from any value that work may have. */
const LATE = Symbol('late')

function raced<Value, Otherwise>(
  work: Promise<Value>,
  ms: number,
  otherwise: Otherwise,
): Promise<Value | Otherwise> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<Otherwise>((resolve) => {
    timer = setTimeout(() => resolve(otherwise), ms)
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}
