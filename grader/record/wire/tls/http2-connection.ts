import { connect } from 'node:http2'
import type { Exchange } from '../../../types/index.ts'
import type { AdaptiveTimeout } from '../../timing/deadline.ts'
import type { RecordingProxy } from '../recording-proxy.ts'
import type { Site } from './sites.ts'

/** An HTTP/2 connection of a client that isn't a browser (RFC 9113). */
export interface Http2Connection {
  /**
   * Sends a request on a stream of its own, beside those that are under way, and gives the exchange
   * as the wire recorded it. Its response is null when none came in time; all of it is null when
   * the other side did not agree to speak HTTP/2, and nothing was asked.
   */
  request(request: Http2Request): Promise<Exchange | null>
  close(): void
}

export interface Http2Request {
  readonly method?: string
  readonly path: string
  /** What `:authority` says, when not the site's own. */
  readonly authority?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/**
 * Opens one. Fails for no program: what cannot be spoken to is not asked. `ca`: PEMs of the
 * authorities that are trusted.
 */
export function openHttp2(
  { url, host, authority }: Site,
  wire: RecordingProxy,
  ca: readonly string[],
  timeout: AdaptiveTimeout,
): Http2Connection {
  const session = connect(url, {
    host: '127.0.0.1',
    port: wire.port,
    servername: host,
    ca: [...ca],
  } as Parameters<typeof connect>[1])
  session.on('error', () => {})
  const taken = new Set<number>()
  const next = (method: string, path: string) => {
    const connection =
      session.socket?.localPort === undefined
        ? undefined
        : wire.connectionFrom(session.socket.localPort)
    const found =
      connection === undefined
        ? undefined
        : wire
            .exchanges()
            .find(
              (each) =>
                each.connection === connection &&
                !taken.has(each.id) &&
                each.request.method === method &&
                each.request.target === path,
            )
    if (found) taken.add(found.id)
    return found?.id
  }
  return {
    async request({ method = 'GET', path, authority: asked = authority, headers = {}, body }) {
      if (session.destroyed || session.closed) return null
      const stream = session.request(
        { ':method': method, ':scheme': 'https', ':authority': asked, ':path': path, ...headers },
        { endStream: body === undefined },
      )
      let over = false
      stream.on('error', () => {}).resume()
      if (body !== undefined) stream.end(body)
      let id: number | undefined
      const own = () => wire.exchanges().find((each) => each.id === (id ??= next(method, path)))
      stream.once('close', () => (over = true))
      const subscribe = (ask: () => void) => {
        stream.once('close', ask)
        const stop = wire.subscribe({ traffic: ask })
        return () => {
          stop()
          stream.off('close', ask)
        }
      }
      const answered = await timeout.whenever(subscribe, () => {
        const exchange = own()
        return over || exchange?.response?.complete ? (exchange ?? null) : undefined
      })
      const exchange = answered ?? own() ?? null
      if (!over) stream.close()
      return exchange
    },
    close: () => session.destroy(),
  }
}
