import type { ChildProcess } from 'node:child_process'
import { hasEnded, membersOf } from '../../../machine/proc.ts'
import { groupMembers } from './group-members.ts'

/** A process that leads a group of its own. */
export type GroupLeader = Pick<ChildProcess, 'pid'>

/**
 * Sends `signal` to a whole process group, KILL when something of it is left after `withinMs`, and
 * waits for its end. Gives true when it had to kill.
 */
export async function endGroup(
  leader: GroupLeader,
  signal: NodeJS.Signals,
  withinMs: number,
): Promise<boolean> {
  signalGroup(leader, signal)
  if (await groupGone(leader, withinMs)) return false
  signalGroup(leader, 'SIGKILL')
  await groupGone(leader, 2000)
  return true
}

export function signalGroup(leader: GroupLeader, signal: NodeJS.Signals): void {
  try {
    process.kill(-leader.pid!, signal)
  } catch {
    // Nothing left to signal.
  }
}

/**
 * Sends `signal` to what a group was started for: a shell that waits for its command passes no
 * signal on and would hide the command's exit code if it ended first.
 */
export function signalWork(leader: GroupLeader, signal: NodeJS.Signals): void {
  const [, ...started] = groupMembers(leader.pid!)
  if (started.length === 0) return signalGroup(leader, signal)
  signalAll(started, signal)
}

/** Sends `signal` to those processes that have not ended. */
export function signalAll(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal)
    } catch {
      // It has ended.
    }
  }
}

export function groupLives(leader: GroupLeader): boolean {
  try {
    process.kill(-leader.pid!, 0)
    return true
  } catch {
    return false
  }
}

/** Waits for the end of a group, `withinMs` at most. Gives true when it has come. */
export async function groupGone(leader: GroupLeader, withinMs: number): Promise<boolean> {
  const startedAt = performance.now()
  for (;;) {
    if (!groupLives(leader)) return true
    const elapsed = performance.now() - startedAt
    // An ended process stays in the table until its parent, which may be a careless process 1, has
    // taken note of it.
    if (elapsed > 40 && onlyZombies(leader.pid!)) return true
    if (elapsed > withinMs) return false
    await new Promise((resolve) => setTimeout(resolve, elapsed > 40 ? 20 : 5))
  }
}

/** False where the system does not tell. */
function onlyZombies(group: number): boolean {
  if (process.platform !== 'linux') return false
  return membersOf(group).every(({ state }) => hasEnded(state))
}
