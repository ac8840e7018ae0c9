import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** A way to a server that a test can cut. */
export interface CutOff {
  /** The server's address, by this way. */
  readonly url: string
  /** Ends every connection, and refuses further ones. */
  cut(): Promise<void>
  restore(): Promise<void>
}

/** For tests: passes on to the server of `url`, on 127.0.0.1, until it is cut. */
export async function openCutOff(url: string): Promise<CutOff> {
  const target = new URL(url)
  const sockets = new Set<Socket>()
  const keep = (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket))
  }
  const server = createServer((near) => {
    const far = connect(Number(target.port), target.hostname)
    for (const socket of [near, far]) keep(socket)
    near.pipe(far).pipe(near)
    near.on('close', () => far.destroy())
    far.on('close', () => near.destroy())
  })
  const listen = (port: number) =>
    new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  await listen(0)
  const { port } = server.address() as AddressInfo
  return {
    url: Object.assign(new URL(url), { hostname: '127.0.0.1', port: String(port) }).href,
    async cut() {
      const closed = new Promise((resolve) => server.close(resolve))
      for (const socket of sockets) socket.destroy()
      await closed
    },
    restore: () => listen(port),
  }
}
