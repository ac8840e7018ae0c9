import {
  connect,
  constants,
  performServerHandshake,
  type ClientHttp2Session,
  type ClientHttp2Stream,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
  type ServerHttp2Stream,
  type Settings,
} from 'node:http2'
import type { TLSSocket } from 'node:tls'
import type { Exchange, Headers } from '../../../types/index.ts'
import type { LiveConnection, RelayOptions } from '../live-connection.ts'
import { http2Exchange, type Http2Parts } from './http2-exchange.ts'

/** A program that sends more than this in one answer is cut off. */
const LIMIT = 1_000_000

/**
 * The highest number a stream can have: a server that is about to leave names it first (RFC 9113
 * §6.8).
 */
const MOST_STREAMS = 2 ** 31 - 1

/** How long what a server has said before it left may take on its way to the client. */
const SAYS_WITHIN_MS = 2000

/** A stream of the client, the one that was opened for it, and what is kept of both. */
interface Relayed {
  readonly asked: ServerHttp2Stream
  readonly answering: ClientHttp2Stream
  parts: Http2Parts
  known: Exchange | null
}

/**
 * Passes streams on between an HTTP/2 client and the server it asked (RFC 9113), each with its
 * fields, content, interim answers, trailers and end, and keeps them with their times. What the
 * server says of the connection (its limits, that it takes no more) the client is told, and each
 * loses the other in the way in which it left.
 */
