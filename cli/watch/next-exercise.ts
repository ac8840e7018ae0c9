import { allExercises, type FoundExercise } from '../../course/find.ts'
import { resolvePaths } from '../../course/paths.ts'
import type { Course } from '../../course/types.ts'
import { openStore } from '../../store/open-store.ts'

/** The exercise after this one, in the course's order and around its end, of which no pass was handed in; null when there is none. */
export function nextExercise(course: Course, after: FoundExercise): FoundExercise | null {
  const exercises = allExercises(course)
  const position = exercises.findIndex(({ exercise }) => exercise.id === after.exercise.id)
  const passed = passedExercises()
  const following = [...exercises.slice(position + 1), ...exercises.slice(0, Math.max(0, position))]
  return following.find(({ exercise }) => !passed.has(exercise.id)) ?? null
}

function passedExercises(): Set<string> {
  const store = openStore(resolvePaths().store)
  try {
    return new Set([...store.bestVerdicts()].flatMap(([id, { verdict }]) => (verdict === 'passed' ? [id] : [])))
  } finally {
    store.close()
  }
}
