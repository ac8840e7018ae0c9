import { release } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import type { Exercise } from '../../course/types.ts'
import { createFolderEvents } from './folder-events.ts'
import { mayBeSource, readSources, stampSources, type Sources } from './source-files.ts'

export interface FileWatchOptions {
  readonly exercise: Exercise
  /** Absolute. It may vanish and come back. */
  readonly dir: string
  /** Look at the files now and then instead of waiting for events. */
  readonly poll: boolean
  /** Called with what the files hold whenever they stand still after something happened to them. */
  readonly onSettled: (sources: Sources) => void
  /** Something about the watching itself. */
  readonly tell: (sentence: string) => void
}

export interface FileWatch {
  /** What the files hold, once they stand still. */
  settled(): Promise<Sources>
  /** For how many milliseconds nothing has happened to the files. */
  stillFor(): number
  close(): void
}

/** Two readings this far apart must give the same. */
const SETTLE_MS = 5
/**
 * An editor that truncates before it writes, or moves away before it puts back, has done so within
 * this time.
 */
const DOUBT_MS = 400
/**
 * Events get lost, and a folder that was replaced sends none: a look at sizes and times costs a few
 * stat calls.
 */
const NET_MS = 1000
const POLL_MS = 200

/**
 * Watches an exercise's files through every way in which editors save them. What is half-written or
 * gone for a moment is not told. Where events do not arrive, the files are looked at instead.
 */
export function watchFiles({ exercise, dir, poll, onSettled, tell }: FileWatchOptions): FileWatch {
  const closing = new AbortController()
  const sleep = (ms: number) => delay(ms, undefined, { signal: closing.signal }).catch(() => {})
  let polling = poll || isWindowsMount(dir)
  let lastChange = performance.now()
  let lastEvent = -Infinity
  let touches = 0
  let settling: Promise<Sources> | null = null
  let complete = true
  let looked: string | null = null
  /** Stamp and key of what was told last. */
  let told: { stamp: string; key: string } | null = null

  const events = createFolderEvents((name) => {
    lastEvent = performance.now()
    // What a program writes beside its sources is no save.
    if (name === null || mayBeSource(exercise, name)) touched()
  })
  const touched = () => {
    touches++
    lastChange = performance.now()
    settling ??= settle().finally(() => (settling = null))
  }
  const settle = async (): Promise<Sources> => {
    let now = await readSources(exercise, dir)
    for (;;) {
      const touchesBefore = touches
      await sleep(SETTLE_MS)
      const { text: stamp } = await stampSources(exercise, dir)
      const next = await readSources(exercise, dir)
      const moved = next.key !== now.key || touches !== touchesBefore
      if (next.key !== now.key) lastChange = performance.now()
      now = next
      const doubtful =
        (now.absent.length > 0 || now.someEmpty) && performance.now() - lastChange < DOUBT_MS
      if ((moved || doubtful) && !closing.signal.aborted) continue
      const saved = stamp !== told?.stamp || now.key !== told.key
      told = { stamp, key: now.key }
      complete = now.absent.length === 0
      if (saved && !closing.signal.aborted) onSettled(now)
      return now
    }
  }

  const look = async (): Promise<void> => {
    const { text, folders } = await stampSources(exercise, dir)
    if (closing.signal.aborted) return
    if (!polling && !events.follow(folders)) polling = true
    const changed = looked !== null && text !== looked
    looked = text
    told ??= { stamp: text, key: (await readSources(exercise, dir)).key }
    if (!changed) return
    touched()
    if (polling) return
    const before = performance.now() - NET_MS - POLL_MS
    // An event may be on its way, and the first one after a folder was replaced may have come
    // before it was watched.
    await sleep(POLL_MS)
    if (closing.signal.aborted || lastEvent > before || events.since > before) return
    polling = true
    events.close()
    tell('No events arrive for these files, so they are checked five times a second.')
  }
  const keepLooking = async (): Promise<void> => {
    while (!closing.signal.aborted) {
      await look()
      // What is gone is awaited.
      await sleep(polling || !complete ? POLL_MS : NET_MS)
    }
  }
  void keepLooking()

  return {
    settled: async () => settling ?? readSources(exercise, dir),
    stillFor: () => performance.now() - lastChange,
    close() {
      closing.abort()
      events.close()
    },
  }
}

/** Windows tells WSL nothing of what happens on its disks. */
function isWindowsMount(dir: string): boolean {
  return process.platform === 'linux' && /microsoft/i.test(release()) && dir.startsWith('/mnt/')
}
