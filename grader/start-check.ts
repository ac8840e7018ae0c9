import type { ExerciseKind } from '../course/types.ts'
import { StartupError } from './types/errors.ts'
import type { RunningProgram } from './record/program/learner-program.ts'
import type { CheckResult } from './types/index.ts'

const WORDS = {
  server: {
    title: 'Your server starts and listens on the port it was given',
    claim: 'the program accepts connections',
    expected: 'a server on the port in process.env.PORT',
    received: 'none',
  },
  client: {
    title: 'Your file loads',
    claim: 'the file loads',
    expected: 'a file that can be imported',
    received: 'one that cannot',
  },
  page: {
    title: 'Your script can be read',
    claim: 'the script can be read',
    expected: 'TypeScript whose types can be left out',
    received: 'something else',
  },
}

export const START_ID = 'starts'

/** The first check of every exercise of that kind; the grader makes it itself. */
export function startCheck(kind: ExerciseKind): { id: string; title: string } {
  return { id: START_ID, title: WORDS[kind].title }
}

export function startPassed(
  kind: ExerciseKind,
  running: RunningProgram,
  atMs: number,
): CheckResult {
  const { claim, expected } = WORDS[kind]
  const after = `after ${Math.round(running.readyMs)} ms`
  const received =
    kind === 'server'
      ? `accepts connections on ${running.host}:${running.port} ${after}`
      : `${kind === 'client' ? 'loaded' : 'read'} ${after}`
  return {
    ...startCheck(kind),
    outcome: 'passed',
    findings: [{ claim, expected, received, holds: true }],
    exhibits: [],
    reproduce: [],
    atMs: Math.round(atMs),
  }
}

/**
 * `url`: where a server was said to run already. @throws whatever is no StartupError: then it is
 * not the program that failed.
 */
export function startFailed(
  kind: ExerciseKind,
  error: unknown,
  atMs: number,
  url?: string,
): CheckResult {
  const { claim, ...finding } = WORDS[kind]
  if (!(error instanceof StartupError)) throw error
  const lines = error.lines.filter((line) => line.trim() !== '')
  return {
    ...startCheck(kind),
    outcome: 'failed',
    findings: [
      {
        claim,
        ...finding,
        ...(url !== undefined && { expected: `a server at ${url}` }),
        ...error.finding,
        holds: false,
      },
    ],
    exhibits:
      lines.length === 0
        ? []
        : [
            {
              kind: 'text',
              title: kind === 'page' ? 'Where it cannot be read' : 'What your program printed',
              lines: lines.map((text) => ({ text })),
            },
          ],
    diagnosis: { id: error.id, say: error.message },
    reproduce: [],
    atMs: Math.round(atMs),
  }
}
