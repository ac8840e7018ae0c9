import type { Exchange } from '../../types/index.ts'
import { whenever, type AdaptiveTimeout } from '../timing/deadline.ts'
import type { Opening } from './opening.ts'

/** A request no browser would make, or would not make this way. */
export interface RawRequest {
  readonly method?: string
  readonly path: string
  /** What Host says, when not the address's own; null for a request without one. */
  readonly host?: string | null
  /** Sent in this order and spelling, after Host. */
  readonly headers?: readonly (readonly [name: string, value: string])[]
  readonly body?: string
}

const LONGEST_MS = 60_000

/**
 * Sends one request on a connection of its own, with `authority` in its Host, and gives the
 * exchange as the wire recorded it; its response is null when none came in time.
 */
export async function sendRaw(
  request: RawRequest,
  { wire: proxy, authority, open }: Opening,
  timeout: AdaptiveTimeout,
): Promise<Exchange | null> {
  const socket = await open()
  let isOver = false
  // Several may send the same at once: one's own exchange is the one on one's own connection.
  let clientPort: number | undefined
  socket.on('connect', () => (clientPort = socket.localPort))
  socket.resume()
  socket.write(serialise(request, authority))
  const own = () => {
    const connection = clientPort === undefined ? undefined : proxy.connectionFrom(clientPort)
    return connection === undefined
      ? undefined
      : proxy.exchanges().findLast((exchange) => exchange.connection === connection)
  }
  const subscribe = (ask: () => void) => {
    const end = () => {
      isOver = true
      ask()
    }
    socket.on('error', end).on('end', end).on('close', end)
    return proxy.subscribe({ traffic: ask })
  }
  try {
    const answered = whenever(LONGEST_MS, subscribe, () => {
      const exchange = own()
      return exchange?.response?.complete || exchange?.garbage || isOver
        ? (exchange ?? null)
        : undefined
    })
    return (await timeout.within(answered, null)) ?? own() ?? null
  } finally {
    // Whoever waits longer sees that it is closed.
    socket.destroy()
  }
}

function serialise(
  { method = 'GET', path, host, headers = [], body }: RawRequest,
  authority: string,
): string {
  const own = host === null ? [] : [`Host: ${host ?? authority}`]
  const lines = [
    `${method} ${path} HTTP/1.1`,
    ...own,
    ...headers.map(([name, value]) => `${name}: ${value}`),
  ]
  if (body !== undefined) lines.push(`Content-Length: ${Buffer.byteLength(body)}`)
  return `${[...lines, 'Connection: close'].join('\r\n')}\r\n\r\n${body ?? ''}`
}
