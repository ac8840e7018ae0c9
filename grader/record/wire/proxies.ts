import { connect, type Socket } from 'node:net'
import type { Clock } from '../timing/clock.ts'
import type { Exchange, RawRecord } from '../../types/index.ts'
import { until, type AdaptiveTimeout } from '../timing/deadline.ts'
import { header } from '../../types/helpers/header-fields.ts'
import type { Recorded } from './find/find-exchange.ts'
import type { Http2Connection } from './tls/http2-connection.ts'
import type { ConnectOptions } from '../../types/kit.ts'
import { GraderError } from '../../types/errors.ts'
import { createFaultInjection, type FaultInjection } from './faults/fault-injection.ts'
import type { IdSource } from './id-source.ts'
import { startRecordingProxy, type RecordingProxy, type Subscriber } from './recording-proxy.ts'
import { parseSite, sitesOf, type Site } from './tls/sites.ts'
import { oldVersions } from './tls/old-versions.ts'
import { startSocksProxy, type SocksProxy } from './socks-proxy.ts'
import type { Opening } from './opening.ts'
import { canConnect } from '../program/start/wait-for-listen.ts'
import type { Fixture } from '../fixtures.ts'

/** All ways to the learner's program in one scenario, each of them recorded. */
export interface Proxies {
  /** Where clients reach the program: `http://127.0.0.1:40123`, or the scenario's first site. */
  readonly address: string
  /** `http://127.0.0.1:40123`, also where there are sites. */
  readonly loopback: string
  /**
   * What browsers go through to find sites: `socks5://127.0.0.1:40124`. Null when there are none.
   */
  through(): Promise<string | null>
  /** Who was asked what, by the address a browser knows. */
  readonly recorded: readonly Recorded[]
  /** Everything, in the order the requests began. */
  exchanges(): Exchange[]
  /** What clients sent over each connection, in the order they were opened. */
  connections(): RawRecord[]
  to(way: ConnectOptions): Opening
  openHttp2(site: string | undefined): Promise<Http2Connection>
  /** Waits for the program's ports beside PORT, after a new start. */
  untilOpen(): Promise<void>
  /** What the scenario has the wire do. */
  readonly faults: FaultInjection
  /** Calls until the function that it returns is called. */
  subscribe(subscriber: Subscriber): () => void
  /** Fills in nothing more: what was recorded can be frozen. */
  stop(): void
  close(): Promise<void>
}

interface ProxiesOptions {
  readonly timeout: AdaptiveTimeout
  /** Called with an exchange whose answer did not come in time. */
  readonly giveUp: (exchange: Exchange) => void
}

/** A second port that is not open when this time is up stays closed. */
const OPENS_WITHIN_MS = 2000

/**
 * Puts a recording proxy in front of every port of the program that the scenario's sites lead to,
 * and makes their names known to its browsers.
 * @throws GraderError when the sites cannot be what the scenario says: the author's mistake.
 */
