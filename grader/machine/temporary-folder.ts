import { count } from '../../course/count.ts'
import { accessSync, constants, statfsSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { isAbsolute, resolve } from 'node:path'
import { shellWord } from '../../course/shell-word.ts'
import { GraderError } from '../types/errors.ts'

/**
 * A grading leaves at most 5 MB in the temporary folder, and a browser that cannot write shows
 * pages wrongly.
 */
export const NEEDED_BYTES = 20e6
const NEEDED_FILES = 1000

/** What a file system has left. `files` is Infinity where it does not count them. */
export interface FreeSpace {
  readonly bytes: number
  readonly files: number
}

/**
 * What is wrong with the folder for temporary files, or null: it is not there, is not a folder, may
 * not be written, or is full. `environment` names the variable that chose it.
 */
export function findTemporaryFolderFault(
  folder = tmpdir(),
  environment: NodeJS.ProcessEnv = process.env,
  freeSpace = freeSpaceOf,
): GraderError | null {
  const variable =
    ['TMPDIR', 'TMP', 'TEMP'].find((name) => isChosenBy(environment[name], folder)) ?? 'TMPDIR'
  const another = `set ${variable} to another folder, and run this again.`
  if (!isAbsolute(folder))
    return new GraderError(
      `The temporary folder has to be a whole path; ${variable} is ${folder}.`,
      `Write it out, and run this again: ${variable}=${shellWord(resolve(folder))}`,
    )
  const kind = kindOf(folder)
  if (kind === 'missing')
    return new GraderError(
      `The temporary folder ${folder} (${variable}) is not there.`,
      `Make it, or ${another}`,
    )
  if (kind === 'other')
    return new GraderError(
      `The temporary folder ${folder} (${variable}) is not a folder.`,
      `Unset ${variable}, or ${another}`,
    )
  if (kind === 'closed')
    return new GraderError(
      `You may not write in the temporary folder ${folder} (${variable}).`,
      `Give yourself the right to, or ${another}`,
    )
  const free = freeSpace(folder)
  return free.bytes < NEEDED_BYTES || free.files < NEEDED_FILES ? fullFolder(folder, free) : null
}

/** The fault of a temporary folder that has this little left. */
export function fullFolder(folder: string, { bytes, files }: FreeSpace): GraderError {
  const left = bytes < NEEDED_BYTES ? inBytes(bytes) : `room for ${Math.max(0, files)} more files`
  return new GraderError(
    `The temporary folder ${folder} is full (${left} left).`,
    `A grading needs ${inBytes(NEEDED_BYTES)} there. Free some space, ` +
      'or set TMPDIR to a folder on another disk, and run this again.',
  )
}

export function freeSpaceOf(folder: string): FreeSpace {
  const { bavail, bsize, ffree, files } = statfsSync(folder)
  return { bytes: bavail * bsize, files: files === 0 ? Infinity : ffree }
}

/** `400 kB`, `2 MB`, `1.5 GB`. */
export function inBytes(bytes: number): string {
  if (bytes >= 1e9) return `${(bytes / 1e9).toFixed(1).replace(/\.0$/, '')} GB`
  if (bytes >= 1e6) return `${Math.floor(bytes / 1e6)} MB`
  if (bytes >= 1e3) return `${Math.floor(bytes / 1e3)} kB`
  return bytes === 0 ? 'nothing' : count(bytes, 'byte')
}

/** `os.tmpdir()` leaves a last slash out. */
function isChosenBy(value: string | undefined, folder: string): boolean {
  return value !== undefined && value !== '' && (value === folder || value === `${folder}/`)
}

function kindOf(folder: string): 'folder' | 'missing' | 'other' | 'closed' {
  try {
    if (!statSync(folder).isDirectory()) return 'other'
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK)
    return 'folder'
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return 'missing'
    return code === 'ENOTDIR' ? 'other' : 'closed'
  }
}
