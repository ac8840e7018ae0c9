import { ProgramFault } from './faults.ts'
import type { RunningProgram } from './gather/learner-program.ts'
import type { CheckResult } from './types.ts'

/** The first check of every server exercise; the grader makes it itself. */
export const startCheck = { id: 'starts', title: 'Your server starts and listens on the port it was given' }

export function startPassed(running: RunningProgram, atMs: number): CheckResult {
  const finding = {
    claim: 'the program accepts connections',
    expected: 'a server on the port in process.env.PORT',
    received: `accepts connections on ${running.host}:${running.port} after ${Math.round(running.readyMs)} ms`,
    holds: true,
  }
  return { ...startCheck, outcome: 'passed', findings: [finding], exhibits: [], reproduce: [], atMs: Math.round(atMs) }
}

/** @throws whatever is no ProgramFault: then it is not the program that failed. */
export function startFailed(error: unknown, atMs: number): CheckResult {
  if (!(error instanceof ProgramFault)) throw error
  const lines = error.lines.filter((line) => line.trim() !== '')
  return {
    ...startCheck,
    outcome: 'failed',
    findings: [{ claim: 'the program accepts connections', expected: 'a server on the port in process.env.PORT', received: 'none', holds: false }],
    exhibits: lines.length === 0 ? [] : [{ kind: 'text', title: 'What your program printed', lines: lines.map((text) => ({ text })) }],
    diagnosis: { id: error.id, say: error.message },
    reproduce: [],
    atMs: Math.round(atMs),
  }
}
