// Runs under the Node of roundtrip.mjs, whichever that is.
import { readFileSync } from 'node:fs'

const LOOK_EVERY_MS = 100
const STARTED_BY = 'ROUNDTRIP_STARTED_BY'

/**
 * Calls `onGone` once what started this process has gone: npm or its like, or another Node by
 * roundtrip.mjs. npm passes SIGTERM to its shell only, which ends, and nobody hears of it. What a
 * person's own shell started (`nohup … &`) outlives that shell.
 */
export function whenParentGone(onGone) {
  if (!isScript(process.env) && process.env[STARTED_BY] !== String(process.ppid)) return
  const before = ancestors()
  const looking = setInterval(() => {
    if (ancestors() === before) return
    clearInterval(looking)
    onGone()
  }, LOOK_EVERY_MS)
  looking.unref()
}

/** The environment of a process that is to end with this one. */
export function endsWithThisProcess() {
  return { ...process.env, [STARTED_BY]: String(process.pid) }
}

/** An environment is inherited further: the script that runs has to be this program. */
function isScript({ npm_lifecycle_event: event, npm_lifecycle_script: script }) {
  return event !== undefined && (script === undefined || script.includes('roundtrip'))
}

/** The parent, and where that is npm's shell, npm too: killed, it leaves its shell waiting. */
function ancestors() {
  const parent = process.ppid
  const { name, parent: next } = statOf(parent)
  return SHELLS.has(name) ? `${parent} ${next}` : `${parent}`
}

const SHELLS = new Set(['sh', 'dash', 'bash', 'ash', 'ksh', 'zsh', 'busybox'])

/** Nothing where the system does not tell it in a file. */
function statOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    // The name stands in parentheses and may hold any character (proc_pid_stat(5)).
    const end = stat.lastIndexOf(')')
    return {
      name: stat.slice(stat.indexOf('(') + 1, end),
      parent: stat.slice(end + 2).split(' ')[1],
    }
  } catch {
    return {}
  }
}
