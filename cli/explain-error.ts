import { damagedPackages } from '../grader/machine/damaged-packages.ts'
import { shortageOf } from '../grader/machine/shortage.ts'
import { signalExitCode, type EndingSignal, type ExitCode } from './exit-code.ts'

/** The command was used in a way that cannot work. Exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** The person has to fix something on this machine first. Exit code 3. */
export class MachineError extends Error {
  override readonly name = 'MachineError'
  readonly remedy: string

  constructor(message: string, remedy: string) {
    super(message)
    this.remedy = remedy
  }
}

/**
 * The person pressed Ctrl-C, or something asked this process to end. Exit code 128 and the signal's
 * number.
 */
export class Interrupted extends Error {
  override readonly name = 'Interrupted'
  readonly signal: EndingSignal

  constructor(signal: EndingSignal, message = 'Stopped. Nothing was left running.') {
    super(message)
    this.signal = signal
  }
}

/**
 * An error as a person reads it. A stack trace of ours is shown only when asked for:
 * `ROUNDTRIP_DEBUG=1`.
 */
export function explainError(error: unknown): { message: string; exitCode: ExitCode } {
  if (error instanceof UsageError) return { message: error.message, exitCode: 2 }
  if (error instanceof Interrupted)
    return { message: error.message, exitCode: signalExitCode(error.signal) }
  if (!(error instanceof Error)) return { message: String(error), exitCode: 3 }
  const remedy = 'remedy' in error && typeof error.remedy === 'string' ? error.remedy : undefined
  const debug = process.env['ROUNDTRIP_DEBUG'] ? `\n\n${error.stack}` : ''
  if (remedy !== undefined)
    return {
      message: `${error.message}${remedy === '' ? '' : `\n${remedy}`}${debug}`,
      exitCode: isLearnersFile(error) ? 2 : 3,
    }
  const fault = damagedPackages(error) ?? shortageOf(error)
  if (fault) return { message: `${fault.message}\n${fault.remedy}${debug}`, exitCode: 3 }
  if (error.name === 'CourseProblems') return { message: error.message + debug, exitCode: 3 }
  return {
    message: `Roundtrip failed: ${error.message}\nThis is a fault of ours. Set ROUNDTRIP_DEBUG=1 and run it again to see where.${debug}`,
    exitCode: 3,
  }
}

/** A file that is not there or cannot be read is wrong usage, unless this machine is at fault. */
function isLearnersFile({ name, cause }: Error): boolean {
  const { code = '' } = (cause ?? {}) as NodeJS.ErrnoException
  return name === 'FileError' && !MACHINES.includes(code)
}

const MACHINES = ['EMFILE', 'ENFILE', 'ENOMEM', 'ENOSPC', 'EDQUOT', 'EIO']
