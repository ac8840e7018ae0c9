import type { FoundExercise } from '../../course/find.ts'
import { exerciseAfter } from '../../course/progress/next-exercise.ts'
import { resolvePaths } from '../../course/paths.ts'
import type { Course } from '../../course/types.ts'
import { openStore } from '../../store/open-store.ts'

/**
 * The exercise after this one, in the course's order and around its end, of which no pass was
 * handed in; null when there is none.
 */
export async function nextExercise(
  course: Course,
  after: FoundExercise,
): Promise<FoundExercise | null> {
  return exerciseAfter(course, after.exercise.id, await passedExercises())
}

async function passedExercises(): Promise<Set<string>> {
  const store = openStore(resolvePaths().store)
  try {
    return new Set(
      [...(await store.bestVerdicts())].flatMap(([id, { verdict }]) =>
        verdict === 'passed' ? [id] : [],
      ),
    )
  } finally {
    store.close()
  }
}
