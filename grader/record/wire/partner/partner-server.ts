import { createServer, type Server as HttpServer } from 'node:http'
import {
  createServer as createTcpServer,
  type AddressInfo,
  type Server,
  type Socket,
} from 'node:net'
import type { Clock } from '../../timing/clock.ts'
import type { Exchange, Handshake, RawRecord } from '../../../types/index.ts'
import { answerRequest, type Answer } from './answer-request.ts'
import { servedConnection, type Serve } from './served-connection.ts'
import type { Certificate } from '../tls/certificate.ts'
import type { IdSource } from '../id-source.ts'
import { startRecordingProxy, type Subscriber } from '../recording-proxy.ts'
import { parseSite } from '../tls/sites.ts'

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
  /**
   * Ends every connection and accepts no more: clients are refused, until `start()`. What was
   * recorded stays. Nothing happens when it is stopped already.
   */
  stop(): Promise<void>
  /**
   * Accepts connections again, at the same port. Nothing happens when it was not stopped.
   * @throws InconclusiveObservation when another program has taken the port: the scenario is
   * repeated.
   */
  start(): Promise<void>
}

/** One that its scenario's fixture owns. */
export interface RunningOrigin extends Origin {
  subscribe(subscriber: Subscriber): () => void
  /** Fills in nothing more: what was recorded can be frozen. */
  stopRecording(): void
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
 * Longer than any client that means to send a request waits in the middle of it; afterwards it is
 * told so, with 408.
 */
const HALF_A_REQUEST_MS = 1500

/**
 * Starts one on a free loopback port that answers requests.
 * @throws GraderError for a site that is none, or wants a certificate: the author's mistake.
 */
export function startOrigin(
  name: string,
  answer: Answer = emptyPage,
  clock: Clock,
  ids: IdSource,
  options: OriginOptions = {},
): Promise<RunningOrigin> {
  return startRecorded(name, (thrown) => answering(answer, thrown), clock, ids, options)
}

/**
 * Starts one on a free loopback port whose every byte the scenario decides.
 * @throws GraderError for a site that is none, or wants a certificate: the author's mistake.
 */
export function startListener(
  name: string,
  serve: Serve,
  clock: Clock,
  ids: IdSource,
  options: OriginOptions = {},
): Promise<RunningOrigin> {
  return startRecorded(name, (thrown) => serving(serve, thrown, clock), clock, ids, options)
}

async function startRecorded(
  name: string,
  create: (onThrown: (error: unknown) => void) => Server,
  clock: Clock,
  ids: IdSource,
  { certificate, site }: OriginOptions,
): Promise<RunningOrigin> {
  const sockets = new Set<Socket>()
  let thrown: { error: unknown } | undefined
  const server = create((error) => (thrown ??= { error }))
  let isStopped = false
  server.on('connection', (socket: Socket) => {
    // Its client was accepted before, or was at its handshake then.
    if (isStopped) return void socket.destroy()
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const clients =
    certificate && (await import('../tls/tls-clients.ts')).tlsClients(certificate, clock)
  const wire = await startRecordingProxy(
    { host: '127.0.0.1', port: (server.address() as AddressInfo).port },
    clock,
    ids,
    { ...clients, identify: () => ({ origin: name }) },
  )
  const endConnections = async () => {
    const ended = [...sockets].map(
      (socket) => new Promise((resolve) => socket.once('close', resolve)),
    )
    for (const socket of sockets) socket.destroy()
    await Promise.all(ended)
  }
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
    stopRecording: () => wire.stop(),
    thrown: () => thrown,
    handshakes: async () => (await clients?.handshakes()) ?? [],
    async stop() {
      if (isStopped) return
      isStopped = true
      wire.stopListening()
      await endConnections()
    },
    async start() {
      if (!isStopped) return
      await wire.listenAgain()
      isStopped = false
    },
    async close() {
      clients?.destroy()
      await wire.close()
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function answering(answer: Answer, onThrown: (error: unknown) => void): HttpServer {
  const server = createServer(
    {
      connectionsCheckingInterval: 250,
      headersTimeout: HALF_A_REQUEST_MS,
      requestTimeout: HALF_A_REQUEST_MS,
      keepAliveTimeout: 0,
    },
    (request, response) => void answerRequest(request, response, answer, { onThrown }),
  )
  // A client that says all it has to say and then only listens is answered like any other.
  return Object.assign(server, { httpAllowHalfOpen: true })
}

function serving(serve: Serve, onThrown: (error: unknown) => void, clock: Clock): Server {
  let connections = 0
  return createTcpServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => {})
    const connection = servedConnection(socket, ++connections, clock)
    // An author's function may throw before it gives a promise.
    void (async () => serve(connection))().catch((error: unknown) => {
      onThrown(error)
      socket.resetAndDestroy()
    })
  })
}

/**
 * What an origin gives that was given no answer: a page with nothing in it, not even an icon to ask
 * for.
 */
const emptyPage: Answer = () => ({
  headers: { 'Content-Type': 'text/html; charset=utf-8' },
  body: '<!doctype html>\n<html lang="en"><title>An empty page</title><link rel="icon" href="data:,"></html>\n',
})
