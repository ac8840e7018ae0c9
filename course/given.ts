import { join } from 'node:path'
import { explainFileError } from './read/file-error.ts'
import { readOrdinaryFile } from './read/read-file.ts'
import type { Exercise } from './types.ts'

/**
 * The files of `given/`: an exercise's own part of the program, by their paths in the learner's
 * folder. Throws FileError.
 */
export function readGiven({
  id,
  dir,
  given = [],
}: Pick<Exercise, 'id' | 'dir' | 'given'>): { path: string; content: Uint8Array }[] {
  return given.map((path) => {
    try {
      return { path, content: readOrdinaryFile(join(dir, 'given', path)) }
    } catch (error) {
      throw explainFileError(error, `read exercises/${id}/given/${path}`)
    }
  })
}
