import { connect, constants, performServerHandshake, type ClientHttp2Session, type ClientHttp2Stream, type IncomingHttpHeaders, type ServerHttp2Stream, type Settings } from 'node:http2'
import type { TLSSocket } from 'node:tls'
import type { Exchange, Headers } from '../types.ts'
import type { LiveConnection, RelayOptions } from './live-connection.ts'
import { http2Exchange, type Http2Parts } from './http2-exchange.ts'

/** A program that sends more than this in one answer is cut off. */
const LIMIT = 1_000_000

const EARLY_HINTS = 103

/**
 * Passes streams on between an HTTP/2 client and the server it asked (RFC 9113), each with its fields, content, interim answers and end, and keeps
 * them with their times. Trailers of a request are not passed on.
 */
export async function relayHttp2(client: TLSSocket, upstream: TLSSocket, { clock, ids, notify }: RelayOptions): Promise<LiveConnection> {
  const id = ids.connection()
  const { remotePort: clientPort } = client
  const streams: { parts: Http2Parts; known: Exchange | null }[] = []
  // Half a connection is none in HTTP/2.
  client.allowHalfOpen = upstream.allowHalfOpen = false
  const toServer = connect('https://upstream.invalid', { createConnection: () => upstream, settings: { enablePush: false } })
  const toClient = performServerHandshake(client, { settings: await settingsOf(toServer) })
  const closeAll = () => {
    toServer.destroy()
    toClient.destroy()
  }
  for (const session of [toServer, toClient]) session.on('error', () => {}).once('close', closeAll)
  if (toServer.destroyed) closeAll()
  toServer.on('goaway', (code: number) => void (toClient.destroyed || toClient.goaway(code)))

  toClient.on('stream', (asked: ServerHttp2Stream, fields: IncomingHttpHeaders, flags: number, rawHeaders: string[]) => {
    const entry: (typeof streams)[number] = { parts: begin(ids.exchange(), id, pairs(rawHeaders), clock.now()), known: null }
    streams.push(entry)
    const tell = (change: Partial<Http2Parts>) => {
      entry.parts = { ...entry.parts, ...change }
      entry.known = null
      notify()
    }
    notify()
    if (toServer.destroyed || toServer.closed) {
      tell({ cut: 'closed' })
      return void asked.close(constants.NGHTTP2_REFUSED_STREAM)
    }
    relayStream(asked, toServer.request(fields, { endStream: hasEnded(flags) }), entry, tell, () => clock.now())
  })
  return {
    id,
    clientPort,
    exchanges: () => streams.map((entry) => (entry.known ??= http2Exchange(entry.parts))),
    sentRecord: () => null,
    destroy: closeAll,
  }
}

/** A server says them before anything else; what it limits, its clients are to know. */
const SETTLES_WITHIN_MS = 2000

async function settingsOf(session: ClientHttp2Session): Promise<Settings> {
  const told = new Promise<Settings>((resolve) => {
    session.once('remoteSettings', ({ headerTableSize, initialWindowSize, maxFrameSize, maxConcurrentStreams, maxHeaderListSize, enableConnectProtocol }: Settings) =>
      resolve({ headerTableSize, initialWindowSize, maxFrameSize, maxConcurrentStreams, maxHeaderListSize, enableConnectProtocol } as Settings),
    )
    session.on('error', () => {}).once('close', () => resolve({}))
    setTimeout(() => resolve({}), SETTLES_WITHIN_MS).unref()
  })
  return told
}

function relayStream(asked: ServerHttp2Stream, answering: ClientHttp2Stream, entry: { readonly parts: Http2Parts }, tell: (change: Partial<Http2Parts>) => void, now: () => number): void {
  const sent: Buffer[] = []
  const received: Buffer[] = []
  let length = 0
  for (const stream of [asked, answering]) stream.on('error', () => {})
  // Without this a Date is added that the server did not send; the types do not know of it.
  Object.assign(asked, { sendDate: false })

  let trailers: IncomingHttpHeaders = {}
  answering.on('trailers', (fields: IncomingHttpHeaders) => (trailers = fields))
  asked.on('wantTrailers', () => asked.sendTrailers(trailers))
  asked.on('data', (chunk: Buffer) => {
    sent.push(chunk)
    tell({ requestBody: Buffer.concat(sent) })
  })
  asked.pipe(answering)
  answering.on('headers', (fields: IncomingHttpHeaders & { ':status'?: number }, _: number, rawHeaders: string[]) => {
    if (fields[':status'] === EARLY_HINTS) tell({ hints: regular(pairs(rawHeaders)) })
    if (!asked.headersSent && !asked.destroyed) asked.additionalHeaders(fields)
  })
  answering.on('response', (fields: IncomingHttpHeaders & { ':status'?: number }, flags: number, rawHeaders: string[]) => {
    tell({ response: { status: Number(fields[':status']), headers: regular(pairs(rawHeaders)), startedAt: now(), endedAt: now(), body: new Uint8Array(), complete: hasEnded(flags) } })
    if (!asked.destroyed) asked.respond(fields, { endStream: hasEnded(flags), waitForTrailers: !hasEnded(flags) })
    answering.pipe(asked)
  })
  const answered = (change: Partial<NonNullable<Http2Parts['response']>>) => {
    const { response } = entry.parts
    if (response) tell({ response: { ...response, ...change, endedAt: now() } })
  }
  answering.on('data', (chunk: Buffer) => {
    received.push(chunk)
    length += chunk.length
    answered({ body: Buffer.concat(received) })
    if (length <= LIMIT) return
    tell({ cut: 'capped' })
    answering.close(constants.NGHTTP2_CANCEL)
    asked.close(constants.NGHTTP2_CANCEL)
  })
  // A reset ends what there is to read, too.
  answering.on('end', () => answered({ complete: answering.rstCode === constants.NGHTTP2_NO_ERROR }))
  answering.on('close', () => {
    if (!entry.parts.response?.complete) tell({ cut: entry.parts.cut ?? (answering.rstCode === constants.NGHTTP2_NO_ERROR ? 'closed' : 'reset') })
    if (asked.destroyed) return
    if (answering.rstCode !== constants.NGHTTP2_NO_ERROR || !asked.headersSent) return void asked.close(answering.rstCode || constants.NGHTTP2_CANCEL)
    // A server that has answered may not want the rest of what is asked (RFC 9113 §8.1).
    const stop = () => void (asked.readableEnded || asked.close(constants.NGHTTP2_NO_ERROR))
    if (asked.writableFinished) stop()
    else asked.once('finish', stop)
  })
  // A client that has lost interest says so with a reset, and the server hears it.
  asked.on('close', () => {
    if (asked.rstCode !== constants.NGHTTP2_NO_ERROR && !answering.destroyed) answering.close(asked.rstCode)
  })
}

function begin(id: number, connection: number, fields: Headers, at: number): Http2Parts {
  return { id, connection, startedAt: at, requestHeaders: fields, requestBody: new Uint8Array(), response: null, hints: null, cut: null }
}

function pairs(rawHeaders: readonly string[]): Headers {
  return rawHeaders.flatMap((name, index) => (index % 2 === 0 ? [[name, rawHeaders[index + 1] ?? ''] as const] : []))
}

function regular(headers: Headers): Headers {
  return headers.filter(([name]) => !name.startsWith(':'))
}

function hasEnded(flags: number): boolean {
  return (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0
}
