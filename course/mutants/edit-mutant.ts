import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { listFilesBelow, readText } from '../read/course-files.ts'
import type { Exercise } from '../types.ts'
import { writeFileAtomically } from '../files/write-file.ts'
import { carryOver, type ReadFile } from './carry-over.ts'
import { splitMisconception, withMisconception } from './misconception-line.ts'
import { solutionText } from './mutants.ts'
import { PatchError } from './patch-error.ts'
import { readMutantPatch } from './patch-file.ts'
import { applyMutantPatch, formatMutantPatch, parseMutantPatch } from './patch.ts'

type Edited = Pick<Exercise, 'id' | 'dir' | 'files'>

/** What stands for the misconception of a new mutant until its author writes it. */
const TO_WRITE = 'TODO: what somebody believes who writes this.'
const CONFLICT = /^(?:<{7}|>{7})(?: |$)/m

/** A mutant that is open as files. */
export interface OpenedMutant {
  /** The file that is started, with the misconception as its first line. */
  readonly file: string
  /** Why the patch did not apply and the files need a hand; null where it did. */
  readonly byHand: string | null
}

/**
 * Writes the whole program of a mutant into `folder`, for its author to change. A new one begins as
 * the solution; one whose patch no longer applies is merged as far as it goes, with conflicts
 * marked. `committed` gives the solution of the last commit. Throws FileError. @throws PatchError
 */
export function openMutant(
  exercise: Edited,
  id: string,
  folder: string,
  committed: ReadFile,
): OpenedMutant {
  const path = join(exercise.dir, 'mutants', `${id}.patch`)
  const now: ReadFile = (file) => solutionText(exercise, file)
  const patch = existsSync(path) ? readMutantPatch(path) : undefined
  const carried = patch && carryOver(patch, now, committed)
  const files =
    carried === undefined
      ? []
      : carried.outcome === 'by-hand'
        ? carried.files
        : applyMutantPatch(
            carried.outcome === 'carried' ? parseMutantPatch(carried.text) : patch!,
            now,
          )
  cpSync(join(exercise.dir, 'solution'), folder, { recursive: true })
  for (const { path: file, mutant } of files) writeFileSync(join(folder, file), mutant)
  const [started] = exercise.files
  const file = join(folder, started)
  const text = readText(file) ?? ''
  writeFileSync(file, withMisconception(started, patch?.misconception ?? TO_WRITE, text))
  return { file, byHand: carried?.outcome === 'by-hand' ? carried.why : null }
}

/**
 * Writes the patch of a mutant that is open in `folder`, and removes that folder. Returns the names
 * of the files that differ. Throws FileError. @throws PatchError; then everything is left as it is.
 */
export function writeMutantBack(exercise: Edited, id: string, folder: string): string[] {
  const [started] = exercise.files
  let misconception: string | undefined
  const files = listFilesBelow(folder).map((path) => {
    const text = readText(join(folder, path)) ?? ''
    const split = path === started ? splitMisconception(text) : { misconception, text }
    misconception = split.misconception
    return { path, solution: solutionText(exercise, path), mutant: split.text }
  })
  const place = `${exercise.id}/mutants/${id}`
  if (misconception === undefined || misconception === '' || misconception === TO_WRITE)
    throw new PatchError(
      `The first line of ${started} does not name the misconception.`,
      1,
      `Begin the file with one line: ${withMisconception(started, 'what somebody believes who writes this.', '').trim()}`,
    )
  const marked = files.find(({ mutant }) => CONFLICT.test(mutant))
  if (marked)
    throw new PatchError(
      `${marked.path} still has a conflict marked in it.`,
      marked.mutant.slice(0, CONFLICT.exec(marked.mutant)!.index).split('\n').length + 1,
      'Decide for one side, and remove the lines that begin with <<<<<<<, ======= and >>>>>>>.',
    )
  const added = files.find(({ solution }) => solution === undefined)
  if (added)
    throw new PatchError(
      `The solution has no file ${added.path}.`,
      1,
      'Remove it: a patch changes files of the solution; it neither adds nor removes one.',
    )
  const text = formatMutantPatch(
    misconception,
    files.map(({ path, solution, mutant }) => ({ path, solution: solution!, mutant })),
  )
  const changed = applyMutantPatch(parseMutantPatch(text), (path) => solutionText(exercise, path))
  mkdirSync(join(exercise.dir, 'mutants'), { recursive: true })
  writeFileAtomically(join(exercise.dir, `${place.slice(exercise.id.length + 1)}.patch`), text)
  rmSync(folder, { recursive: true })
  return changed.map(({ path }) => path)
}
