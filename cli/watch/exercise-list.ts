import { allExercises } from '../../course/find.ts'
import { resolvePaths } from '../../course/paths.ts'
import { courseProgress } from '../../course/progress/progress.ts'
import type { Course } from '../../course/types.ts'
import { isWorkBegun } from '../../course/work/work-folder.ts'
import { openStore } from '../../store/open-store.ts'
import { passedRuns } from '../../store/runs.ts'
import { exerciseRows } from '../terminal/progress-text.ts'

/** Every exercise of the course with what was reached in it, a line each. Throws StoreError. */
export async function exerciseList(course: Course, columns: number): Promise<string> {
  const paths = resolvePaths()
  const store = openStore(paths.store)
  try {
    const records = { ...(await store.records()), passedRuns: passedRuns(paths) }
    const begun = allExercises(course).filter(({ exercise }) => isWorkBegun(exercise, paths))
    return exerciseRows(courseProgress(course, records), {
      begun: new Set(begun.map(({ exercise }) => exercise.id)),
      columns,
    }).join('\n')
  } finally {
    store.close()
  }
}
