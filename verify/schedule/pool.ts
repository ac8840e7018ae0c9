/** What is known of a task before it runs. */
export interface Expected {
  /** How long it takes, roughly. */
  readonly seconds: number
  /** It spends its time waiting, so a processor is free meanwhile. */
  readonly waits: boolean
  /** Whether nothing may run beside it, so that it goes after all others. */
  readonly alone?: boolean
}

/** Runs tasks, some at once, those first that take longest. */
export type Schedule = <Result>(expected: Expected, task: () => Promise<Result>) => Promise<Result>

interface Waiting {
  readonly seconds: number
  readonly start: () => Promise<void>
}

/**
 * A pool with two lanes: `working` tasks at once that use the processors, and beside them `waiting`
 * tasks at once that only wait. In both, the longest of those that are due goes first: at the end a
 * long one alone would leave the machine idle. A lane that has nothing of its own left takes from
 * the other. Those that want to be alone come when both are empty, one after the other.
 */
export function createPool(slots: { working: number; waiting: number }): Schedule {
  const lanes = {
    working: { free: slots.working, due: [] as Waiting[] },
    waiting: { free: slots.waiting, due: [] as Waiting[] },
    alone: { free: 1, due: [] as Waiting[] },
  }
  let running = 0
  let isPlanned = false
  // Not at once: what comes in the same turn is compared first.
  const plan = () => {
    if (!isPlanned) setImmediate(start)
    isPlanned = true
  }
  const run = (lane: { free: number }, next: Waiting) => {
    lane.free--
    running++
    void next.start().then(() => {
      lane.free++
      running--
      plan()
    })
  }
  const start = () => {
    isPlanned = false
    if (lanes.alone.free === 0) return
    for (const [lane, other] of [
      [lanes.waiting, null],
      [lanes.working, lanes.waiting],
    ] as const) {
      while (lane.free > 0) {
        const next = takeLongest(lane.due) ?? (other && takeLongest(other.due))
        if (!next) break
        run(lane, next)
      }
    }
    const last = running === 0 && takeLongest(lanes.alone.due)
    if (last) run(lanes.alone, last)
  }
  return ({ seconds, waits, alone }, task) =>
    new Promise((resolve, reject) => {
      const lane = alone ? lanes.alone : waits ? lanes.waiting : lanes.working
      lane.due.push({ seconds, start: () => task().then(resolve, reject) })
      plan()
    })
}

function takeLongest(due: Waiting[]): Waiting | undefined {
  if (due.length === 0) return undefined
  const seconds = Math.max(...due.map((each) => each.seconds))
  const [longest] = due.splice(
    due.findIndex((each) => each.seconds === seconds),
    1,
  )
  return longest
}