export async function openProxies(
  {
    program,
    setUp,
    certificates,
    origins,
  }: Pick<Fixture, 'program' | 'setUp' | 'certificates' | 'origins'>,
  clock: Clock,
  ids: IdSource,
  { timeout, giveUp }: ProxiesOptions,
): Promise<Proxies> {
  const { host } = program
  const sites = sitesOf(setUp, program.port, certificates.length > 0)
  await using opening = new AsyncDisposableStack()
  const proxies = new Map<number, RecordingProxy>()
  const subscribe = (subscriber: Subscriber) => {
    const stops = [...proxies.values()].map((wire) => wire.subscribe(subscriber))
    return () => stops.forEach((stop) => stop())
  }
  const faults = createFaultInjection((traffic) => subscribe({ traffic }), timeout, giveUp)
  for (const port of new Set([program.port, ...sites.map((site) => site.port)])) {
    if (port !== program.port) await untilOpen(host, port)
    const speaksTls = sites.some((site) => site.secure && site.port === port)
    const options = {
      faults,
      identify: (exchange: Exchange) => ({
        ...(authorityOf(exchange) !== `127.0.0.1:${wireAt(port).port}` &&
          siteOf(exchange, sites, port)),
        ...(program.scripts && { origin: 'the site' }),
      }),
      ...(speaksTls && { certificates }),
    }
    const proxy = await startRecordingProxy({ host, port }, clock, ids, options)
    opening.defer(() => proxy.close())
    proxies.set(port, proxy)
  }
  const wireAt = (port: number) => proxies.get(port)!
  const own = wireAt(program.port)
  const portOf = (host: string, port: number) => {
    const asked = (site: Site) => site.host === host && site.asked === port
    return (
      proxies.get(sites.find(asked)?.port ?? -1)?.port ??
      origins.find(({ url }) => asked(parseSite(url, true)))?.port
    )
  }
  let socks: Promise<SocksProxy> | null = null
  const openSocks = () => {
    const starting = startSocksProxy(portOf)
    resources.defer(async () => (await starting).close())
    return starting
  }
  const loopback = `http://127.0.0.1:${own.port}`
  const siteAt = (url = sites[0]?.url) => {
    const site = sites.find((each) => each.url === url)
    if (!site) throw unknownSite(url, sites)
    return site
  }

  const exchanges = () =>
    [...proxies.values()]
      .flatMap((wire) => wire.exchanges())
      .toSorted((a, b) => a.startedAt - b.startedAt || a.id - b.id)

  const resources = opening.move()
  // One that may be half open does not close when its other side has.
  const sockets = new Set<Socket>()
  resources.defer(() => sockets.forEach((socket) => socket.destroy()))
  const kept = (socket: Socket) => {
    sockets.add(socket.once('close', () => sockets.delete(socket)))
    return socket
  }
  return {
    address: sites[0]?.url ?? loopback,
    loopback,
    async through() {
      if (sites.length === 0 && origins.every(({ url, host }) => new URL(url).hostname === host))
        return null
      return (await (socks ??= openSocks())).address
    },
    recorded: [
      {
        url: loopback,
        exchanges: () => own.exchanges().filter(({ site }) => site === undefined),
        subscribe: (subscriber) => own.subscribe(subscriber),
      },
      ...sites.map(({ url, port }) => ({
        url,
        exchanges: () => exchanges().filter(({ site }) => site === url),
        subscribe: (subscriber: Subscriber) => wireAt(port).subscribe(subscriber),
      })),
    ],
    exchanges,
    connections: () =>
      [...proxies.values()]
        .flatMap((wire) => wire.connections())
        .toSorted((a, b) => a.openedAt - b.openedAt),
    to({ site: url, alpn = 'http/1.1', plain, tls = {} }) {
      if ((sites.length === 0 && url === undefined) || url === loopback)
        return {
          wire: own,
          authority: `127.0.0.1:${own.port}`,
          open: async () => kept(connectTo(own.port)),
        }
      const { secure, port, host: servername, authority } = siteAt(url)
      const wire = wireAt(port)
      if (!secure || plain) return { wire, authority, open: async () => kept(connectTo(wire.port)) }
      const options = {
        host: '127.0.0.1',
        port: wire.port,
        servername,
        ca: certificates.map(({ ca }) => ca),
        allowHalfOpen: true,
        ...versionsOf(tls),
        ...(alpn !== null && { ALPNProtocols: [alpn] }),
      }
      return {
        wire,
        authority,
        open: async () => kept((await import('node:tls')).connect(options)),
      }
    },
    async openHttp2(url) {
      const { openHttp2 } = await import('./tls/http2-connection.ts')
      const site = siteAt(url)
      const client = openHttp2(
        site,
        wireAt(site.port),
        certificates.map(({ ca }) => ca),
        timeout,
      )
      resources.defer(() => client.close())
      return client
    },
    async untilOpen() {
      for (const port of proxies.keys()) if (port !== program.port) await untilOpen(host, port)
    },
    subscribe,
    faults,
    stop: () => proxies.forEach((wire) => wire.stop()),
    close: () => resources.disposeAsync(),
  }
}

function unknownSite(url: string | undefined, sites: readonly Site[]): GraderError {
  const known = sites.map((site) => site.url).join(', ')
  return new GraderError(
    url === undefined
      ? 'The scenario has no sites.'
      : `${url} is none of the scenario's sites${known === '' ? ', for it has none' : `: ${known}`}.`,
    "Name it in `sites` of the scenario's set-up in checks.ts.",
  )
}

/** Node itself begins at TLS 1.2, which a highest version below that would leave nothing of. */
function versionsOf({ minVersion, maxVersion }: NonNullable<ConnectOptions['tls']>) {
  const isOld = maxVersion === 'TLSv1' || maxVersion === 'TLSv1.1'
  const lowest = minVersion ?? (isOld ? maxVersion : undefined)
  return {
    ...(lowest && { minVersion: lowest }),
    ...(maxVersion && { maxVersion }),
    ...oldVersions(lowest),
  }
}

function connectTo(port: number): Socket {
  return connect({ host: '127.0.0.1', port, allowHalfOpen: true })
}

/** The site that the request names; where it names none, the first one at the port it came to. */
function siteOf(
  exchange: Exchange,
  sites: readonly (Site & { readonly port: number })[],
  port: number,
): Pick<Exchange, 'site'> {
  const there = sites.filter(
    (each) => each.port === port && each.secure === (exchange.protocol !== undefined),
  )
  const authority = authorityOf(exchange)
  const site = there.find((each) => each.authority === authority) ?? there[0]
  return site ? { site: site.url } : {}
}

function authorityOf({ request }: Exchange): string | undefined {
  return header(request.headers, ':authority') ?? header(request.headers, 'Host')
}

async function untilOpen(host: string, port: number): Promise<void> {
  await until(OPENS_WITHIN_MS, async () => (await canConnect(host, port)) || undefined)
}
