import { explainUnknownExercise, findExercise, type FoundExercise } from '../../course/find.ts'
import { resolvePaths } from '../../course/paths.ts'
import { CourseProblems, formatProblems } from '../../course/problem.ts'
import type { Course } from '../../course/types.ts'
import { UsageError } from '../explain-error.ts'

/** The project's course, without the exercises that have mistakes. @throws CourseProblems */
export async function loadOwnCourse(): Promise<Course> {
  // What reads a course takes as long to load as to run, and who only looks for an exercise has
  // none of it.
  const { loadUsableCourse } = await import('../../course/load-course.ts')
  return loadUsableCourse(resolvePaths().root)
}

/**
 * The exercise somebody named. @throws UsageError with the nearest name when there is none,
 * CourseProblems when it has mistakes
 */
export function requireExercise(course: Course, id: string): FoundExercise {
  const found = findExercise(course, id)
  const refused = course.refused?.find((each) => each.id === id)
  if (refused) throw new CourseProblems(refused.problems)
  if (!found) throw new UsageError(explainUnknownExercise(course, id))
  return found
}

/** The mistakes for which exercises of these courses are left out, ready to print; or undefined. */
export function leftOut(courses: readonly Course[]): string | undefined {
  const refused = courses.flatMap((course) => course.refused ?? [])
  if (refused.length === 0) return undefined
  const ids = refused.map(({ id }) => id).join(', ')
  return `Left out because of mistakes in them: ${ids}.\n${formatProblems(refused.flatMap(({ problems }) => problems))}`
}

/** Says on stderr which exercises are left out and why. Gives whether there were some. */
export function tellLeftOut(courses: readonly Course[]): boolean {
  const mistakes = leftOut(courses)
  if (mistakes !== undefined) process.stderr.write(`${mistakes}\n`)
  return mistakes !== undefined
}
