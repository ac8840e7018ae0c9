import { join, resolve } from 'node:path'
import { rightPrograms } from '../course/right-programs.ts'
import type { Exercise } from '../course/types.ts'
import type { Checks } from '../grader/judge/run-checks.ts'
import { programOf } from '../grader/program-of.ts'
import type { Program } from '../grader/record/program/learner-program.ts'
import type { Report } from '../grader/types/index.ts'
import { accidentProblems } from './accidents.ts'
import { feedbackProblems, whatWasSaid } from './words/feedback.ts'
import { junkPrograms } from './junk.ts'
import type { Chance } from './words/placeholders.ts'
import type { Trial } from './trial.ts'
import { failureProblems, mutantProblems, solutionProblems, todoProblems } from './verdicts.ts'

/** A program to be graded, and what its verdict has to be. */
export interface Candidate {
  readonly kind: Trial['kind']
  readonly name: string
  readonly program: Program
  /** `update`: what is told now is kept as the reviewed feedback. */
  readonly judge: (report: Report, told: Told) => string[]
}

/** What the feedback of a grading depends on beside its report. */
export interface Told extends Chance {
  readonly update: boolean
}

export interface CandidateOptions {
  /** The folder of each mutant's program, by the diagnosis it has to earn. */
  readonly mutants: ReadonlyMap<string, string>
  /** Also those junk programs that one exercise of each kind proves for all. */
  readonly withOnce: boolean
  readonly checks: Checks
}

/** Every program of an exercise. */
export function candidatesOf(
  exercise: Exercise,
  { mutants, withOnce, checks }: CandidateOptions,
): Candidate[] {
  const [entry] = exercise.files
  // Named like the learner's own copy, so that the kept words are the ones a learner reads.
  const program = (folder: string) =>
    programOf(exercise, resolve(exercise.dir, folder), `work/${exercise.id}/${entry}`)
  // A wrong verdict may come once in a hundred gradings, so what it rests on is shown at once.
  const shown =
    (judge: (report: Report) => string[]): Candidate['judge'] =>
    (report, told) => {
      const wrong = judge(report)
      return wrong.length > 0 ? [...wrong, whatWasSaid(report, told)] : []
    }
  // Wrong words matter once the verdict is right.
  const reviewed =
    (name: string, judge: (report: Report) => string[]): Candidate['judge'] =>
    (report, told) => {
      const wrong = shown(judge)(report, told)
      return wrong.length > 0
        ? wrong
        : feedbackProblems(exercise, report, { file: `feedback/${name}.txt`, ...told })
    }
  const failing = (name: string) => (report: Report) => [
    ...failureProblems(report),
    ...accidentProblems(checks, report, name),
  ]
  return [
    {
      kind: 'solution',
      name: 'solution',
      program: program('solution'),
      judge: shown(solutionProblems),
    },
    ...rightPrograms(exercise).map((name): Candidate => ({
      kind: 'right',
      name,
      program: program(join('right', name)),
      judge: shown(solutionProblems),
    })),
    {
      kind: 'stub',
      name: 'stub',
      program: program('stub'),
      judge: reviewed('stub', (report) => [...failing('stub')(report), ...todoProblems(exercise)]),
    },
    ...[...mutants].map(([id, folder]): Candidate => ({
      kind: 'mutant',
      name: id,
      program: program(folder),
      judge: reviewed(id, (report) => mutantProblems(report, id)),
    })),
    ...junkPrograms(exercise.kind, withOnce).map(({ dir, file, name, isOnce }): Candidate => ({
      kind: 'junk',
      name,
      program: junk(exercise, dir, file),
      judge: isOnce ? failureProblems : failing(name),
    })),
  ]
}

/**
 * It runs under the name of the learner's own file: also where that would be in another language.
 */
function junk(exercise: Exercise, dir: string, file: string): Program {
  const { cmd: _, ...inNode } = exercise
  const program = programOf(inNode, dir, `work/${exercise.id}/${exercise.files[0]}`, file)
  return program.kind === 'client' ? { ...program, standsIn: true } : program
}
