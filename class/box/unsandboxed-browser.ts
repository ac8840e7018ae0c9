import { readdirSync, readFileSync } from 'node:fs'

/**
 * What to say of a browser in this box that runs without its own sandbox, or null. The grader starts
 * one so where the system forbids it; in a box, a stranger's page runs in it.
 */
export function unsandboxedBrowser(proc = '/proc'): string | null {
  return readdirSync(proc).some((pid) => argumentsOf(proc, pid).includes('--no-sandbox'))
    ? 'The browser did not start with its own sandbox.'
    : null
}

/** None of what is no process, or has ended meanwhile. */
function argumentsOf(proc: string, pid: string): string[] {
  try {
    return /^\d+$/.test(pid) ? readFileSync(`${proc}/${pid}/cmdline`, 'utf8').split('\0') : []
  } catch {
    return []
  }
}
