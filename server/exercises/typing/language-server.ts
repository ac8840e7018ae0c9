import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** A language server that was started: a process of its own, spoken to over its pipes. */
export interface LanguageServer {
  /** Sends a request and gives its result. Rejects when the server answers an error, or has ended. */
  request(method: string, params: unknown): Promise<unknown>
  notify(method: string, params: unknown): void
  /** Settles when the process has ended, however that came. */
  readonly ended: Promise<void>
  /** Ends the process. */
  close(): Promise<void>
}

/** TypeScript as it is installed. */
export interface TypeScript {
  /** The program that is also its language server. */
  readonly program: string
  /** The folder of the packages it is among. */
  readonly packages: string
}

/** TypeScript, or undefined where it isn't installed (`npm ci --omit=dev`). */
export function findTypeScript(): TypeScript | undefined {
  try {
    const typescript = createRequire(import.meta.url).resolve('typescript/package.json')
    const native = createRequire(typescript).resolve(
      `@typescript/typescript-${process.platform}-${process.arch}/package.json`,
    )
    const program = join(dirname(native), 'lib', 'tsc')
    return existsSync(program) ? { program, packages: dirname(dirname(typescript)) } : undefined
  } catch {
    return undefined
  }
}

/**
 * Starts a language server and initialises it. It ends with this process, because its input ends
 * then. Messages are as the base protocol has them (Language Server Protocol 3.17).
 */
export async function startLanguageServer(
  program: string,
  workspace: string,
): Promise<LanguageServer> {
  const child = spawn(program, ['--lsp', '--stdio'], {
    cwd: workspace,
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  const waiting = new Map<number, PromiseWithResolvers<unknown>>()
  const { promise: ended, resolve: end } = Promise.withResolvers<void>()
  const over = () => {
    for (const { reject } of waiting.values()) reject(new Error('The language server has ended.'))
    waiting.clear()
    end()
  }
  child.once('error', over).once('close', over)
  // A write to a process that has just ended: `close` tells.
  child.stdin.on('error', () => {})

  const send = (message: object) => {
    const text = JSON.stringify({ jsonrpc: '2.0', ...message })
    child.stdin.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`)
  }
  const receive = ({ id, method, params, result, error }: Incoming) => {
    if (method !== undefined)
      return id === undefined ? undefined : send({ id, result: answerTo(method, params) })
    const asked = waiting.get(Number(id))
    waiting.delete(Number(id))
    if (error) asked?.reject(new Error(error.message))
    else asked?.resolve(result)
  }
  child.stdout.on('data', messageReader(receive))

  let last = 0
  const server: LanguageServer = {
    ended,
    request(method, params) {
      const id = ++last
      const answer = Promise.withResolvers<unknown>()
      if (child.exitCode !== null || child.signalCode !== null)
        answer.reject(new Error('The language server has ended.'))
      else {
        waiting.set(id, answer)
        send({ id, method, params })
      }
      return answer.promise
    },
    notify: (method, params) => send({ method, params }),
    async close() {
      child.kill('SIGKILL')
      await ended
    },
  }
  await server.request('initialize', {
    processId: process.pid,
    rootUri: null,
    capabilities: { textDocument: { diagnostic: {}, completion: { completionItem: {} } } },
  })
  server.notify('initialized', {})
  return server
}

interface Incoming {
  readonly id?: number | string
  readonly method?: string
  readonly params?: unknown
  readonly result?: unknown
  readonly error?: { readonly message: string }
}

/** It asks for settings, and nobody has set any; it registers what nobody uses. */
function answerTo(method: string, params: unknown): unknown {
  const { items } = (params ?? {}) as { items?: readonly unknown[] }
  return method === 'workspace/configuration' ? (items ?? []).map(() => null) : null
}

/** Cuts what comes in pieces into messages: `Content-Length`, an empty line, so many bytes. */
function messageReader(receive: (message: Incoming) => void): (piece: Buffer) => void {
  let pending = Buffer.alloc(0)
  return (piece) => {
    pending = Buffer.concat([pending, piece])
    for (;;) {
      const headEnd = pending.indexOf('\r\n\r\n')
      if (headEnd < 0) return
      const head = pending.subarray(0, headEnd).toString('latin1')
      const start = headEnd + 4
      const end = start + Number(/Content-Length: (\d+)/i.exec(head)?.[1] ?? 0)
      if (pending.length < end) return
      const text = pending.subarray(start, end).toString('utf8')
      pending = pending.subarray(end)
      receive(JSON.parse(text) as Incoming)
    }
  }
}
