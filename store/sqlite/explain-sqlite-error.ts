import { StoreError, type StoreErrorKind } from '../store-error.ts'

/**
 * Puts an error of SQLite into plain words. `file` is the database's path, `timeoutMs` what was
 * waited for another program. An error that the person cannot fix, a statement of ours that is
 * wrong, comes back as it is.
 */
export function explainSqliteError(error: unknown, file: string, timeoutMs: number): unknown {
  const code = primaryCode(error)
  if (code === undefined || wrongStatements.includes(code)) return error
  const [kind, message, remedy] = explain(code, file, timeoutMs, error)
  return new StoreError(kind, message, remedy, error)
}

// SQLITE_ERROR, CONSTRAINT, MISMATCH, MISUSE, RANGE
const wrongStatements: readonly number[] = [1, 19, 20, 21, 25]

/**
 * SQLite's primary result code (sqlite.org/rescode.html), or undefined for an error that is none of
 * SQLite's.
 */
export function primaryCode(error: unknown): number | undefined {
  const extended = error instanceof Error && 'errcode' in error ? error.errcode : undefined
  return typeof extended === 'number' ? extended & 0xff : undefined
}

const mayWrite =
  'Check that you may read and write it and its folder, or set ROUNDTRIP_HOME to a folder where you may.'
const anew = 'and run this again: a new one is made'

function explain(
  code: number,
  file: string,
  timeoutMs: number,
  error: unknown,
): [StoreErrorKind, string, string] {
  switch (code) {
    case 5:
    case 6:
      return [
        'busy',
        `Progress file busy: another program has held ${file} for ${timeoutMs / 1000} s.`,
        'Wait until it is finished, then run this again. Nothing was written.',
      ]
    case 8:
      return ['read-only', `The progress file is read-only: ${file}`, mayWrite]
    case 11:
      return [
        'damaged',
        `The progress file is damaged: ${file}`,
        `Put a copy of it back. Without one, rename it ${anew}.`,
      ]
    case 13:
      return [
        'disk-full',
        `Disk full: ${file} cannot grow.`,
        'Free some space, then run this again. Nothing was written.',
      ]
    case 14:
      return ['unreachable', `The progress file cannot be opened: ${file}`, mayWrite]
    case 26:
      return [
        'not-a-database',
        `This is not a progress file: ${file}`,
        `Rename it to keep it, ${anew}.`,
      ]
    default: {
      const reason = error instanceof Error ? error.message : String(error)
      return [
        'unreachable',
        `The progress file cannot be used (${reason}): ${file}`,
        'Check the disk, then run this again.',
      ]
    }
  }
}
