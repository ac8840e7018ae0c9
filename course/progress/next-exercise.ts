import { allExercises, type FoundExercise } from '../find.ts'
import type { Course } from '../types.ts'

/**
 * The exercise after this one, in the course's order and around its end, that is not among the
 * passed; null when there is none.
 */
export function exerciseAfter(
  course: Course,
  id: string,
  passed: ReadonlySet<string>,
): FoundExercise | null {
  const exercises = allExercises(course)
  const position = exercises.findIndex(({ exercise }) => exercise.id === id)
  const following = [...exercises.slice(position + 1), ...exercises.slice(0, Math.max(0, position))]
  return following.find(({ exercise }) => !passed.has(exercise.id)) ?? null
}
