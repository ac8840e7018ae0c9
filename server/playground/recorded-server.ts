import type { RequestListener } from 'node:http'
import { createClock, createIdSource, startRecordingProxy } from '../../grader/index.ts'
import type { Exchange } from '../../grader/types/index.ts'
import { listenOn, closeServer, portOf } from '../http/listen.ts'
import { answerUnder } from './answer-under.ts'

/** A server whose every byte is kept. */
export interface RecordedServer {
  /** `http://127.0.0.1:40123` */
  readonly url: string
  /**
   * What it was asked and gave, in the order the requests began: everything, a browser's own
   * /favicon.ico as well. Cookies know no ports: those that other programs of this machine have set
   * are nobody's business here, and their values are left out.
   */
  exchanges(): Exchange[]
  /** The time of the recording: milliseconds. */
  now(): number
  /** Called whenever bytes arrive or a connection ends. */
  onTraffic(listener: () => void): void
  /** Ends when the condition holds, which is looked at whenever bytes arrive, or after `mostMs`. */
  until(condition: () => boolean, mostMs: number): Promise<void>
  close(): Promise<void>
}

/** Everything is kept, so nobody may send much at once. Bytes. */
const MOST_SENT = 65_536

/**
 * Starts one on a free port of 127.0.0.1, to a browser another site than the course's. It answers
 * under no other name.
 */
export async function startRecordedServer(answer: RequestListener): Promise<RecordedServer> {
  let host = ''
  const server = await listenOn(
    '127.0.0.1',
    0,
    answerUnder(() => host, answer),
  )
  const clock = createClock()
  const wire = await startRecordingProxy(
    { host: '127.0.0.1', port: portOf(server) },
    clock,
    createIdSource(),
    { mostSent: MOST_SENT },
  )
  host = `127.0.0.1:${wire.port}`
  return {
    url: `http://${host}`,
    exchanges: () => wire.exchanges().map(withoutCookies),
    now: () => clock.now(),
    onTraffic: (listener) => void wire.subscribe({ traffic: listener }),
    async until(condition, mostMs) {
      const { promise, resolve } = Promise.withResolvers<void>()
      const look = () => condition() && resolve()
      const timer = setTimeout(resolve, mostMs)
      const unsubscribe = wire.subscribe({ traffic: look })
      look()
      await promise
      clearTimeout(timer)
      unsubscribe()
    },
    async close() {
      await wire.close()
      await closeServer(server)
    },
  }
}

function withoutCookies(exchange: Exchange): Exchange {
  const headers = exchange.request.headers.map(
    ([name, value]) => [name, name.toLowerCase() === 'cookie' ? '…' : value] as const,
  )
  return { ...exchange, request: { ...exchange.request, headers } }
}
