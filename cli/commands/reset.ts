import { resolvePaths, shownPath, type Paths } from '../../course/paths.ts'
import { resetWork } from '../../course/work/work-folder.ts'
import { requireExercise } from '../options/find-exercise.ts'
import { loadEveryCourse } from '../reading/other-courses.ts'

/**
 * Puts the learner's folder back to the stub, after a copy. @throws UsageError (unknown exercise),
 * CourseProblems, FileError
 */
export async function reset(exerciseId: string, paths: Paths = resolvePaths()): Promise<number> {
  const { exercise } = requireExercise(await loadEveryCourse(paths), exerciseId)
  const { dir, copy } = resetWork(exercise, paths)
  if (copy !== null)
    process.stdout.write(`Your files were copied to ${shownPath(copy, paths.root)}/\n`)
  process.stdout.write(`${shownPath(dir, paths.root)}/ holds the stub.\n`)
  return 0
}
