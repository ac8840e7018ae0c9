import { statSync } from 'node:fs'
import { createClock, type Clock } from '../../timing/clock.ts'
import type { ProcessGroup } from '../processes/process-group.ts'

/** A process that stands at the gate (hold.mjs): it has read nothing of its program yet. */
interface Waiting {
  readonly group: ProcessGroup
  /** The folder it was started in. One that was replaced by another of the same name is another. */
  readonly folder: number
  readonly setClock: (clock: Clock) => void
}

const waiting = new Map<string, Promise<Waiting | null>[]>()

/**
 * Has `count` processes wait for a program in `dir`, and none for any other, so that its start
 * later takes only what the program itself needs. `boot` starts one. Whatever goes wrong here goes
 * wrong again, and is told, when the program is started without them.
 */
export function keepWaiting(
  dir: string,
  entry: string,
  count: number,
  boot: (clock: Clock) => Promise<ProcessGroup>,
): void {
  void endWaiting((key) => key !== keyOf(dir, entry))
  const line = waiting.get(keyOf(dir, entry)) ?? []
  waiting.set(keyOf(dir, entry), line)
  while (line.length < count) {
    const folder = inode(dir)
    let clock = createClock()
    const relayed: Clock = {
      now: () => clock.now(),
      skew: () => clock.skew(),
      follow: () => clock.follow(),
    }
    line.push(
      boot(relayed).then(
        (group) => ({ group, folder, setClock: (next) => void (clock = next) }),
        () => null,
      ),
    )
  }
}

/**
 * A process that waited for this program and may still be used, or null. The caller lets it through
 * the gate, and ends it.
 */
export async function takeWaiting(
  dir: string,
  entry: string,
  clock: Clock,
): Promise<ProcessGroup | null> {
  for (
    let next = waiting.get(keyOf(dir, entry))?.shift();
    next;
    next = waiting.get(keyOf(dir, entry))?.shift()
  ) {
    const found = await next
    if (!found) continue
    if (found.group.exit() === null && found.folder === inode(dir)) {
      found.setClock(clock)
      return found.group
    }
    await found.group.end()
  }
  return null
}

/** Ends the processes that still wait, all of them or those of some programs. */
export async function endWaiting(which: (key: string) => boolean = () => true): Promise<void> {
  const ended = [...waiting].filter(([key]) => which(key))
  ended.forEach(([key]) => waiting.delete(key))
  await Promise.all(
    ended.flatMap(([, line]) => line).map(async (each) => (await each)?.group.end()),
  )
}

function keyOf(dir: string, entry: string): string {
  return `${dir}\n${entry}`
}

function inode(dir: string): number {
  return statSync(dir, { throwIfNoEntry: false })?.ino ?? 0
}
