import { setTimeout as wait } from 'node:timers/promises'
import { Client, type ClientConfig } from 'pg'

export interface Listener {
  /** Settles when it listens for the first time. */
  readonly ready: Promise<void>
  close(): Promise<void>
}

export interface ListenOptions {
  /** Called with what a channel's notification carries. */
  readonly channels: Readonly<Record<string, (payload: string) => void>>
  /** It listens again after a while in which notifications were lost. */
  readonly onReconnect: () => void
  readonly onError: (error: Error) => void
}

const RETRY_MS = { first: 100, most: 2_000 }
/** A connection may break without a word. It is asked so often, and has to answer in that time. */
const PING_MS = 10_000

/**
 * Listens to channels of PostgreSQL on one connection of its own, and connects again whenever that
 * breaks, until it is closed.
 */
export function listen(config: ClientConfig, options: ListenOptions): Listener {
  const closing = new AbortController()
  const { promise: ready, resolve: isReady } = Promise.withResolvers<void>()
  const run = async () => {
    let delay = RETRY_MS.first
    for (let isFirst = true; !closing.signal.aborted;) {
      try {
        await session(config, options, closing.signal, () => {
          delay = RETRY_MS.first
          isReady()
          if (!isFirst) options.onReconnect()
          isFirst = false
        })
      } catch (error) {
        if (!closing.signal.aborted) options.onError(error as Error)
      }
      await wait(delay, undefined, { signal: closing.signal }).catch(() => {})
      delay = Math.min(2 * delay, RETRY_MS.most)
    }
  }
  const running = run()
  return {
    ready,
    async close() {
      closing.abort()
      await running
      isReady()
    },
  }
}

/** From connecting to the connection's end. */
async function session(
  config: ClientConfig,
  { channels }: ListenOptions,
  closing: AbortSignal,
  onListening: () => void,
): Promise<void> {
  const client = new Client({ connectionTimeoutMillis: PING_MS, ...config, keepAlive: true })
  const { promise: ended, resolve, reject } = Promise.withResolvers<void>()
  ended.catch(() => {})
  client.on('error', reject)
  client.on('end', resolve)
  client.on('notification', ({ channel, payload }) => channels[channel]?.(payload ?? ''))
  const stop = () => resolve()
  closing.addEventListener('abort', stop, { once: true })
  let ping: NodeJS.Timeout | undefined
  try {
    await client.connect()
    for (const channel of Object.keys(channels)) await client.query(`LISTEN ${channel}`)
    if (closing.aborted) return
    onListening()
    ping = setInterval(() => {
      const late = setTimeout(() => reject(new Error('The connection no longer answers.')), PING_MS)
      client.query('SELECT 1').then(
        () => clearTimeout(late),
        (error: Error) => (clearTimeout(late), reject(error)),
      )
    }, PING_MS)
    await ended
  } finally {
    clearInterval(ping)
    closing.removeEventListener('abort', stop)
    await Promise.race([client.end().catch(() => {}), wait(1_000, undefined, { ref: false })])
  }
}
