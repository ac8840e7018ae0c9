import { readdirSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rightPrograms } from '../course/right-programs.ts'
import type { Exercise, ExerciseKind } from '../course/types.ts'
import { programOf } from '../grader/program-of.ts'
import type { Program } from '../grader/record/program/learner-program.ts'
import type { Report } from '../grader/types/index.ts'
import { feedbackProblems } from './feedback.ts'
import type { Trial } from './trial.ts'
import { failureProblems, mutantProblems, solutionProblems, todoProblems } from './verdicts.ts'

/** A program to be graded, and what its verdict has to be. */
export interface Candidate {
  readonly kind: Trial['kind']
  readonly name: string
  readonly program: Program
  readonly judge: (report: Report, timed: boolean) => string[]
}

const junkFolder = join(dirname(fileURLToPath(import.meta.url)), 'junk-programs')

/**
 * Every program of an exercise. `mutants`: the folder of each mutant's program, by the diagnosis it
 * has to earn; `update`: what is told now is kept as the reviewed feedback.
 */
export function candidatesOf(
  exercise: Exercise,
  mutants: ReadonlyMap<string, string>,
  update: boolean,
): Candidate[] {
  const [entry] = exercise.files
  // Named like the learner's own copy, so that the kept words are the ones a learner reads.
  const program = (folder: string) =>
    programOf(exercise, resolve(exercise.dir, folder), `work/${exercise.id}/${entry}`)
  // Wrong words matter once the verdict is right.
  const told =
    (name: string, judge: (report: Report) => string[]) => (report: Report, timed: boolean) => {
      const wrong = judge(report)
      return wrong.length > 0
        ? wrong
        : feedbackProblems(exercise, report, { file: `feedback/${name}.txt`, timed, update })
    }
  return [
    { kind: 'solution', name: 'solution', program: program('solution'), judge: solutionProblems },
    ...rightPrograms(exercise).map((name): Candidate => ({
      kind: 'right',
      name,
      program: program(join('right', name)),
      judge: solutionProblems,
    })),
    {
      kind: 'stub',
      name: 'stub',
      program: program('stub'),
      judge: told('stub', (report) => [...failureProblems(report), ...todoProblems(exercise)]),
    },
    ...[...mutants].map(([id, folder]): Candidate => ({
      kind: 'mutant',
      name: id,
      program: program(folder),
      judge: told(id, (report) => mutantProblems(report, id)),
    })),
    ...junkPrograms(exercise.kind).map(({ dir, file }): Candidate => ({
      kind: 'junk',
      name: file.replace('.ts', ''),
      program: junk(exercise, dir, file),
      judge: failureProblems,
    })),
  ]
}

function junkPrograms(kind: ExerciseKind): { dir: string; file: string }[] {
  const dir = join(junkFolder, kind)
  return readdirSync(dir)
    .filter((name) => name.endsWith('.ts'))
    .toSorted()
    .map((file) => ({ dir, file }))
}

/**
 * It runs under the name of the learner's own file: also where that would be in another language.
 */
function junk(exercise: Exercise, dir: string, file: string): Program {
  const { cmd: _, ...inNode } = exercise
  const program = programOf(inNode, dir, `work/${exercise.id}/${exercise.files[0]}`, file)
  return program.kind === 'client' ? { ...program, standsIn: true } : program
}
