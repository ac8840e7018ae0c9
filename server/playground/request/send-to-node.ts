import { createServer, type IncomingMessage, type Server } from 'node:http'
import { connect, type AddressInfo } from 'node:net'

/** What a plain node:http server made of some bytes. */
export interface NodeAnswer {
  readonly bytes: Uint8Array
  /** The requests it called its handler for, in order. */
  readonly handled: readonly HandledRequest[]
  /** Whether it closed the connection. */
  readonly closed: boolean
}

export interface HandledRequest {
  readonly method: string
  readonly target: string
  readonly host: string | undefined
}

/**
 * An answer that came is taken to be over after so long without a byte; a server that says nothing
 * is given the longer time. In milliseconds.
 */
export interface Waiting {
  readonly quiet: number
  readonly longest: number
}

/**
 * Starts a plain node:http server on loopback for this one time, sends it the bytes over a
 * connection of their own, which stays open, and ends both. Throws when no server can be started.
 */
export async function sendToNode(
  bytes: Uint8Array,
  waiting: Waiting = { quiet: 200, longest: 1500 },
): Promise<NodeAnswer> {
  const handled: HandledRequest[] = []
  const server = createServer((request, response) => {
    handled.push({ method: request.method!, target: request.url!, host: request.headers.host })
    answer(request).then(
      (text) => response.setHeader('Content-Type', 'text/plain').end(text),
      () => {},
    )
  })
  await new Promise<void>((resolve, reject) =>
    server.once('error', reject).listen(0, '127.0.0.1', resolve),
  )
  try {
    return { ...(await exchange((server.address() as AddressInfo).port, bytes, waiting)), handled }
  } finally {
    await end(server)
  }
}

async function answer(request: IncomingMessage): Promise<string> {
  let length = 0
  for await (const chunk of request) length += (chunk as Buffer).length
  return `${request.method} ${request.url}\n${length} bytes of content\n`
}

function exchange(
  port: number,
  bytes: Uint8Array,
  { quiet, longest }: Waiting,
): Promise<Pick<NodeAnswer, 'bytes' | 'closed'>> {
  return new Promise((resolve) => {
    const received: Buffer[] = []
    // Half-closed when Node ends its side: what was sent is not taken back before everything was
    // read.
    const socket = connect({ host: '127.0.0.1', port, allowHalfOpen: true })
    const finish = (closed: boolean) => {
      clearTimeout(timer)
      socket.destroy()
      resolve({ bytes: Buffer.concat(received), closed })
    }
    let timer = setTimeout(finish, longest, false)
    const deadline = performance.now() + longest
    socket.setNoDelay(true)
    socket.on('connect', () => socket.write(bytes))
    socket.on('data', (chunk: Buffer) => {
      received.push(chunk)
      clearTimeout(timer)
      timer = setTimeout(finish, Math.min(quiet, deadline - performance.now()), false)
    })
    socket.on('end', () => finish(true))
    socket.on('error', () => finish(true))
  })
}

function end(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
