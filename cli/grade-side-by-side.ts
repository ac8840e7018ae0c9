import type { FoundExercise } from '../course/find.ts'
import type { GradeEvent, Grading } from '../grader/index.ts'

export interface SideBySide {
  readonly exercises: readonly FoundExercise[]
  /** Starts one. */
  readonly grade: (
    found: FoundExercise,
    onEvent: (event: GradeEvent) => void,
    signal: AbortSignal,
  ) => Promise<Grading>
  readonly onEvent: (event: GradeEvent) => void
  /** Called with each when it is over, in their order. What is thrown here ends them all. */
  readonly onGraded: (grading: Grading, found: FoundExercise) => Promise<void>
  readonly signal: AbortSignal
}

/** One that waits leaves the processors to another; more would be in each other's way. */
const AT_ONCE = 2

/**
 * Grades several exercises, two at a time, and tells of them one after the other: the one that is
 * told runs, and beside it the one that takes longest of those that are left.
 */
export async function gradeSideBySide({
  exercises,
  grade,
  onEvent,
  onGraded,
  signal,
}: SideBySide): Promise<void> {
  const ending = new AbortController()
  const ended = AbortSignal.any([signal, ending.signal])
  const held = exercises.map((): GradeEvent[] => [])
  const started = new Map<number, Promise<Grading>>()
  const waiting = new Set(exercises.keys())
  let running = 0
  let told = 0

  const start = (index: number) => {
    waiting.delete(index)
    running++
    const grading = grade(
      exercises[index]!,
      (event) => (index === told ? onEvent(event) : held[index]!.push(event)),
      ended,
    )
    grading
      .catch(() => {})
      .finally(() => {
        running--
        // After the one that is told, what is told next has the first claim.
        if (index !== told) startNext()
      })
    started.set(index, grading)
  }
  const startNext = () => {
    while (!ended.aborted && running < AT_ONCE && waiting.size > 0)
      start(nextOf(exercises, waiting, told))
  }
  try {
    for (; told < exercises.length; told++) {
      ended.throwIfAborted()
      startNext()
      // What was in progress is over, or goes on.
      held[told]!.splice(0)
        .filter(({ type }) => type !== 'progress')
        .forEach(onEvent)
      await onGraded(await started.get(told)!, exercises[told]!)
    }
  } finally {
    ending.abort()
    await Promise.allSettled(started.values())
  }
}

function nextOf(
  exercises: readonly FoundExercise[],
  waiting: ReadonlySet<number>,
  told: number,
): number {
  const seconds = (index: number) => exercises[index]!.exercise.gradingSeconds
  return waiting.has(told)
    ? told
    : [...waiting].reduce((longest, index) => (seconds(index) > seconds(longest) ? index : longest))
}
