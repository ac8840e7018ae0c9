import { checkReferences } from './read/check-references.ts'
import { CourseProblems, inReadingOrder, type Problem } from './problem.ts'
import { readExercises } from './read/read-exercises.ts'
import { readLessons } from './read/read-lessons.ts'
import type { Course } from './types.ts'

export { CourseProblems, formatProblems, type Problem } from './problem.ts'

export interface LoadedCourse {
  /** What could be read. Lessons and exercises with a broken front matter are left out. */
  readonly course: Course
  /** Every authoring mistake, in reading order. Empty for a course that is fit to be used. */
  readonly problems: readonly Problem[]
}

/**
 * Reads `lessons/` and `exercises/` under `root` (absolute). Never throws for what an author wrote.
 */
export async function loadCourse(root: string): Promise<LoadedCourse> {
  const lessons = readLessons(root)
  const exercises = readExercises(root)
  const { sections, problems } = checkReferences(lessons, exercises)
  return {
    course: { ...lessons.course, root, sections },
    problems: inReadingOrder([...lessons.problems, ...exercises.problems, ...problems]),
  }
}

/**
 * The course without the exercises that have mistakes, which are in `refused`. Throws
 * CourseProblems with all of them when a mistake is elsewhere.
 */
export async function loadUsableCourse(root: string): Promise<Course> {
  const { course, problems } = await loadCourse(root)
  if (problems.length === 0) return course
  const byExercise = Map.groupBy(problems, ({ file }) => /^exercises\/([^/]+)/.exec(file)?.[1])
  if (byExercise.has(undefined)) throw new CourseProblems(problems)
  return {
    ...course,
    sections: course.sections.map((section) => ({
      ...section,
      lessons: section.lessons.map((lesson) => ({
        ...lesson,
        exercises: lesson.exercises.filter(({ id }) => !byExercise.has(id)),
      })),
    })),
    refused: [...byExercise].map(([id, own]) => ({ id: id!, problems: own })),
  }
}

/** The same for whoever needs a course without mistakes. Throws CourseProblems with all of them. */
export async function loadCourseStrictly(root: string): Promise<Course> {
  const { course, problems } = await loadCourse(root)
  if (problems.length > 0) throw new CourseProblems(problems)
  return course
}
