/** Something about a file that the person at the machine can mend. */
export class FileError extends Error {
  readonly remedy: string

  constructor(message: string, remedy: string, cause?: unknown) {
    super(message, { cause })
    this.name = 'FileError'
    this.remedy = remedy
  }
}

/**
 * Puts an error of `node:fs` into plain words. `doing` completes "Cannot …": `write work/cookies-max-age/server.ts`.
 * Errors that are none of the file system's come back as they are.
 */
export function explainFileError(error: unknown, doing: string): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const known = explanations[code]
  if (known) return new FileError(`${known.full ? 'Disk full: cannot' : 'Cannot'} ${doing}${known.because}.`, known.remedy, error)
  if (/^E[A-Z0-9]+$/.test(code)) {
    return new FileError(`Cannot ${doing} (${code}).`, 'Check the disk and the permissions, then run it again.', error)
  }
  return error
}

const denied = { full: false, because: ': permission denied', remedy: 'Give yourself the right to read and write it, then run it again.' }
const full = { full: true, because: '', remedy: 'Free some space, then run it again. What was there before is untouched.' }
const notAFolder = { full: false, because: ': a file stands where a folder is needed', remedy: 'Rename or move that file, then run it again.' }

const explanations: Record<string, { full: boolean, because: string, remedy: string }> = {
  EACCES: denied,
  EPERM: denied,
  EROFS: { full: false, because: ': the disk is read-only', remedy: 'Make the disk writable, or set ROUNDTRIP_WORK and ROUNDTRIP_HOME to folders that are.' },
  ENOSPC: full,
  EDQUOT: full,
  ENOENT: { full: false, because: ': it is not there', remedy: 'Put the file back, then run it again.' },
  ENOTDIR: notAFolder,
  EEXIST: notAFolder,
  EISDIR: { full: false, because: ': a folder stands where a file is needed', remedy: 'Rename or move that folder, then run it again.' },
  EMFILE: { full: false, because: ': too many files are open', remedy: 'Close other programs, then run it again.' },
}
