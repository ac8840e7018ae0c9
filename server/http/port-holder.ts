import { portHolder as processAt } from '../../grader/index.ts'

/**
 * The program that listens on a port of this machine, as one says it: "node server.js (process
 * 4711)". Undefined when that cannot be found out, as for another user's program.
 */
export async function portHolder(port: number): Promise<string | undefined> {
  const holder = await processAt(port)
  if (!holder) return undefined
  // Another program's name must not steer the terminal.
  const shown = holder.command.replace(/[\u0000-\u001f\u007f-\u009f]/g, '?')
  return `${shown.length > 60 ? `${shown.slice(0, 60)}…` : shown || 'a program'} (process ${holder.pid})`
}
