import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { createClock } from '../grader/record/timing/clock.ts'
import { createAdaptiveTimeout } from '../grader/record/timing/deadline.ts'
import {
  createFaultInjection,
  type FaultInjection,
} from '../grader/record/wire/faults/fault-injection.ts'
import { createIdSource } from '../grader/record/wire/id-source.ts'
import type { Opening } from '../grader/record/wire/opening.ts'
import { startRecordingProxy, type RecordingProxy } from '../grader/record/wire/recording-proxy.ts'
import type { Exchange } from '../grader/types/index.ts'

/** A recording proxy in front of a server of a test, with all that a scenario has of it. */
export interface WireOf {
  readonly wire: RecordingProxy
  readonly faults: FaultInjection
  readonly opening: Opening
  /** Those that were given up, in order. */
  readonly givenUp: readonly Exchange[]
  /** A connection to the proxy, and what it received. */
  client(): Promise<TestClient>
  close(): Promise<void>
}

export interface TestClient {
  readonly socket: Socket
  text(): string
  /** `end`, `ECONNRESET`, in the order in which they came. */
  readonly ends: readonly string[]
}

/** For tests: waits as long as a scenario on a quiet machine. */
export const patient = () =>
  createAdaptiveTimeout({ slowness: async () => 1, isLoaded: () => false })
/** For tests: one that was lost before, and waits a second. */
export const impatient = () => {
  const timeout = patient()
  timeout.lost()
  return timeout
}

export async function wireOf(
  server: Server | ((socket: Socket) => void),
  timeout = patient(),
): Promise<WireOf> {
  const listening =
    typeof server === 'function'
      ? createServer({ allowHalfOpen: true }, (socket) => server(socket.on('error', () => {})))
      : server
  const sockets = new Set<Socket>()
  listening.on('connection', (socket: Socket) => sockets.add(socket))
  await once(listening.listen(0, '127.0.0.1'), 'listening')
  const givenUp: Exchange[] = []
  const faults = createFaultInjection(
    (traffic) => wire.subscribe({ traffic }),
    timeout,
    (exchange) => void givenUp.push(exchange),
  )
  const { port } = listening.address() as AddressInfo
  const wire: RecordingProxy = await startRecordingProxy(
    { host: '127.0.0.1', port },
    createClock(),
    createIdSource(),
    { faults },
  )
  const open = () => connect({ port: wire.port, host: '127.0.0.1', allowHalfOpen: true })
  return {
    wire,
    faults,
    givenUp,
    opening: { wire, authority: `127.0.0.1:${wire.port}`, open: async () => open() },
    async client() {
      const socket = open()
      let text = ''
      const ends: string[] = []
      socket
        .on('data', (bytes: Buffer) => (text += bytes.toString('latin1')))
        .on('end', () => ends.push('end'))
        .on('error', ({ code }: NodeJS.ErrnoException) => ends.push(code ?? ''))
      sockets.add(socket)
      await once(socket, 'connect')
      return { socket, text: () => text, ends }
    },
    async close() {
      await wire.close()
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => listening.close(resolve))
    },
  }
}
