import type { ProgramExit } from '../evidence.ts'

/** Completes "Your program …" with how it came to its end. */
export function howItEnded({ signal, code }: Pick<ProgramExit, 'signal' | 'code'>): string {
  return signal ? `was ended by ${signal}` : `exited with code ${code}`
}

/** Who may have sent the signal that no fault of a program's own sends. A sentence, or nothing. */
export function whoEndedIt({ signal }: Pick<ProgramExit, 'signal'>): string {
  return signal === 'SIGKILL' ? ' The system sends SIGKILL when memory runs out.' : ''
}