export async function relayHttp2(
  client: TLSSocket,
  upstream: TLSSocket,
  { clock, ids, notify }: RelayOptions,
): Promise<LiveConnection> {
  const id = ids.connection()
  const { remotePort: clientPort } = client
  const streams: Relayed[] = []
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
      ({ asked, parts }) => parts.response?.complete && !asked.closed && !asked.destroyed,
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
      const entry: Relayed = {
        asked,
        answering,
        parts: begin(ids.exchange(), id, pairs(rawHeaders), clock.now(), hasEnded(flags)),
        known: null,
      }
      streams.push(entry)
      const tell = (change: Partial<Http2Parts>) => {
        entry.parts = { ...entry.parts, ...change }
        entry.known = null
        notify()
      }
      notify()
      relayStream(entry, tell, {
        now: () => clock.now(),
        isGone: () => upstream.destroyed || toServer.destroyed,
      })
    },
  )
  return {
    id,
    clientPort,
    exchanges: () => streams.map((entry) => (entry.known ??= http2Exchange(entry.parts))),
    sentRecord: () => null,
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

function relayStream(
  entry: Relayed,
  tell: (change: Partial<Http2Parts>) => void,
  { now, isGone }: { now: () => number; isGone: () => boolean },
): void {
  const { asked, answering } = entry
  const sent: Buffer[] = []
  const received: Buffer[] = []
  let length = 0
  let isAllHead = false
  let hasLeft = false
  answering.on('error', () => {})
  passTrailersOn(asked, answering)
  passTrailersOn(answering, asked)

  asked.on('data', (chunk: Buffer) => {
    sent.push(chunk)
    tell({ requestBody: sent })
  })
  // A reset ends what there is to read, too.
  asked.on('end', () => {
    const hasEnded = !asked.aborted && asked.rstCode === constants.NGHTTP2_NO_ERROR
    if (hasEnded && entry.parts.requestEndedAt === null) tell({ requestEndedAt: now() })
  })
  asked.pipe(answering)
  answering.on(
    'headers',
    (fields: IncomingHttpHeaders & { ':status'?: number }, _: number, rawHeaders: string[]) => {
      tell({
        interim: [
          ...entry.parts.interim,
          { status: Number(fields[':status']), headers: regular(pairs(rawHeaders)), at: now() },
        ],
      })
      if (!asked.headersSent && !asked.destroyed)
        speak(asked, () => asked.additionalHeaders(everyValue(rawHeaders)))
    },
  )
  answering.on(
    'response',
    (fields: IncomingHttpHeaders & { ':status'?: number }, flags: number, rawHeaders: string[]) => {
      tell({
        response: {
          status: Number(fields[':status']),
          headers: regular(pairs(rawHeaders)),
          startedAt: now(),
          endedAt: now(),
          body: received,
          complete: hasEnded(flags),
        },
      })
      isAllHead = hasEnded(flags)
      if (!asked.destroyed)
        speak(asked, () =>
          asked.respond(heads(fields, rawHeaders), {
            endStream: isAllHead,
            waitForTrailers: !isAllHead,
            ...NO_DATE_ADDED,
          }),
        )
      answering.pipe(asked)
    },
  )
  const answered = (change: Partial<NonNullable<Http2Parts['response']>>) => {
    const { response } = entry.parts
    if (response) tell({ response: { ...response, ...change, endedAt: now() } })
  }
  answering.on('data', (chunk: Buffer) => {
    received.push(chunk)
    length += chunk.length
    answered({ body: received })
    if (length <= LIMIT) return
    tell({ cut: 'capped' })
    answering.close(constants.NGHTTP2_CANCEL)
    asked.close(constants.NGHTTP2_CANCEL)
  })
  answering.on('end', () =>
    answered({ complete: answering.rstCode === constants.NGHTTP2_NO_ERROR && !isGone() }),
  )
  answering.on('close', () => {
    // Whoever leaves is not cut off.
    if (!hasLeft && !entry.parts.response?.complete)
      tell({
        cut:
          entry.parts.cut ??
          (answering.rstCode === constants.NGHTTP2_NO_ERROR || isGone() ? 'closed' : 'reset'),
      })
    // With the server its streams are gone without a word.
    if (isGone() || asked.destroyed) return
    if (answering.rstCode !== constants.NGHTTP2_NO_ERROR || !asked.headersSent)
      asked.close(answering.rstCode)
    // It has answered and wants no more of what it is sent.
    else if (asked.sentTrailers || isAllHead) asked.close(constants.NGHTTP2_NO_ERROR)
    else
      asked.once('wantTrailers', () => setImmediate(() => asked.close(constants.NGHTTP2_NO_ERROR)))
  })
  // A client that has lost interest says so with a reset, and the server hears it.
  asked.on('close', () => {
    if (answering.closed || answering.destroyed) return
    hasLeft = true
    answering.close(asked.rstCode)
  })
}

/** Node adds the time to an answer without one; its types do not know of this option. */
const NO_DATE_ADDED: object = { sendDate: false }

type Stream = ServerHttp2Stream | ClientHttp2Stream

/**
 * They come after the content of one stream, and are asked for when that of the other has been
 * sent.
 */
function passTrailersOn(from: Stream, to: Stream): void {
  let trailers: OutgoingHttpHeaders = {}
  from.on(
    'trailers',
    (_: IncomingHttpHeaders, __: number, rawTrailers: string[]) =>
      (trailers = everyValue(rawTrailers)),
  )
  to.on('wantTrailers', () => speak(to, () => to.sendTrailers(trailers)))
}

/** What our HTTP/2 does not let pass ends the stream, and not the grader. */
function speak(stream: Stream, say: () => void): void {
  try {
    say()
  } catch {
    stream.close(constants.NGHTTP2_PROTOCOL_ERROR)
  }
}

/**
 * A head as it came, field by field; a Node that takes none in this form is given it with equal
 * names joined.
 */
function heads(fields: IncomingHttpHeaders, rawHeaders: readonly string[]): any {
  return TAKES_FIELDS ? rawHeaders : fields
}

/** Fields where Node takes no list of them: each name with all of its values, none joined. */
function everyValue(rawHeaders: readonly string[]): OutgoingHttpHeaders {
  const byName = [...Map.groupBy(pairs(rawHeaders), ([name]) => name)]
  return Object.fromEntries(
    byName.map(([name, fields]) => [name, fields.map(([, value]) => value)]),
  )
}

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
const TAKES_FIELDS = major > 24 || (major === 24 && minor >= 7)

function begin(
  id: number,
  connection: number,
  fields: Headers,
  at: number,
  isAllHead: boolean,
): Http2Parts {
  return {
    id,
    connection,
    startedAt: at,
    requestHeaders: fields,
    requestBody: [],
    requestEndedAt: isAllHead ? at : null,
    response: null,
    interim: [],
    cut: null,
  }
}

function pairs(rawHeaders: readonly string[]): Headers {
  return rawHeaders.flatMap((name, index) =>
    index % 2 === 0 ? [[name, rawHeaders[index + 1] ?? ''] as const] : [],
  )
}

function regular(headers: Headers): Headers {
  return headers.filter(([name]) => !name.startsWith(':'))
}

function hasEnded(flags: number): boolean {
  return (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0
}
