import { existsSync, statSync } from 'node:fs'
import { readOrdinaryFile } from '../read/read-file.ts'
import { writeFileAtomically } from '../files/write-file.ts'

/**
 * A learner's copy of a given file that is still as it began (`base`) becomes the exercise's new
 * one; one that was changed stays.
 */
export function refreshCopy(copy: string, base: string, content: Uint8Array): void {
  const isOld = existsSync(base) && !hasContent(base, content)
  if (!isOld || !hasContent(copy, readOrdinaryFile(base))) return
  writeFileAtomically(copy, content, { durable: true })
  writeFileAtomically(base, content, { durable: true })
}

/** What is not a file, or has another size, is not read: it may have no end. */
export function hasContent(path: string, content: Uint8Array): boolean {
  const found = statSync(path, { throwIfNoEntry: false })
  if (!found?.isFile() || found.size !== content.length) return false
  return readOrdinaryFile(path).equals(content)
}
