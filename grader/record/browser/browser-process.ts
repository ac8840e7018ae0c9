import { spawn, type ChildProcess } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import type { ConnectionTransport } from 'puppeteer'
import { groupMembersLately } from '../program/processes/group-members.ts'
import type { BrowserProfile } from './browser-profile.ts'

export interface BrowserProcess {
  /**
   * Carries the DevTools protocol over the browser's pipe: with it gone, the browser ends, also
   * when this process is killed.
   */
  readonly transport: ConnectionTransport
  /** The last lines the browser wrote to its standard error. */
  log(): readonly string[]
  /**
   * Settles when the browser has ended: with its exit code, its signal, or the error of a start
   * that failed.
   */
  readonly ended: Promise<BrowserEnd>
  /**
   * Waits a moment for the browser to end, then kills it and all it started; then its profile is
   * removed.
   */
  end(timeoutMs: number): Promise<void>
}

export interface BrowserEnd {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly error: NodeJS.ErrnoException | null
}

const KEPT_LINES = 50
/** The last output is waited for, but not for long: somebody else may hold the pipe open. */
const LAST_OUTPUT_MS = 500

const live = new Set<{ child: ChildProcess; profile: BrowserProfile }>()

process.on('exit', () => {
  for (const { child } of live) killGroup(child)
  for (const { profile } of live) profile.removeNow()
})

/** The numbers of all processes of the browsers that run, renderers and helpers included. */
export function browserProcesses(): number[] {
  return [...live].flatMap(({ child }) =>
    child.pid === undefined ? [] : groupMembersLately(child.pid),
  )
}

/**
 * Starts a browser in a process group of its own. Never throws: a start that failed is told by
 * `ended`.
 */
export function startBrowserProcess(
  executable: string,
  flags: readonly string[],
  env: NodeJS.ProcessEnv,
  profile: BrowserProfile,
): BrowserProcess {
  const child = spawn(executable, flags, {
    env,
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'],
  })
  const ended = whenEnded(child)
  const entry = { child, profile }
  live.add(entry)
  // Without a descriptor left to make pipes of, it has none.
  const lines = child.stderr ? keepLines(child.stderr) : []
  const removed = ended.then(async () => {
    await profile.remove()
    live.delete(entry)
  })

  return {
    transport: child.stdio?.[3]
      ? pipeTransport(child.stdio[3] as Writable, child.stdio[4] as Readable)
      : NO_TRANSPORT,
    log: () => lines,
    ended,
    async end(timeoutMs) {
      const timer = setTimeout(() => killGroup(child), timeoutMs)
      await removed
      clearTimeout(timer)
    },
  }
}

const NO_TRANSPORT: ConnectionTransport = { send() {}, close() {} }

/** The protocol's messages, each ended by a zero byte. */
function pipeTransport(toBrowser: Writable, fromBrowser: Readable): ConnectionTransport {
  const transport: ConnectionTransport = {
    send: (message) => void toBrowser.write(`${message}\0`),
    close: () => void toBrowser.end(),
  }
  // A browser that has ended does not read any more; that it ended is told elsewhere.
  toBrowser.on('error', () => {})
  fromBrowser.on('error', () => {})
  let pending: Buffer[] = []
  fromBrowser.on('data', (chunk: Buffer) => {
    let start = 0
    for (let end = chunk.indexOf(0); end !== -1; end = chunk.indexOf(0, start)) {
      const message = Buffer.concat([...pending, chunk.subarray(start, end)]).toString()
      pending = []
      start = end + 1
      // One message a turn, so that what an answer resolves has run before the next event is told.
      setImmediate(() => transport.onmessage?.(message))
    }
    if (start < chunk.length) pending.push(chunk.subarray(start))
  })
  fromBrowser.on('close', () => transport.onclose?.())
  return transport
}

function whenEnded(child: ChildProcess): Promise<BrowserEnd> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: null, signal: null, error }))
    child.once('exit', (code, signal) => {
      // What the browser started may outlive it by a moment, and writes to the profile in that
      // moment.
      killGroup(child)
      const settle = () => resolve({ code, signal, error: null })
      const timer = setTimeout(settle, LAST_OUTPUT_MS)
      child.once('close', () => {
        clearTimeout(timer)
        settle()
      })
    })
  })
}

function keepLines(stream: Readable): readonly string[] {
  const lines: string[] = []
  let rest = ''
  stream.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\n')
    rest = parts.pop()!.slice(-2000)
    lines.push(...parts.filter((line) => line.trim() !== ''))
    lines.splice(0, Math.max(0, lines.length - KEPT_LINES))
  })
  stream.on('end', () => rest.trim() && lines.push(rest))
  return lines
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch {
    // It has ended.
  }
}
