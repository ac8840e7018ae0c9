import { readFileSync } from 'node:fs'

/**
 * For tests: true while that process runs. One that has ended and waits to be taken note of (a
 * zombie) does not.
 */
export function processLives(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch {
    return false
  }
  return process.platform !== 'linux' || !/^[ZX]/.test(stateOf(pid))
}

function stateOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return stat.slice(stat.lastIndexOf(')') + 2)
  } catch {
    return 'X'
  }
}
