import { spawn, type ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import type { Readable, Writable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { LIMITS } from './limits.ts'

/** The user who runs boxes, where that is not the one who runs this. */
export interface BoxUser {
  readonly name: string
  readonly uid: number
  readonly gid: number
}

/** A box that runs. */
export interface BoxProcess {
  /** Ends it with all that is in it. */
  kill(): void
  /** Settles when nothing of it is left, with what became of it. */
  readonly over: Promise<BoxEnd>
}

export interface BoxEnd {
  readonly code: number | null
  /** False where bubblewrap could not even begin. */
  readonly begun: boolean
  /** The end of what it wrote to its standard error. */
  readonly complaint: string
}

const KEPT_COMPLAINT = 4000
const GONE_WITHIN_MS = 5000

export interface BoxStart {
  readonly line: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly user: BoxUser | null
  readonly input: string
  /** Called with each line of its output, as long as it keeps to its limits. */
  readonly onLine: (line: string) => void
  /** Called once, when it does not. */
  readonly onFlood: () => void
}

/**
 * Starts a box. Nothing of this process's environment goes in, and only what it writes to its
 * standard output comes out.
 */
export function startBox({ line, env, user, input, onLine, onFlood }: BoxStart): BoxProcess {
  const [command, ...args] = line as [string, ...string[]]
  const child = spawn(command, args, {
    env,
    cwd: '/',
    // A Ctrl-C in the worker's terminal is the worker's to answer.
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    ...(user && { uid: user.uid, gid: user.gid }),
  })
  const kill = () => killGroup(child)
  const ended = new Promise<{ code: number | null; error?: Error }>((resolve) => {
    child.once('error', (error) => resolve({ code: null, error }))
    child.once('close', (code) => resolve({ code }))
  })
  const [stdin, stdout, stderr, info] = (child.stdio ?? []) as unknown as [Writable?, ...Readable[]]
  // Without a descriptor left to make pipes of, it has none.
  if (!stdin || !stdout || !stderr || !info)
    return { kill, over: ended.then(({ error }) => neverBegun(error)) }

  process.once('exit', kill)
  const told = keepText(info, KEPT_COMPLAINT)
  const complaint = keepText(stderr, KEPT_COMPLAINT)
  readLines(stdout, { onLine, onFlood })
  // A box that has ended reads no more.
  stdin.on('error', () => {})
  stdin.end(input)
  const over = ended.then(async ({ code, error }) => {
    process.off('exit', kill)
    if (error) return neverBegun(error)
    const first = firstProcess(told())
    if (first !== null) await gone(first)
    return { code, begun: first !== null, complaint: complaint().trim() }
  })
  return { kill, over }
}

function neverBegun(error: Error | undefined): BoxEnd {
  return { code: null, begun: false, complaint: error?.message ?? '' }
}

function killGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL')
  } catch {
    // It has ended.
  }
}

/** Keeps the end of what comes, and lets the rest go. */
function keepText(stream: Readable, most: number): () => string {
  let kept = ''
  stream.setEncoding('utf8').on('data', (text: string) => void (kept = (kept + text).slice(-most)))
  stream.on('error', () => {})
  return () => kept
}

/** The first process of the box, as bubblewrap tells it, by its number outside. */
function firstProcess(info: string): number | null {
  const found = /"child-pid": (\d+)/.exec(info)
  return found && Number(found[1])
}

/** When the first process of its process namespace is gone, every other was ended before it. */
async function gone(pid: number): Promise<void> {
  const until = performance.now() + GONE_WITHIN_MS
  while (performance.now() < until && isThere(pid)) await sleep(2)
}

function isThere(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat[stat.lastIndexOf(')') + 2] !== 'Z'
  } catch {
    return false
  }
}

function readLines(
  stream: Readable,
  { onLine, onFlood }: Pick<BoxStart, 'onLine' | 'onFlood'>,
): void {
  let pending: Buffer[] = []
  let pendingBytes = 0
  let bytes = 0
  let isOver = false
  stream.on('error', () => {})
  stream.on('data', (chunk: Buffer) => {
    if (isOver) return
    bytes += chunk.length
    let start = 0
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
      const piece = chunk.subarray(start, end)
      if (pendingBytes + piece.length > LIMITS.lineBytes) break
      onLine(Buffer.concat([...pending, piece]).toString('utf8'))
      pending = []
      pendingBytes = 0
      start = end + 1
    }
    pending.push(chunk.subarray(start))
    pendingBytes += chunk.length - start
    if (pendingBytes <= LIMITS.lineBytes && bytes <= LIMITS.outputBytes) return
    isOver = true
    pending = []
    onFlood()
  })
}
