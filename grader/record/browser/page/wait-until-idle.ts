import { setTimeout as sleep } from 'node:timers/promises'
import { namesIn, readKernelFile, statOf } from '../../../machine/proc.ts'
import type { ProcessGroup } from '../../program/processes/process-group.ts'

/**
 * A program may have work to do after its last answer; one that is about to crash has ended by
 * then.
 */
const LONGEST_MS = 400
const BETWEEN_LOOKS_MS = 2
/** Where the system does not tell what a process does. */
const UNSEEN_MS = 40

/**
 * Settles when a program has nothing more to do at once, or has ended: two looks in a row found all
 * of it asleep. However busy the machine is, what follows an answer without a wait, a crash too,
 * has then happened.
 */
export async function waitUntilIdle(
  group: Pick<ProcessGroup, 'pid' | 'exit' | 'exited'>,
): Promise<void> {
  const startedAt = performance.now()
  for (let asleep = 0; asleep < 2;) {
    if (group.exit() !== null) return void (await group.exited)
    if (process.platform !== 'linux')
      return void (await Promise.race([sleep(UNSEEN_MS), group.exited]))
    if (performance.now() - startedAt > LONGEST_MS) return
    asleep = isAsleep(group.pid) ? asleep + 1 : 0
    if (asleep < 2) await sleep(BETWEEN_LOOKS_MS)
  }
}

/**
 * A process with its children: none of their threads runs, is about to, or has ended without its
 * parent's knowing (proc(5)).
 */
function isAsleep(pid: number): boolean {
  return namesIn(`/proc/${pid}/task`).every((thread) => {
    const { state } = statOf(`${pid}/task/${thread}`)
    return (
      (state === 'S' || state === 'I') &&
      readKernelFile(`/proc/${pid}/task/${thread}/children`)
        .split(' ')
        .every((child) => child === '' || isAsleep(Number(child)))
    )
  })
}
