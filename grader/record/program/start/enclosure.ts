import { constants } from 'node:os'
import { GraderError } from '../../../types/errors.ts'
import type { ProgramExit } from '../../../types/index.ts'

/** What a program needs to see of this machine. */
export interface Needs {
  /** Its own folder, in which it may write. */
  readonly dir: string
  /** Files and folders that it may read. Not all of them need to be there. */
  readonly reads: readonly string[]
}

/**
 * Gives the line that runs a program in a box of its own: a class grades programs of people whom
 * nobody watches. What runs the line leads the program's process group, has its standard streams,
 * and ends with its exit code, or with 128 and the number of the signal that ended it.
 */
export type Enclosure = (line: readonly string[], needs: Needs) => string[]

/**
 * How an enclosed program ended, from how what runs it did. One that ends itself with 143 is taken
 * for one that SIGTERM ended: a shell tells the two apart as little.
 */
export function asItEnded(
  code: ProgramExit['code'],
  signal: ProgramExit['signal'],
): Pick<ProgramExit, 'code' | 'signal'> {
  const name = Object.entries(constants.signals).find(([, number]) => 128 + number === code)?.[0]
  return name === undefined ? { code, signal } : { code: null, signal: name as NodeJS.Signals }
}

/**
 * What kept an enclosure from starting its program, by what it printed; null where the program ran.
 * A program that prints the same first gets no verdict, and gains nothing by that.
 */
export function enclosureFault(printed: string): GraderError | null {
  const [says] = /^(?:bwrap|prlimit): .*/.exec(printed) ?? []
  return says === undefined
    ? null
    : new GraderError(
        `The program's box did not start: ${says}`,
        'Grade it again; `npm run doctor` tries the box.',
      )
}
