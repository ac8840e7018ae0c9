import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { explainFileError } from '../../course/read/file-error.ts'
import { besideOthers, joinCourses } from '../../course/join-courses.ts'
import { loadCachedCourse } from '../../course/files/course-cache.ts'
import { resolvePaths, type Paths } from '../../course/paths.ts'
import { CourseProblems } from '../../course/problem.ts'
import type { Course } from '../../course/types.ts'
import { writeFileAtomically } from '../../course/files/write-file.ts'
import { UsageError } from '../explain-error.ts'
import { resolveUserPath } from '../options/invocation-directory.ts'

/**
 * The courses in these folders, to be read beside the project's own. Relative ones are taken from
 * where the person typed.
 * @throws UsageError for a folder without a course, a course with mistakes, and two courses of one
 * id
 */
export async function loadOtherCourses(
  folders: readonly string[],
  paths: Paths,
): Promise<Course[]> {
  const roots = folders
    .map((folder) => resolveUserPath(folder))
    .filter((root) => root !== paths.root)
  const courses: Course[] = []
  for (const root of new Set(roots)) courses.push(besideOthers(await loadOther(root, paths)))
  for (const [at, { id, root }] of courses.entries()) {
    const same = courses.slice(0, at).find((course) => course.id === id)
    if (same)
      throw new UsageError(
        `The courses in ${same.root} and ${root} both have the id "${id}". Change it in one lessons/course.md.`,
      )
  }
  return courses
}

/**
 * Keeps which courses are read beside the project's own, so that the other commands know their
 * exercises. @throws FileError
 */
export function rememberCourses(courses: readonly Course[], paths: Paths): void {
  try {
    writeFileAtomically(fileOf(paths), `${JSON.stringify(courses.map(({ root }) => root))}\n`)
  } catch (error) {
    throw explainFileError(error, `write ${fileOf(paths)}`)
  }
}

/**
 * The project's course, with those that `npm start` was last given: where an exercise that a person
 * names is found. @throws CourseProblems
 */
export async function loadEveryCourse(paths: Paths = resolvePaths()): Promise<Course> {
  return joinCourses(await loadCourses(paths))
}

/** The same courses one by one, the project's first. @throws CourseProblems */
export async function loadCourses(paths: Paths): Promise<[Course, ...Course[]]> {
  const own = await loadCachedCourse(paths.root, paths.state)
  return [own, ...(await loadOtherCourses(remembered(paths).filter(holdsCourse), paths))]
}

async function loadOther(root: string, { state }: Paths): Promise<Course> {
  if (!holdsCourse(root))
    throw new UsageError(`${root} holds no course: it has no lessons/course.md.`)
  try {
    return await loadCachedCourse(root, state)
  } catch (error) {
    throw error instanceof CourseProblems ? new UsageError(`${root}\n${error.message}`) : error
  }
}

function holdsCourse(root: string): boolean {
  return existsSync(join(root, 'lessons', 'course.md'))
}

function remembered(paths: Paths): string[] {
  if (!existsSync(fileOf(paths))) return []
  try {
    const kept: unknown = JSON.parse(readFileSync(fileOf(paths), 'utf8'))
    return Array.isArray(kept) ? kept.filter((root) => typeof root === 'string') : []
  } catch {
    // A file that was cut off hides the other courses until the next start, and nothing else.
    return []
  }
}

function fileOf({ state }: Paths): string {
  return join(state, 'courses.json')
}
