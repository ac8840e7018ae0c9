import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { npmRun } from '../course/command-line.ts'
import { lintMutants } from '../course/lint/lint-mutants.ts'
import { carryOver } from '../course/mutants/carry-over.ts'
import { committedSolution } from '../course/mutants/committed-solution.ts'
import { openMutantPrograms } from '../course/mutants/mutant-programs.ts'
import { listMutants, solutionText } from '../course/mutants/mutants.ts'
import { PatchError } from '../course/mutants/patch-error.ts'
import { readMutantPatch } from '../course/mutants/patch-file.ts'
import { FileError } from '../course/read/file-error.ts'
import type { Exercise } from '../course/types.ts'

/** The mutants of an exercise that can be run. */
export interface RunnableMutants {
  /** The folder of each program, by the diagnosis it has to earn. */
  readonly folders: ReadonlyMap<string, string>
  /** Removes what was made of them. */
  remove(): void
}

/** Makes programs of the mutants that can be read; mutantFileProblems() names the others. */
export function prepareMutants(exercise: Exercise): RunnableMutants {
  const programs = openMutantPrograms(exercise)
  const folders = new Map<string, string>()
  try {
    for (const place of listMutants(exercise)) {
      try {
        folders.set(place.id, programs.folderOf(place))
      } catch (error) {
        if (!(error instanceof PatchError)) throw error
      }
    }
  } catch (error) {
    programs.remove()
    throw error
  }
  return { folders, remove: () => programs.remove() }
}

/** What is wrong with the files of the mutants, each with its file and the remedy. */
export function mutantFileProblems(exercise: Exercise): string[] {
  return lintMutants(exercise).map(({ file, line, message, remedy }) =>
    [`${file.replace(`exercises/${exercise.id}/`, '')}:${line} ${message}`, remedy].join('\n'),
  )
}

/**
 * Carries the patches over to a solution that has changed, and writes those that it could. Gives a
 * sentence for each that was written, and one for each that needs a hand.
 */
export function carryPatchesOver(exercise: Exercise): string[] {
  const now = (path: string) => solutionText(exercise, path)
  const committed = committedSolution(exercise)
  const said: string[] = []
  let byHand = 0
  for (const place of listMutants(exercise)) {
    if (place.form === 'folder') continue
    const patch = tryRead(exercise, place.path)
    if (patch === undefined) continue
    const result = carryOver(patch, now, committed.read)
    if (result.outcome === 'carried') {
      writeFileSync(join(exercise.dir, place.path), result.text)
      said.push(`${place.path} was carried over to the solution; read what it changes now`)
    } else if (result.outcome === 'by-hand') {
      byHand++
      const open = npmRun('mutant', [exercise.id, place.id])
      said.push(`${place.path} needs a hand: ${result.why}; ${open} opens it`)
    }
  }
  const missing = byHand > 0 ? committed.whyMissing() : undefined
  if (missing !== undefined)
    said.push(
      `patches are carried over from the solution of the last commit, and ${missing}: only what applied as it is was taken`,
    )
  return said
}

/** Undefined for one that the verification refuses. */
function tryRead(exercise: Exercise, path: string) {
  try {
    return readMutantPatch(join(exercise.dir, path))
  } catch (error) {
    if (error instanceof PatchError || error instanceof FileError) return undefined
    throw error
  }
}
