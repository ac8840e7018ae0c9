import { explainFileError } from '../read/file-error.ts'
import { readOrdinaryFile } from '../read/read-file.ts'
import { parseMutantPatch, type MutantPatch } from './patch.ts'

/** Reads the patch in a file. Throws FileError. @throws PatchError */
export function readMutantPatch(path: string): MutantPatch {
  let content: Uint8Array
  try {
    content = readOrdinaryFile(path)
  } catch (error) {
    throw explainFileError(error, `read ${path}`)
  }
  return parseMutantPatch(content)
}
