import type { Request } from 'express'
import { findExercise } from '../../course/find.ts'
import type { Course, Exercise } from '../../course/types.ts'
import { notFound, PageError } from '../http/page-error.ts'

/** What the address of a learner's file names. */
export type FileParameters = { readonly id: string; readonly name: string }

/**
 * The file that an address names. Only a name the exercise itself lists is ever joined to its
 * folder. Throws PageError.
 */
export function namedFile(
  course: Course,
  { id, name }: FileParameters,
): { exercise: Exercise; name: string } {
  const exercise = findExercise(course, id)?.exercise
  if (!exercise?.files.includes(name)) throw notFound('This exercise has no such file.')
  return { exercise, name }
}

/** The text that a request sends for it. Throws PageError. */
export function textOf({ body }: Request<FileParameters>): string {
  const text: unknown = body?.text
  if (typeof text !== 'string') throw new PageError(400, 'The request has no text.')
  return text
}
