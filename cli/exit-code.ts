/**
 * What a command gives back: 0 passed or done, 1 failed, 2 wrong usage, 3 the grader or the
 * exercise erred.
 */
export type ExitCode = 0 | 1 | 2 | 3
