import { join } from 'node:path'
import { listMutants, readMutant, type MutantPlace } from './mutants.ts'
import { PatchError } from './patch-error.ts'
import type { ChangedFile } from './patch.ts'
import { readText } from '../read/course-files.ts'
import type { Exercise } from '../types.ts'

/**
 * A wrong answer of an exercise, as its author keeps it: what somebody believed, wrote and then
 * read.
 */
export interface Misconception {
  /** Id of the diagnosis it earns. */
  readonly id: string
  /** The belief, from the first line of the mutant. */
  readonly belief: string
  /** The files of the program that comes of it which differ from the solution's. */
  readonly files: readonly ChangedFile[]
  /** The check it fails, and why: from the feedback text that is kept under review. */
  readonly failed?: string
  readonly why?: string
  /** That text, as a terminal shows it. */
  readonly feedback?: string
}

/**
 * What others get wrong in an exercise, in the order of the checks it fails. Empty when an exercise
 * has no mutants; a mutant that cannot be read is left out. Throws FileError.
 */
export function misconceptionsOf(exercise: Exercise): Misconception[] {
  return listMutants(exercise)
    .flatMap((place) => misconception(exercise, place) ?? [])
    .map((each) => ({ each, place: failurePlace(each.feedback) }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ each }) => each)
}

function misconception(exercise: Exercise, place: MutantPlace): Misconception | undefined {
  try {
    const { id, misconception: belief, files } = readMutant(exercise, place)
    if (belief === '') return undefined
    return { id, belief, files, ...feedbackOf(join(exercise.dir, 'feedback', `${id}.txt`)) }
  } catch (error) {
    // The author's gate reports it; a learner reads the others.
    if (error instanceof PatchError) return undefined
    throw error
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
