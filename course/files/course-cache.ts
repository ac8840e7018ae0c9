import { createHash } from 'node:crypto'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { listFilesBelow, listFolder } from '../read/course-files.ts'
import type { Course } from '../types.ts'
import { writeFileAtomically } from './write-file.ts'

interface Kept {
  readonly fingerprint: string
  readonly course: Course
}

/**
 * A course as `loadUsableCourse` gives it; one without mistakes as it was read last where none of
 * its texts has changed since: reading it takes a tenth of the time of a short grading. What it is
 * kept in goes with the rest of `state`, and may be removed at any time.
 * @throws CourseProblems
 */
export async function loadCachedCourse(root: string, state: string): Promise<Course> {
  const file = join(
    state,
    `course-${createHash('sha256').update(root).digest('base64url').slice(0, 16)}.json`,
  )
  // Taken before the texts are read, so that one that is saved meanwhile has it read again the next
  // time.
  const fingerprint = fingerprintOf(root)
  const kept = readKept(file)
  if (kept?.fingerprint === fingerprint) return kept.course
  const { loadUsableCourse } = await import('../load-course.ts')
  const course = await loadUsableCourse(root)
  // The fingerprint is of what a course says, and a mistake can be in other files, too.
  if (!course.refused) keep(file, { fingerprint, course })
  return course
}

/** Size and last change of everything that a course says, and of what reads it. */
function fingerprintOf(root: string): string {
  const lessons = listFilesBelow(join(root, 'lessons')).map((file) => join('lessons', file))
  const exercises = listFolder(join(root, 'exercises')).folders.flatMap((id) => [
    join('exercises', id, 'exercise.md'),
    ...listFilesBelow(join(root, 'exercises', id, 'stub')).map((file) =>
      join('exercises', id, 'stub', file),
    ),
  ])
  const course = dirname(import.meta.dirname)
  const readers = listFilesBelow(course).map((file) => join(course, file))
  const places = [...[...lessons, ...exercises].map((file) => join(root, file)), ...readers]
  const hash = createHash('sha256').update(root)
  for (const place of places) {
    const { size, mtimeMs } = statSync(place, { throwIfNoEntry: false }) ?? { size: -1, mtimeMs: 0 }
    hash.update(`\n${place} ${size} ${mtimeMs}`)
  }
  return hash.digest('base64url')
}

function readKept(file: string): Kept | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Kept
  } catch {
    return null
  }
}

/**
 * Where there is no folder for it yet, or no room, the course is read again the next time, and
 * nothing else.
 */
function keep(file: string, kept: Kept): void {
  if (!existsSync(dirname(file))) return
  try {
    writeFileAtomically(file, JSON.stringify(kept))
  } catch {
    // A cache only.
  }
}
