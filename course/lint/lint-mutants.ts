import { npmRun } from '../command-line.ts'
import { listMutants, readMutant, type MutantPlace } from '../mutants/mutants.ts'
import { PatchError } from '../mutants/patch-error.ts'
import type { Problem } from '../problem.ts'
import type { Exercise } from '../types.ts'

/**
 * What is wrong with the mutants of an exercise before they are run: a patch that cannot be read or
 * does not apply to the solution, a misconception that is missing. Throws FileError.
 */
export function lintMutants(exercise: Exercise): Problem[] {
  return listMutants(exercise).flatMap((place) => mutantProblem(exercise, place) ?? [])
}

function mutantProblem(exercise: Exercise, place: MutantPlace): Problem | undefined {
  const [started] = exercise.files
  try {
    const { misconception } = readMutant(exercise, place)
    if (misconception !== '') return undefined
    return {
      file: `exercises/${exercise.id}/${place.path}/${started}`,
      line: 1,
      message: 'The first line does not name the misconception.',
      remedy: 'Begin with a comment: // Misconception: what somebody believes who writes this.',
    }
  } catch (error) {
    if (!(error instanceof PatchError)) throw error
    const { message, remedy, line } = error
    const write = npmRun('mutant', [exercise.id, place.id])
    return {
      file: `exercises/${exercise.id}/${place.path}`,
      line,
      message,
      remedy: `${remedy} ${write} opens it as a program and writes the patch anew.`,
    }
  }
}
