import { npmRun } from '../../course/command-line.ts'
import { keepMine, mergeStub, stubChange } from '../../course/work/merge-stub.ts'
import { resolvePaths, shownPath, type Paths } from '../../course/paths.ts'
import type { Exercise } from '../../course/types.ts'
import { workFolder } from '../../course/work/work-folder.ts'
import { requireExercise } from '../options/find-exercise.ts'
import { loadEveryCourse } from '../reading/other-courses.ts'

/**
 * Takes what has changed in the stub since the learner began into their files, after a copy of
 * them; with `keep`, leaves them and counts the change as seen. @throws UsageError (unknown
 * exercise), CourseProblems, FileError
 */
export async function merge(
  exerciseId: string,
  { keep = false }: { keep?: boolean } = {},
  paths: Paths = resolvePaths(),
): Promise<number> {
  const { exercise } = requireExercise(await loadEveryCourse(paths), exerciseId)
  const dir = shownPath(workFolder(exercise, paths), paths.root)
  if (keep) {
    keepMine(exercise, paths)
    process.stdout.write(`${dir}/ stays as it is.\n`)
    return 0
  }
  const merged = mergeStub(exercise, paths)
  if (!merged) {
    process.stdout.write(
      `Nothing to merge: the stub has not changed since you began, or ${dir}/ has the change.\n`,
    )
    return 0
  }
  process.stdout.write(`Your files were copied to ${shownPath(merged.copy, paths.root)}/\n`)
  for (const { path, conflicts } of merged.files) {
    const left =
      conflicts === 0
        ? 'has your lines and the new ones.'
        : `has ${conflicts === 1 ? 'one place' : `${conflicts} places`} where both changed the same lines: choose between <<<<<<< and >>>>>>>.`
    process.stdout.write(`${dir}/${path} ${left}\n`)
  }
  return 0
}

/** What to know before work on an exercise whose stub has changed; null when there is nothing. */
export function stubNote(exercise: Exercise, paths: Paths = resolvePaths()): string | null {
  if (!stubChange(exercise, paths)) return null
  const commands = [
    npmRun('merge', [exercise.id], paths),
    npmRun('merge', [exercise.id, '--keep'], paths),
  ]
  return `The stub has changed since you began. ${commands[0]} takes the change into your files, after a copy; ${commands[1]} leaves them.`
}
