import type { FoundExercise } from '../../../course/find.ts'
import { regrade, type Which } from '../../queue/regrade.ts'
import type { Queues } from '../../queue/queues.ts'

/** How the regrading of an exercise goes in this process. */
export interface RegradeState {
  /** What was recorded is being judged again. */
  readonly isRunning: boolean
  /** Why it ended before its end; undefined while it has not. */
  readonly trouble: string | undefined
}

/** The regradings that a teacher starts from the page. */
export interface Regrades {
  /** Begins one, unless the same is under way. */
  start(found: FoundExercise, which: Which): void
  stateOf(exerciseId: string, which: Which): RegradeState
  /** Settles when none is under way. */
  over(): Promise<void>
}

/**
 * Judging again what was recorded takes a moment for each submission, so no request waits for it.
 * What a process that ended has left is done by starting it again.
 */
export function createRegrades(queues: Queues): Regrades {
  const running = new Map<string, Promise<void>>()
  const troubles = new Map<string, string>()
  return {
    start(found, which) {
      const key = `${found.exercise.id} ${which}`
      if (running.has(key)) return
      troubles.delete(key)
      running.set(
        key,
        regrade(queues, found, which)
          .then(
            () => {},
            (error: unknown) => void troubles.set(key, messageOf(error)),
          )
          .finally(() => running.delete(key)),
      )
    },
    stateOf(exerciseId, which) {
      const key = `${exerciseId} ${which}`
      return { isRunning: running.has(key), trouble: troubles.get(key) }
    },
    over: async () => void (await Promise.all(running.values())),
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
