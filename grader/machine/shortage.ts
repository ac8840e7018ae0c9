import { tmpdir } from 'node:os'
import { GraderError } from '../types/errors.ts'
import { loopbackFault } from './loopback.ts'
import { NEEDED_OPEN_FILES, openFilesLimit, ownLimits, softLimit } from './limits.ts'
import { processesLeft, type ProcessesLeft } from './processes-left.ts'
import {
  findTemporaryFolderFault,
  freeSpaceOf,
  fullFolder,
  inBytes,
  type FreeSpace,
} from './temporary-folder.ts'

/** The largest files that a browser makes hold what its processes share. */
const NEEDED_FILE_BYTES = 64e6
/** Chromium reserves room for each kind of object, most of which it never uses. */
const NEEDED_ADDRESSES = 64e9
/** A browser with a page has about sixty, a program eleven. */
const NEEDED_PROCESSES = 90
const NEARLY_NOTHING = 1e6
const LOOK_EVERY_MS = 250

/**
 * What this machine lacks for a grading, as far as can be seen without one: a temporary folder with
 * room, and limits (`ulimit`) that a browser can live with.
 */
export function findShortage(
  findFault = findTemporaryFolderFault,
  readLimits = ownLimits,
  countProcesses = processesLeft,
): GraderError | null {
  return findFault() ?? findLimit(readLimits(), countProcesses)
}

/** A limit in this text of `/proc/<pid>/limits` that is too low, or nearly reached. */
export function findLimit(
  limits = ownLimits(),
  countProcesses = processesLeft,
): GraderError | null {
  const limit = (name: string) => softLimit(limits, name)
  const files = limit('Max open files')
  if (files < NEEDED_OPEN_FILES) return tooManyOpenFiles(files)
  const size = limit('Max file size')
  if (size < NEEDED_FILE_BYTES)
    return new GraderError(
      `No file may be larger than ${inBytes(size)} here (ulimit -f).`,
      `A browser needs ${inBytes(NEEDED_FILE_BYTES)}. ${raise('ulimit -f unlimited')}`,
    )
  const addresses = limit('Max address space')
  if (addresses < NEEDED_ADDRESSES)
    return new GraderError(
      `No program may use more than ${inBytes(addresses)} of memory addresses here (ulimit -v).`,
      `A browser reserves more than it uses. ${raise('ulimit -v unlimited')}`,
    )
  return tooFewProcesses(countProcesses(limits))
}

/**
 * The shortage that an error of the system speaks of, or null: ENOSPC, EMFILE, ENOMEM and their
 * like, or an address that this machine lacks; for another one, such as ENOENT, what else is wrong
 * with this machine. Its causes count as well.
 */
export function shortageOf(error: unknown): GraderError | null {
  let isSystems = false
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const { code, path, syscall } = cause as NodeJS.ErrnoException
    isSystems ||= /^E[A-Z0-9]+$/.test(String(code))
    const unreachable = loopbackFault(cause)
    if (unreachable) return unreachable
    switch (code) {
      case 'EMFILE':
      case 'ENFILE':
        return tooManyOpenFiles(openFilesLimit())
      case 'ENOSPC':
      case 'EDQUOT':
        return findTemporaryFolderFault() ?? diskFull(path)
      case 'EFBIG':
        return findLimit(ownLimits()) ?? diskFull(path)
      case 'ENOMEM':
        return new GraderError(
          'This machine has too little memory left.',
          'Close what takes much of it, and run this again.',
        )
      case 'EAGAIN':
        if (!/spawn|fork|uv_thread_create/.test(`${syscall} ${cause.message}`)) break
        return noMoreProcesses()
    }
  }
  return isSystems ? findShortage() : null
}

/** The shortage that a program died of before it ran, by what it printed, or null. */
export function shortageThatEnded(printed: string): GraderError | null {
  return /Assertion failed:.*\buv_thread_create\(|pthread_create.*Resource temporarily unavailable/.test(
    printed,
  )
    ? noMoreProcesses()
    : null
}

export interface ShortageWatch {
  /** What the machine lacked at any moment since the watch began, or lacks now. */
  found(): GraderError | null
  stop(): void
}

/**
 * Looks at the temporary folder every now and then, since what fills it may be gone at the end.
 * `onFound` is called once: a browser that cannot write may answer nothing any more.
 */
export function watchForShortage(
  onFound: (shortage: GraderError) => void,
  folder = tmpdir(),
  freeSpace: (folder: string) => FreeSpace = freeSpaceOf,
): ShortageWatch {
  let found: GraderError | null = null
  const examine = () => {
    try {
      const free = freeSpace(folder)
      const isFull = free.bytes < NEARLY_NOTHING || free.files === 0
      return isFull ? fullFolder(folder, free) : null
    } catch {
      return findTemporaryFolderFault(folder)
    }
  }
  const look = () => {
    if (found) return
    found = examine()
    if (found) onFound(found)
  }
  const timer = setInterval(look, LOOK_EVERY_MS).unref()
  return {
    found() {
      look()
      return found
    },
    stop: () => clearInterval(timer),
  }
}

function tooManyOpenFiles(limit: number): GraderError {
  const here = Number.isFinite(limit) ? `: ${limit} is the limit here (ulimit -n)` : ''
  return new GraderError(
    `Too many open files${here}.`,
    `A grading needs ${NEEDED_OPEN_FILES}. ${raise('ulimit -n 1024')}`,
  )
}

function tooFewProcesses(counted: ProcessesLeft | null): GraderError | null {
  if (!counted || counted.left >= NEEDED_PROCESSES) return null
  const { left, limit } = counted
  return new GraderError(
    `No more than ${Math.max(0, left)} further processes and threads may be started here (${limit}).`,
    `A grading needs ${NEEDED_PROCESSES}. End some, or raise the limit, and run this again.`,
  )
}

function noMoreProcesses(): GraderError {
  return new GraderError(
    'No more processes may be started here.',
    'End some, or raise the limit (ulimit -u), and run this again.',
  )
}

function diskFull(path: string | undefined): GraderError {
  return new GraderError(
    path === undefined ? 'The disk is full.' : `The disk is full: ${path}`,
    'Free some space, and run this again.',
  )
}

function raise(command: string): string {
  return `Raise the limit, in a new terminal if need be, and run this again:\n  ${command}`
}
