import { closeSync, constants, fstatSync, openSync, readSync, statSync, type Stats } from 'node:fs'
import { UnusableFile } from './file-error.ts'

/** Bytes that a file of a learner or of a course may have. */
export const LARGEST_FILE = 4 * 1024 ** 2

/**
 * The content of an ordinary file of at most `LARGEST_FILE` bytes; a link counts as what it leads
 * to. Never waits: to open a named pipe, or to read a device to its end, can take for ever, and
 * then this process could not even be interrupted. Throws UnusableFile, and what `node:fs` throws.
 */
export function readOrdinaryFile(path: string): Buffer {
  requireOrdinaryFile(path)
  // It may have become a pipe since: opening one would wait without O_NONBLOCK.
  const descriptor = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  try {
    requireOrdinary(fstatSync(descriptor))
    return readAll(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

/** The same as text in UTF-8. */
export function readOrdinaryText(path: string): string {
  return readOrdinaryFile(path).toString('utf8')
}

/**
 * Throws UnusableFile for what `readOrdinaryFile` would not read, and what `node:fs` throws where
 * there is nothing.
 */
export function requireOrdinaryFile(path: string): void {
  requireOrdinary(statSync(path))
}

function requireOrdinary(found: Stats): void {
  const kind = kindOf(found)
  if (kind !== null) throw new UnusableFile(`it is a ${kind}, not a file`, `that ${kind}`)
  if (found.size > LARGEST_FILE) throw tooLarge()
}

/** What something is that is not an ordinary file; null for one. */
export function kindOf(
  found: Pick<
    Stats,
    'isFile' | 'isDirectory' | 'isFIFO' | 'isSocket' | 'isBlockDevice' | 'isCharacterDevice'
  >,
): string | null {
  if (found.isFile()) return null
  if (found.isDirectory()) return 'folder'
  if (found.isFIFO()) return 'named pipe'
  if (found.isSocket()) return 'socket'
  return found.isBlockDevice() || found.isCharacterDevice() ? 'device' : 'special file'
}

/** A file may grow while it is read, and one of the system's says 0 for its size. */
function readAll(descriptor: number): Buffer {
  const pieces: Buffer[] = []
  let total = 0
  for (;;) {
    const piece = Buffer.allocUnsafe(64 * 1024)
    const count = readSync(descriptor, piece)
    if (count === 0) return Buffer.concat(pieces, total)
    total += count
    if (total > LARGEST_FILE) throw tooLarge()
    pieces.push(piece.subarray(0, count))
  }
}

function tooLarge(): UnusableFile {
  return new UnusableFile(`it is larger than ${LARGEST_FILE / 1024 ** 2} MB`, 'that file')
}
