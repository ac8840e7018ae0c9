export type StoreErrorKind =
  | 'busy'
  | 'read-only'
  | 'disk-full'
  | 'newer-version'
  | 'not-a-database'
  | 'damaged'
  | 'unreachable'
  | 'exists'

/** Something about what is kept that the person at the machine can mend. Nothing was written when it is thrown. */
export class StoreError extends Error {
  readonly kind: StoreErrorKind
  readonly remedy: string

  constructor(kind: StoreErrorKind, message: string, remedy: string, cause?: unknown) {
    super(message, { cause })
    this.name = 'StoreError'
    this.kind = kind
    this.remedy = remedy
  }
}

/** Puts an error of SQLite into plain words. `file` is the database's path. An error that is none of SQLite's comes back as it is. */
export function explainSqliteError(error: unknown, file: string, timeoutMs: number): unknown {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return error
  const say = (kind: StoreErrorKind, message: string, remedy: string): StoreError => new StoreError(kind, message, remedy, error)
  // The low byte is the primary result code (sqlite.org/rescode.html).
  switch (error.errcode & 0xff) {
    case 5:
    case 6:
      return say('busy', `Progress file busy: another program has held ${file} for ${timeoutMs / 1000} s.`, 'Wait until it is finished, then run this again. Nothing was written.')
    case 8:
      return say('read-only', `The progress file cannot be written: ${file} is read-only.`, 'Give yourself the right to write it and its folder, or set ROUNDTRIP_HOME to a folder you may write.')
    case 13:
      return say('disk-full', `Disk full: ${file} cannot grow.`, 'Free some space, then run this again. Nothing was written.')
    case 14:
      return say('unreachable', `The progress file cannot be opened: ${file}.`, 'Check that you may read and write it and its folder, or set ROUNDTRIP_HOME to a folder you may write.')
    case 26:
      return say('not-a-database', `${file} is not a progress file.`, 'Rename it to keep it, then run this again: a new one is made.')
    case 11:
      return say('damaged', `The progress file is damaged: ${file}.`, 'Put a copy of it back, or rename it and run this again: a new one is made.')
    default:
      return say('unreachable', `The progress file cannot be used: ${file} (${error.message}).`, 'Check the disk, then run this again.')
  }
}
