import type { Socket } from 'node:net'
import type { Exchange } from '../../../types/index.ts'
import type { Clock } from '../../timing/clock.ts'
import { unlimited } from '../../timing/deadline.ts'
import type { Asked } from './answer-request.ts'
import { connectionEnd, type ConnectionEnd } from '../raw/connection-end.ts'
import { RequestReader } from '../reader/request-reader.ts'

/**
 * A connection that a client opened to a listener of the grader's own, with all that a
 * ConnectionEnd has.
 */
export interface ServedConnection extends ConnectionEnd {
  /** `1` for the first connection that was opened to this listener, and so on. */
  readonly number: number
  /**
   * Waits for the next whole request on it (RFC 9112); null when the client ends the connection, or
   * the scenario is over, before there is one.
   */
  nextRequest(): Promise<Asked | null>
}

/**
 * What a listener does with each connection; what it throws is the author's mistake. The connection
 * stays open until it is ended, by either side, or the scenario is over.
 */
export type Serve = (connection: ServedConnection) => Promise<void>

/** Reads a client's connection from now on. */
export function servedConnection(socket: Socket, number: number, clock: Clock): ServedConnection {
  // It ends with the scenario.
  const end = connectionEnd(socket, clock, unlimited)
  const begun: Exchange[] = []
  let taken = 0
  const waiting: (() => void)[] = []
  const ask = () => waiting.splice(0).forEach((each) => each())
  const reader = new RequestReader(
    () => {
      const exchange = { startedAt: 0, request: null } as unknown as Exchange
      begun.push(exchange)
      return exchange
    },
    () => {},
  )
  let isOver = false
  const leave = () => {
    isOver = true
    ask()
  }
  socket.on('data', (bytes: Buffer) => {
    reader.add(bytes, 0)
    ask()
  })
  socket.on('end', leave).on('error', leave).on('close', leave)
  return {
    ...end,
    number,
    async nextRequest() {
      const index = taken++
      for (;;) {
        const request = begun[index]?.request
        if (request?.complete) {
          const { method, target, path, headers, body } = request
          return { method, target, path, headers, body }
        }
        if (isOver) return null
        await new Promise<void>((resolve) => waiting.push(resolve))
      }
    },
  }
}
