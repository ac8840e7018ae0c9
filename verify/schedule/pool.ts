/** What is known of a task before it runs. */
export interface Expected {
  /** How long it takes, roughly. */
  readonly seconds: number
  /** It spends its time waiting, so a processor is free meanwhile. */
  readonly waits: boolean
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
 * the other.
 */
export function createPool(slots: { working: number; waiting: number }): Schedule {
  const lanes = {
    working: { free: slots.working, due: [] as Waiting[] },
    waiting: { free: slots.waiting, due: [] as Waiting[] },
  }
  let isPlanned = false
  const start = () => {
    isPlanned = false
    for (const [lane, other] of [
      [lanes.waiting, null],
      [lanes.working, lanes.waiting],
    ] as const) {
      while (lane.free > 0) {
        const next = takeLongest(lane.due) ?? (other && takeLongest(other.due))
        if (!next) break
        lane.free--
        void next.start().then(() => {
          lane.free++
          start()
        })
      }
    }
  }
  return (expected, task) =>
    new Promise((resolve, reject) => {
      lanes[expected.waits ? 'waiting' : 'working'].due.push({
        seconds: expected.seconds,
        start: () => task().then(resolve, reject),
      })
      // Not at once: what comes in the same turn is compared first.
      if (!isPlanned) setImmediate(start)
      isPlanned = true
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
