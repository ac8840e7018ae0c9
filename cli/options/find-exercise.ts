import { explainUnknownExercise, findExercise, type FoundExercise } from '../../course/find.ts'
import { resolvePaths } from '../../course/paths.ts'
import type { Course } from '../../course/types.ts'
import { UsageError } from '../explain-error.ts'

/** The project's course. @throws CourseProblems */
export async function loadOwnCourse(): Promise<Course> {
  // What reads a course takes as long to load as to run, and who only looks for an exercise has
  // none of it.
  const { loadCourseStrictly } = await import('../../course/load-course.ts')
  return loadCourseStrictly(resolvePaths().root)
}

/** The exercise somebody named. @throws UsageError with the nearest name when there is none. */
export function requireExercise(course: Course, id: string): FoundExercise {
  const found = findExercise(course, id)
  if (!found) throw new UsageError(explainUnknownExercise(course, id))
  return found
}
