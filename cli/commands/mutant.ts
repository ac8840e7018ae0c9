import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { npmRun } from '../../course/command-line.ts'
import { committedSolution } from '../../course/mutants/committed-solution.ts'
import { openMutant, writeMutantBack } from '../../course/mutants/edit-mutant.ts'
import { PatchError } from '../../course/mutants/patch-error.ts'
import { listMutants } from '../../course/mutants/mutants.ts'
import { resolvePaths, shownPath } from '../../course/paths.ts'
import type { Exercise } from '../../course/types.ts'
import type { ExitCode } from '../exit-code.ts'
import { UsageError } from '../explain-error.ts'
import { loadOwnCourse, requireExercise } from '../options/find-exercise.ts'

/**
 * Opens a mutant as a file and writes its patch back: at once when VISUAL or EDITOR names an editor
 * and this is a terminal, else when the same command is run again. @throws UsageError, FileError
 */
export async function mutant(exerciseId: string, id: string): Promise<ExitCode> {
  const paths = resolvePaths()
  const { exercise } = requireExercise(await loadOwnCourse(), exerciseId)
  if (!/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(id))
    throw new UsageError(
      `"${id}" isn't the id of a diagnosis. Write it in small letters, digits and single hyphens: milliseconds.`,
    )
  const kept = listMutants(exercise).find((place) => place.id === id && place.form === 'folder')
  if (kept) {
    print(
      `${shownPath(join(exercise.dir, kept.path), paths.root)}/ is a folder: change its files where they are.`,
    )
    return 0
  }
  const patch = shownPath(join(exercise.dir, 'mutants', `${id}.patch`), paths.root)
  const folder = join(paths.state, 'mutants', exercise.id, id)
  if (existsSync(folder)) return writeBack(exercise, id, folder, paths.root)

  const { file, byHand } = asUsage(patch, () =>
    openMutant(exercise, id, folder, committedSolution(exercise).read),
  )
  if (byHand !== null) print(`The patch no longer applies: ${byHand}. Conflicts are marked.`)
  const editor = process.env['VISUAL'] || process.env['EDITOR']
  if (!editor || !process.stdin.isTTY || !process.stdout.isTTY) {
    print(
      `Change ${shownPath(file, paths.root)}, and run the same command again: it writes the patch.`,
    )
    return 0
  }
  const editing = spawn(`${editor} "$0"`, [file], { shell: true, stdio: 'inherit' })
  await once(editing, 'close')
  return writeBack(exercise, id, folder, paths.root)
}

function writeBack(exercise: Exercise, id: string, folder: string, root: string): ExitCode {
  const patch = shownPath(join(exercise.dir, 'mutants', `${id}.patch`), root)
  const changed = asUsage(shownPath(folder, root), () => writeMutantBack(exercise, id, folder))
  print(`${patch} was written; it changes ${changed.join(' and ')}.`)
  print(`Try it: ${npmRun('verify', [exercise.id, '--update'])}`)
  return 0
}

/** Mistakes that the author can correct in the opened files are reported with the file's place. */
function asUsage<Result>(place: string, work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof PatchError)) throw error
    throw new UsageError(`${place}: ${error.message}\n${error.remedy}`)
  }
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}
