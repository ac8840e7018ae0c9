/** What asks a command to end: Ctrl-C, `kill` and its like, a terminal that was closed. */
export const ENDING_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

export type EndingSignal = (typeof ENDING_SIGNALS)[number]

/**
 * What a command gives back: 0 passed or done, 1 failed, 2 wrong usage, 3 the grader or the
 * exercise erred; 129, 130 or 143 a signal ended it.
 */
export type ExitCode = 0 | 1 | 2 | 3 | SignalExitCode

type SignalExitCode = 129 | 130 | 143

/**
 * The exit code of a command that a signal ended: 128 and the signal's number, as a shell gives it
 * (POSIX.1-2024, Shell Command Language, 2.8.2, asks for more than 128).
 */
export function signalExitCode(signal: EndingSignal): SignalExitCode {
  return CODES[signal]
}

const CODES = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const
