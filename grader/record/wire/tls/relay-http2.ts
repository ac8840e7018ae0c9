import {
  connect,
  constants,
  performServerHandshake,
  type ClientHttp2Session,
  type ClientHttp2Stream,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
  type Settings,
} from 'node:http2'
import type { TLSSocket } from 'node:tls'
import type { LiveConnection, RelayOptions } from '../live-connection.ts'
import { recordHttp2 } from './http2-exchange.ts'
import { hasEnded, heads, pairs, relayStream, type RelayedStream } from './relay-stream.ts'

/**
 * The highest number a stream can have: a server that is about to leave names it first (RFC 9113
 * §6.8).
 */
const MOST_STREAMS = 2 ** 31 - 1

/** How long what a server has said before it left may take on its way to the client. */
const SAYS_WITHIN_MS = 2000

/**
 * Passes streams on between an HTTP/2 client and the server it asked (RFC 9113), each with its
 * fields, content, interim answers, trailers and end, and keeps them with their times. What the
 * server says of the connection (its limits, that it takes no more) the client is told, and each
 * loses the other in the way in which it left.
 */
export async function relayHttp2(
  client: TLSSocket,
  upstream: TLSSocket,
  { clock, ids, events, notify, known: ofConnection }: RelayOptions,
): Promise<LiveConnection> {
  const id = ids.connection()
  const { remotePort: clientPort } = client
  const streams: RelayedStream[] = []
  let isStopped = false
  // HTTP/2 knows no half of a connection: who ends its own side has left.
  for (const socket of [client, upstream]) socket.allowHalfOpen = false
  const toServer = connect('https://upstream.invalid', {
    createConnection: () => upstream,
    settings: { enablePush: false },
  })
  const wasReset = notingReset(upstream)
  const hasReset = notingReset(client)
  const toClient = performServerHandshake(client, { settings: await settingsOf(toServer) })
  toClient.on('error', () => {})
  toServer.on('goaway', (code: number, lastId: number, data?: Buffer) => {
    const taken = streams
      .filter(({ answering }) => (answering.id ?? Infinity) <= lastId)
      .map(({ asked }) => asked.id ?? 0)
    if (!toClient.destroyed)
      toClient.goaway(code, lastId === MOST_STREAMS ? lastId : Math.max(0, ...taken), data)
  })
  /** The server is gone: what it has said arrives, and then the client sees it go. */
  const leaveLikewise = async () => {
    if (wasReset()) return void client.resetAndDestroy()
    const answered = streams.filter(
      ({ asked, recording }) =>
        recording.exchange.response?.complete && !asked.closed && !asked.destroyed,
    )
    await Promise.race([
      Promise.all(
        answered.map(({ asked }) => new Promise((resolve) => asked.once('close', resolve))),
      ),
      new Promise((resolve) => setTimeout(resolve, SAYS_WITHIN_MS).unref()),
    ])
    if (streams.every(({ asked }) => asked.closed || asked.destroyed)) toClient.close()
    else toClient.destroy()
  }
  toServer.once('close', () => void leaveLikewise())
  toClient.on('goaway', (code: number, _: number, data?: Buffer) => {
    // The number is that of a stream which the server began: there are none.
    if (!toServer.destroyed) toServer.goaway(code, 0, data)
  })
  toClient.once('close', () => {
    if (hasReset()) upstream.resetAndDestroy()
    toServer.destroy()
  })
  if (toServer.destroyed) void leaveLikewise()

  toClient.on(
    'stream',
    (
      asked: ServerHttp2Stream,
      fields: IncomingHttpHeaders,
      flags: number,
      rawHeaders: string[],
    ) => {
      asked.on('error', () => {})
      // One that the server will never hear of: its client asks again over another connection.
      if (toServer.destroyed || toServer.closed)
        return void asked.close(constants.NGHTTP2_REFUSED_STREAM)
      const answering = ask(toServer, heads(fields, rawHeaders), hasEnded(flags))
      if (!answering) return void asked.close(constants.NGHTTP2_PROTOCOL_ERROR)
      const known = {
        ...ofConnection,
        id: ids.exchange(),
        connection: id,
        startedAt: clock.now(),
      }
      const recording = recordHttp2(known, pairs(rawHeaders))
      if (hasEnded(flags)) recording.endRequest(clock.now())
      const stream: RelayedStream = { asked, answering, recording }
      streams.push(stream)
      if (!isStopped) events.begun(recording.exchange)
      notify()
      relayStream(stream, {
        now: () => clock.now(),
        isGone: () => upstream.destroyed || toServer.destroyed,
        record(change) {
          if (isStopped) return
          change(recording)
          notify()
        },
        over: () => isStopped || events.over(recording.exchange),
      })
    },
  )
  return {
    id,
    clientPort,
    sentRecord: () => null,
    sentBytes: () => 0,
    stop: () => (isStopped = true),
    destroy() {
      toServer.destroy()
      toClient.destroy()
    },
  }
}

/** Whether the other side of a socket has reset it, from now on. */
function notingReset(socket: TLSSocket): () => boolean {
  let wasReset = false
  socket.on('error', ({ code }: NodeJS.ErrnoException) => (wasReset ||= code === 'ECONNRESET'))
  return () => wasReset
}

/** A server says them before anything else; what it limits, its clients are to know. */
const SETTLES_WITHIN_MS = 2000

function settingsOf(session: ClientHttp2Session): Promise<Settings> {
  return new Promise((resolve) => {
    session.once(
      'remoteSettings',
      ({
        headerTableSize,
        initialWindowSize,
        maxFrameSize,
        maxConcurrentStreams,
        maxHeaderListSize,
        enableConnectProtocol,
      }: Settings) =>
        resolve({
          headerTableSize,
          initialWindowSize,
          maxFrameSize,
          maxConcurrentStreams,
          maxHeaderListSize,
          enableConnectProtocol,
        } as Settings),
    )
    session.on('error', () => {}).once('close', () => resolve({}))
    setTimeout(() => resolve({}), SETTLES_WITHIN_MS).unref()
  })
}

/** Null for what no server can be asked. */
function ask(
  toServer: ClientHttp2Session,
  head: any,
  endStream: boolean,
): ClientHttp2Stream | null {
  try {
    return toServer.request(head, { endStream, waitForTrailers: !endStream })
  } catch {
    return null
  }
}
