import { constants } from 'node:os'
import { GraderError } from '../../../types/errors.ts'
import type { ProgramExit } from '../../../types/index.ts'
import { STATUS_FD } from './enclosure-status.ts'

/** What a program needs to see of this machine. */
export interface Needs {
  /** Its own folder, in which it may write. */
  readonly dir: string
  /** Files and folders that it may read. Not all of them need to be there. */
  readonly reads: readonly string[]
}

/**
 * Gives the line that runs a program in a box of its own: a class grades programs of people whom
 * nobody watches. What runs the line leads the program's process group, passes on its standard
 * streams and the descriptor of its status (enclosure-status.ts), and ends with its exit code, or
 * with 128 and the number of the signal that ended it.
 */
export type Enclosure = (line: readonly string[], needs: Needs) => string[]

/** The line of any other program than Node, which cannot be told to say that it begins. */
export function reportingStart(line: readonly string[]): string[] {
  return [
    '/bin/sh',
    '-c',
    `echo begun >&${STATUS_FD}; exec ${STATUS_FD}>&-; exec "$@"`,
    'sh',
    ...line,
  ]
}

/** True for an exit code that is also what an enclosure gives for a signal. */
export function maybeSignal(code: ProgramExit['code']): boolean {
  return signalOf(code) !== null
}

/**
 * How an enclosed program ended, from how what runs it did and from the code with which it said that
 * it ends itself. A command says none: one that ends itself with 143 is taken for one that SIGTERM
 * ended, as a shell does, too.
 */
export function asItEnded(
  code: ProgramExit['code'],
  signal: ProgramExit['signal'],
  said: number | null,
): Pick<ProgramExit, 'code' | 'signal'> {
  const name = signalOf(code)
  return name === null || said === code ? { code, signal } : { code: null, signal: name }
}

function signalOf(code: number | null): NodeJS.Signals | null {
  const found = Object.entries(constants.signals).find(([, number]) => 128 + number === code)
  return found ? (found[0] as NodeJS.Signals) : null
}

/** What kept an enclosure from starting its program: it ended, and the program had not begun. */
export function enclosureFault(
  { code, signal }: Pick<ProgramExit, 'code' | 'signal'>,
  printed: string,
): GraderError {
  const says = printed.trim().split('\n', 1)[0] || `It ended with ${signal ?? `exit code ${code}`}.`
  return new GraderError(
    `The program's box did not start: ${says}`,
    'Grade it again; `npm run doctor` tries the box.',
  )
}
