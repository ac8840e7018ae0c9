import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Slots } from '../../class/worker/slots.ts'

export const POINTS = [
  'before the claim',
  'mid-grade',
  'between insert and COMMIT',
  'after the COMMIT',
] as const

export interface StubWorkerOptions {
  readonly url: string
  readonly slots: Slots
  readonly gradeMs: number
  /** Where it kills itself, and at which time that it comes there, from 1. */
  readonly fate: { readonly point: (typeof POINTS)[number]; readonly occasion: number } | null
  /** The exercise of which a program kills every worker. */
  readonly poison?: string
}

export interface StubWorker {
  readonly child: ChildProcess
  /** What it said. */
  readonly said: readonly string[]
  readonly ended: Promise<NodeJS.Signals | number | null>
  /** Settles when it claims jobs, or has ended. */
  readonly ready: Promise<void>
}

/** For tests: starts `stub-worker.ts`. */
export function startStubWorker(options: StubWorkerOptions): StubWorker {
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, 'stub-worker.ts'), JSON.stringify(options)],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const said: string[] = []
  const { promise: ready, resolve } = Promise.withResolvers<void>()
  createInterface({ input: child.stdout! }).on('line', (line) => {
    said.push(line)
    if (line === 'ready') resolve()
  })
  const ended = once(child, 'exit').then(([code, signal]) => {
    resolve()
    return (signal ?? code) as NodeJS.Signals | number | null
  })
  return { child, said, ended, ready }
}
