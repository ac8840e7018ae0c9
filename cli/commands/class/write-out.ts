import { existsSync, lstatSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { explainFileError } from '../../../course/read/file-error.ts'
import { UsageError } from '../../explain-error.ts'
import { invocationDirectory } from '../../options/invocation-directory.ts'

/** Where a command writes its document. */
export interface Out {
  write(content: string | Uint8Array): void
}

/**
 * Standard output, or the file of `--out`, which only its owner may read: names and codes of people
 * are in it. A file that is there is left alone.
 * @throws UsageError; `write` throws FileError
 */
export function openOut(file: string | undefined): Out {
  if (file === undefined) return { write: (content) => void process.stdout.write(content) }
  const path = resolve(invocationDirectory(), file)
  if (isThere(path))
    throw new UsageError(`${file} is there already. Name another file, or remove it first.`)
  return {
    write(content) {
      try {
        writeFileSync(path, content, { mode: 0o600, flag: 'wx' })
      } catch (error) {
        throw explainFileError(error, `write ${file}`)
      }
    },
  }
}

/** A link that leads nowhere is there, too. */
function isThere(path: string): boolean {
  return existsSync(path) || lstatSync(path, { throwIfNoEntry: false }) !== undefined
}
