/** A fault in a file that the person at the machine can fix. */
export class FileError extends Error {
  readonly remedy: string

  constructor(message: string, remedy: string, cause?: unknown) {
    super(message, { cause })
    this.name = 'FileError'
    this.remedy = remedy
  }
}

/** There is something by the name of a file that cannot be used as one. */
export class UnusableFile extends Error {
  /** What to move away, as a person would call it. */
  readonly thing: string

  /** `reason` completes "Cannot read server.ts: …". */
  constructor(reason: string, thing: string) {
    super(reason)
    this.name = 'UnusableFile'
    this.thing = thing
  }
}

/**
 * Puts an error of `node:fs` into plain words. `doing` completes "Cannot …": `write
 * work/cookies-max-age/server.ts`. Errors that are none of the file system's come back as they are.
 */
export function explainFileError(error: unknown, doing: string): unknown {
  if (error instanceof UnusableFile)
    return new FileError(
      `Cannot ${doing}: ${error.message}.`,
      `Move ${error.thing} away, then run this again.`,
      error,
    )
  const { code = '', syscall = '' } = error instanceof Error ? (error as NodeJS.ErrnoException) : {}
  if (!/^E[A-Z0-9]+$/.test(code) || OTHERS_CALLS.test(syscall)) return error
  const [message, remedy] = explain(code, doing)
  return new FileError(message, remedy, error)
}

/** Of sockets and programs. */
const OTHERS_CALLS = /^(listen|bind|connect|accept|getaddrinfo|spawn)/

function explain(code: string, doing: string): readonly [message: string, remedy: string] {
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      return [
        `Cannot ${doing}: permission denied.`,
        'Give yourself the right to read and write it, then run this again.',
      ]
    case 'EROFS':
      return [
        `Cannot ${doing}: the disk is read-only.`,
        'Make the disk writable, or set ROUNDTRIP_WORK and ROUNDTRIP_HOME to folders that are.',
      ]
    case 'ENOSPC':
    case 'EDQUOT':
      return [`Disk full: cannot ${doing}.`, 'Free some space, then run this again.']
    case 'EMFILE':
    case 'ENFILE':
      return [
        `Cannot ${doing}: too many files are open.`,
        'Raise the limit (ulimit -n 1024) or close other programs, then run this again.',
      ]
    case 'ENOMEM':
      return [
        `Cannot ${doing}: too little memory is left.`,
        'Close what takes much of it, then run this again.',
      ]
    case 'ENOENT':
      return [`Cannot ${doing}: it is not there.`, 'Put it back, then run this again.']
    case 'ENOTDIR':
    case 'EEXIST':
      return [
        `Cannot ${doing}: a file stands where a folder is needed.`,
        'Rename that file, then run this again.',
      ]
    case 'EISDIR':
      return [
        `Cannot ${doing}: there is a folder where a file is needed.`,
        'Rename that folder, then run this again.',
      ]
    default:
      return [
        `Cannot ${doing} (${code}).`,
        'Check the disk and the permissions, then run this again.',
      ]
  }
}
