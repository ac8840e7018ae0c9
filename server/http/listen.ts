import { createServer, type RequestListener, type Server } from 'node:http'
import { limitConnections, type RefusedConnections } from './limit-connections.ts'

export interface Listening {
  readonly port: number
  /** Ends every connection, streams included, and frees the port. */
  close(): Promise<void>
}

/** The port is somebody else's. */
export class PortTaken extends Error {
  readonly port: number

  constructor(port: number) {
    super(`Port ${port} is taken.`)
    this.name = 'PortTaken'
    this.port = port
  }
}

/**
 * Listens on this machine's own addresses and no other: 127.0.0.1, and ::1 where there is one,
 * because browsers try either for `localhost`. Port 0 draws a free one. Throws PortTaken when
 * either is in use. `onRefused` hears of connections beyond what the limit of open files allows.
 */
export async function listenOnLoopback(
  handler: RequestListener,
  port: number,
  onRefused?: (refused: RefusedConnections) => void,
): Promise<Listening> {
  const servers = [await listenOn('127.0.0.1', port, handler)]
  const drawn = portOf(servers[0]!)
  try {
    servers.push(await listenOn('::1', drawn, handler))
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code !== 'EADDRNOTAVAIL' && code !== 'EAFNOSUPPORT') {
      await closeServer(servers[0]!)
      throw error
    }
  }
  if (onRefused) for (const server of servers) limitConnections(server, onRefused)
  return { port: drawn, close: async () => void (await Promise.all(servers.map(closeServer))) }
}

/** Throws PortTaken when the port is in use there. */
export function listenOn(host: string, port: number, handler: RequestListener): Promise<Server> {
  const server = createServer(handler)
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' ? new PortTaken(port) : error),
    )
    server.listen({ host, port, ipv6Only: host === '::1' }, () => resolve(server))
  })
}

export function portOf(server: Server): number {
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

/** Ends its connections, streams included, and frees its port. */
export function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
