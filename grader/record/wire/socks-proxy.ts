import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/**
 * A way for a browser to reach names that no resolver knows: it sends the name, and the connection
 * leads where the name stands for.
 */
export interface SocksProxy {
  /** `socks5://127.0.0.1:40123` */
  readonly address: string
  close(): Promise<void>
}

/**
 * Starts a SOCKS5 server on a free loopback port that knows CONNECT without authentication (RFC
 * 1928), which is all that Chromium asks of one. `portOf` gives the loopback port a name and port
 * stand for; what stands for nothing is unreachable. What crosses it is passed on byte by byte.
 */
export async function startSocksProxy(
  portOf: (host: string, port: number) => number | undefined,
): Promise<SocksProxy> {
  const sockets = new Set<Socket>()
  const keep = (socket: Socket) => {
    sockets.add(socket)
    // A browser that ends with the scenario resets what it had open.
    socket.on('error', () => {}).once('close', () => sockets.delete(socket))
  }
  const server = createServer({ allowHalfOpen: true }, (client) => {
    keep(client)
    void serve(client, portOf, keep)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    address: `socks5://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy()
        server.close(() => resolve())
      }),
  }
}

const VERSION = 5
const NO_AUTHENTICATION = Buffer.from([VERSION, 0])
const HOST_UNREACHABLE = 4
const NOT_SUPPORTED = 7

async function serve(
  client: Socket,
  portOf: (host: string, port: number) => number | undefined,
  keep: (socket: Socket) => void,
): Promise<void> {
  const reader = createReader(client)
  const [version, methods] = await reader.take(2)
  if (version !== VERSION) return void client.destroy()
  await reader.take(methods!)
  client.write(NO_AUTHENTICATION)

  const [, command, , type] = await reader.take(4)
  const host =
    type === 3
      ? (await reader.take((await reader.take(1))[0]!)).toString('latin1')
      : addressText(await reader.take(type === 4 ? 16 : 4))
  const asked = (await reader.take(2)).readUInt16BE()
  const port = command === 1 ? portOf(host.toLowerCase(), asked) : undefined
  if (port === undefined)
    return void client.end(reply(command === 1 ? HOST_UNREACHABLE : NOT_SUPPORTED))

  // Whether somebody listens there is for the wire behind it to say.
  const upstream = connect({ host: '127.0.0.1', port, allowHalfOpen: true })
  keep(upstream)
  client.setNoDelay(true)
  upstream.setNoDelay(true)
  client.write(reply(0))
  passOn(client, upstream)
  passOn(upstream, client)
  reader.release()
}

function passOn(from: Socket, to: Socket): void {
  from.pipe(to)
  from.on('error', () => to.resetAndDestroy())
  from.on('close', () => to.destroySoon())
}

function reply(code: number): Buffer {
  return Buffer.from([VERSION, code, 0, 1, 0, 0, 0, 0, 0, 0])
}

function addressText(bytes: Buffer): string {
  if (bytes.length === 4) return bytes.join('.')
  return Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(index * 2).toString(16)).join(
    ':',
  )
}

/** Takes so many bytes at a time off a socket; what was not taken goes on as it came. */
function createReader(socket: Socket) {
  let wanted: { count: number; resolve: (bytes: Buffer) => void } | null = null
  const serveWanted = () => {
    const bytes =
      wanted &&
      (wanted.count === 0 ? Buffer.alloc(0) : (socket.read(wanted.count) as Buffer | null))
    if (!wanted || !bytes) return
    const { resolve } = wanted
    wanted = null
    resolve(bytes)
  }
  socket.on('readable', serveWanted)
  return {
    take: (count: number) =>
      new Promise<Buffer>((resolve) => {
        wanted = { count, resolve }
        serveWanted()
      }),
    release: () => void socket.off('readable', serveWanted),
  }
}
