import type { ProcessGroup } from '../program/processes/process-group.ts'

/**
 * Long enough for a program to do something in, short enough that no wait of a scenario is spent in
 * one pause.
 */
const TURN_MS = 60

/**
 * Makes a program slower by stopping and continuing its whole group: of each turn it runs one part
 * in `factor`. Ending the group lets it run again first, for a stopped program does not hear TERM.
 */
export function slowDown(group: ProcessGroup, factor: number): ProcessGroup {
  if (factor <= 1) return group
  const runMs = TURN_MS / factor
  let timer: NodeJS.Timeout | undefined
  let over = false
  const turn = (signal: 'SIGSTOP' | 'SIGCONT') => {
    if (over || group.exit() !== null || !tell(group.pid, signal)) return
    timer = setTimeout(
      turn,
      signal === 'SIGSTOP' ? TURN_MS - runMs : runMs,
      signal === 'SIGSTOP' ? 'SIGCONT' : 'SIGSTOP',
    )
  }
  turn('SIGCONT')
  return {
    ...group,
    async end() {
      over = true
      clearTimeout(timer)
      tell(group.pid, 'SIGCONT')
      return group.end()
    },
  }
}

function tell(pid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(-pid, signal)
    return true
  } catch {
    return false
  }
}
