import { join } from 'node:path'
import { listFolder, readText } from './read/course-files.ts'
import type { Exercise } from './types.ts'

/**
 * A wrong answer of an exercise, as its author keeps it: what somebody believed, wrote and then
 * read.
 */
export interface Misconception {
  /** Id of the diagnosis it earns. */
  readonly id: string
  /** The belief, from the first line of the mutant's program. */
  readonly belief: string
  /** The program that comes of it: the file that is started. */
  readonly program: string
  /** The check it fails, and why: from the feedback text that is kept under review. */
  readonly failed?: string
  readonly why?: string
  /** That text, as a terminal shows it. */
  readonly feedback?: string
}

/**
 * What others get wrong in an exercise, in the order of the checks it fails. Empty when an exercise
 * has no mutants. Throws FileError.
 */
export function misconceptionsOf(exercise: Exercise): Misconception[] {
  return listFolder(join(exercise.dir, 'mutants'))
    .folders.flatMap((id) => misconception(exercise, id) ?? [])
    .map((each) => ({ each, place: failurePlace(each.feedback) }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ each }) => each)
}

function misconception(exercise: Exercise, id: string): Misconception | undefined {
  const program = readText(join(exercise.dir, 'mutants', id, exercise.files[0]))
  const belief = /^(?:\/\/|#) Misconception: (.+)/.exec(program ?? '')?.[1]
  if (program === undefined || belief === undefined) return undefined
  return {
    id,
    belief,
    program: program.slice(program.indexOf('\n') + 1),
    ...feedbackOf(join(exercise.dir, 'feedback', `${id}.txt`)),
  }
}

function feedbackOf(file: string): Pick<Misconception, 'failed' | 'why' | 'feedback'> {
  const feedback = readText(file)
  if (feedback === undefined) return {}
  const failed = /^ {2}✗ (.+)$/m.exec(feedback)?.[1]
  // The paragraph goes on in lines that begin under its first word.
  const why = /^ {6}Why {6}(.+(?:\n {15}.+)*)/m.exec(feedback)?.[1]?.replace(/\n +/g, ' ')
  return {
    feedback,
    ...(failed !== undefined && { failed: failed.trim() }),
    ...(why !== undefined && { why }),
  }
}

/** How many checks stand before the first that failed. */
function failurePlace(feedback: string | undefined): number {
  const marks = [...(feedback ?? '').matchAll(/^ {2}([✓✗–])/gm)].map(([, mark]) => mark)
  const place = marks.indexOf('✗')
  return place < 0 ? marks.length + 1000 : place
}
