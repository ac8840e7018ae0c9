import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Clock } from '../timing/clock.ts'
import type { Exchange, Handshake, Headers, RawRecord } from '../../types/index.ts'
import type { Certificate } from './tls/certificate.ts'
import type { IdSource } from './id-source.ts'
import { startRecordingProxy, type Subscriber } from './recording-proxy.ts'
import { parseSite } from './tls/sites.ts'

/** A server of the grader's own that keeps what it is sent. */
export interface Origin {
  /**
   * `http://127.0.0.1:40123`; with a certificate `https://127.0.0.1:40123`, whichever names it is
   * for; or its site.
   */
  readonly url: string
  readonly host: string
  readonly port: number
  /**
   * What it was asked and gave, in the order the requests began, without a browser's own
   * /favicon.ico.
   */
  exchanges(): Exchange[]
  /** Every connection that carried something, with the exact bytes its client sent and when. */
  connections(): RawRecord[]
  /**
   * How each connection to one with a certificate began, those that failed included; waits for what
   * is under way.
   */
  handshakes(): Promise<Handshake[]>
}

/** One that its scenario's fixture owns. */
export interface RunningOrigin extends Origin {
  subscribe(subscriber: Subscriber): () => void
  /** Fills in nothing more: what was recorded can be frozen. */
  stop(): void
  /** What the author's answer threw first; undefined when it did not. */
  thrown(): { readonly error: unknown } | undefined
  close(): Promise<void>
}

export interface OriginOptions {
  /** It speaks TLS and shows this certificate. What is recorded is in clear. */
  readonly certificate?: Certificate
  /**
   * `https://partner.test`: by what the scenario's browsers know it, without a name being resolved.
   * To anybody else it is at its port.
   */
  readonly site?: string
}

/**
 * Answers one request. It is asked only with a whole, valid one: what is none is answered as Node
 * does, with 400 or by waiting in vain.
 */
export type Answer = (request: Asked) => Reply | Promise<Reply>

/** A request as an answer sees it. */
export interface Asked {
  readonly method: string
  /** Path and query as sent. */
  readonly target: string
  /** The target without its query. */
  readonly path: string
  readonly headers: Headers
  readonly body: Uint8Array
}

export type Reply =
  | {
      /** 200 when left out. */
      readonly status?: number | undefined
      /** Content-Length and Date are added. A field that is undefined is left out. */
      readonly headers?:
        | Readonly<Record<string, string | readonly string[] | undefined>>
        | undefined
      /** Text is sent as UTF-8. */
      readonly body?: string | Uint8Array | undefined
      readonly bytes?: undefined
    }
  | {
      /**
       * The bytes of the answer, exactly; text is sent as latin1, a number is a pause in
       * milliseconds.
       */
      readonly bytes: readonly (string | Uint8Array | number)[]
      /** What becomes of the connection then. One that is kept is answered no more. */
      readonly then: 'close' | 'reset' | 'keep'
    }

/**
 * Longer than any client that means to send a request waits in the middle of it; afterwards it is
 * told so, with 408.
 */
const HALF_A_REQUEST_MS = 1500

/**
 * Starts one on a free loopback port.
 * @throws GraderError for a site that is none, or wants a certificate: the author's mistake.
 */
export async function startOrigin(
  name: string,
  answer: Answer = emptyPage,
  clock: Clock,
  ids: IdSource,
  { certificate, site }: OriginOptions = {},
): Promise<RunningOrigin> {
  const sockets = new Set<Socket>()
  let thrown: { error: unknown } | undefined
  const asked: Answer = async (request) => {
    try {
      return await answer(request)
    } catch (error) {
      thrown ??= { error }
      throw error
    }
  }
  const server = createServer(
    {
      connectionsCheckingInterval: 250,
      headersTimeout: HALF_A_REQUEST_MS,
      requestTimeout: HALF_A_REQUEST_MS,
      keepAliveTimeout: 0,
    },
    (request, response) => {
      void respond(request, response, asked).catch(() => request.socket.resetAndDestroy())
    },
  )
  // A client that says all it has to say and then only listens is answered like any other.
  Object.assign(server, { httpAllowHalfOpen: true })
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const clients =
    certificate && (await import('./tls/tls-clients.ts')).tlsClients(certificate, clock)
  const wire = await startRecordingProxy(
    { host: '127.0.0.1', port: (server.address() as AddressInfo).port },
    clock,
    ids,
    { ...clients, identify: () => ({ origin: name }) },
  )
  return {
    url:
      site === undefined
        ? `${clients ? 'https' : 'http'}://127.0.0.1:${wire.port}`
        : parseSite(site, certificate !== undefined).url,
    host: '127.0.0.1',
    port: wire.port,
    exchanges: () => wire.exchanges().filter(({ request }) => request.path !== '/favicon.ico'),
    connections: () => wire.connections(),
    subscribe: (subscriber) => wire.subscribe(subscriber),
    stop: () => wire.stop(),
    thrown: () => thrown,
    handshakes: async () => (await clients?.handshakes()) ?? [],
    async close() {
      clients?.destroy()
      await wire.close()
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/**
 * What an origin gives that was given no answer: a page with nothing in it, not even an icon to ask
 * for.
 */
const emptyPage: Answer = () => ({
  headers: { 'Content-Type': 'text/html; charset=utf-8' },
  body: '<!doctype html>\n<html lang="en"><title>An empty page</title><link rel="icon" href="data:,"></html>\n',
})

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  answer: Answer,
): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const target = request.url ?? '/'
  const headers = request.rawHeaders.flatMap((name, index) =>
    index % 2 === 0 ? [[name, request.rawHeaders[index + 1] ?? ''] as const] : [],
  )
  const reply = await answer({
    method: request.method ?? 'GET',
    target,
    path: target.split('?', 1)[0]!,
    headers,
    body: Buffer.concat(chunks),
  })
  if (reply.bytes) return writeBytes(request.socket, reply)
  const body =
    typeof reply.body === 'string' ? Buffer.from(reply.body) : (reply.body ?? new Uint8Array())
  const status = reply.status ?? 200
  const length = status === 204 || status === 304 ? {} : { 'Content-Length': body.length }
  const given = Object.entries(reply.headers ?? {}).filter(([, value]) => value !== undefined)
  response.writeHead(status, {
    ...length,
    ...(Object.fromEntries(given) as Record<string, string | string[]>),
  })
  response.end(body)
}

async function writeBytes(
  socket: Socket,
  { bytes, then }: Extract<Reply, { bytes: unknown }>,
): Promise<void> {
  for (const piece of bytes) {
    if (typeof piece === 'number') await new Promise((resolve) => setTimeout(resolve, piece))
    else socket.write(typeof piece === 'string' ? Buffer.from(piece, 'latin1') : piece)
  }
  if (then === 'close') socket.end()
  else if (then === 'reset') socket.resetAndDestroy()
}
