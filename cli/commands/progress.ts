import { existsSync } from 'node:fs'
import { npmRun } from '../../course/command-line.ts'
import { allExercises } from '../../course/find.ts'
import { resolvePaths, shownPath, type Paths } from '../../course/paths.ts'
import { courseProgress, noRecords, type Records } from '../../course/progress/progress.ts'
import { isWorkBegun } from '../../course/work/work-folder.ts'
import { openStore } from '../../store/open-store.ts'
import { passedRuns } from '../../store/runs.ts'
import { tellLeftOut } from '../options/find-exercise.ts'
import { loadCourses } from '../reading/other-courses.ts'
import { progressText } from '../terminal/progress-text.ts'
import { noteOfAnotherThere, readingAddress } from '../reading/reading-place.ts'

/**
 * Prints what the learner has read and passed, and what comes next, in every course that is read
 * together. @throws CourseProblems, StoreError
 */
export async function progress(paths: Paths = resolvePaths()): Promise<number> {
  const courses = await loadCourses(paths)
  const records = { ...(await readRecords(paths.store)), passedRuns: passedRuns(paths) }
  const start = npmRun(
    'start',
    courses.slice(1).map(({ root }) => shownPath(root, paths.project)),
    paths,
  )
  const texts = courses.map((course) => {
    const begun = allExercises(course).filter(({ exercise }) => isWorkBegun(exercise, paths))
    return progressText(courseProgress(course, records), {
      title: course.title,
      begun: new Set(begun.map(({ exercise }) => exercise.id)),
      address: readingAddress(),
      start,
      columns: 80,
    })
  })
  const note = await noteOfAnotherThere(paths)
  process.stdout.write([...texts, ...(note ? [`${note}\n`] : [])].join('\n'))
  tellLeftOut(courses)
  return 0
}

// Looking makes no file: a learner who has done nothing yet may look from a read-only disk.
async function readRecords(file: string): Promise<Records> {
  if (!existsSync(file)) return noRecords
  const store = openStore(file)
  try {
    return await store.records()
  } finally {
    store.close()
  }
}
