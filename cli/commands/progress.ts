import { existsSync } from 'node:fs'
import { allExercises } from '../../course/find.ts'
import { loadCourseStrictly } from '../../course/load-course.ts'
import { resolvePaths, type Paths } from '../../course/paths.ts'
import { courseProgress, noRecords, type Records } from '../../course/progress.ts'
import { isWorkBegun } from '../../course/work-folder.ts'
import { openStore } from '../../store/open-store.ts'
import { progressText } from '../progress-text.ts'

/** Prints what the learner has read and passed, and what comes next. @throws CourseProblems, StoreError */
export async function progress(paths: Paths = resolvePaths()): Promise<number> {
  const course = await loadCourseStrictly(paths.root)
  const begun = allExercises(course).filter(({ exercise }) => isWorkBegun(exercise, paths))
  process.stdout.write(progressText(courseProgress(course, readRecords(paths.store)), {
    title: course.title,
    begun: new Set(begun.map(({ exercise }) => exercise.id)),
    address: `http://localhost:${process.env['PORT'] || 4321}`,
    columns: 80,
  }))
  return 0
}

// Looking makes no file: a learner who has done nothing yet may look from a read-only disk.
function readRecords(file: string): Records {
  if (!existsSync(file)) return noRecords
  const store = openStore(file)
  try {
    return store.records()
  } finally {
    store.close()
  }
}
