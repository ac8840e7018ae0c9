import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import type { Clock } from '../../timing/clock.ts'
import type { Exchange, Security } from '../../../types/index.ts'
import type { AdaptiveTimeout } from '../../timing/deadline.ts'
import { connectionEnd, type ConnectionEnd } from './connection-end.ts'
import { isAwaited } from '../find/is-awaited.ts'
import type { Opening } from '../opening.ts'
import { ownExchanges, type ExpectedExchange } from './own-exchanges.ts'
import { serialise, type RawRequest } from './raw-request.ts'
import { writeRequest } from './send-raw.ts'
import { errorInWords } from '../tls/error-in-words.ts'
import { securityOf } from '../tls/security.ts'

/**
 * A connection of your own to the program, with all that a ConnectionEnd has: cut anywhere, paused,
 * half-closed, reset.
 */
export interface RawConnection extends ConnectionEnd {
  /**
   * Sends a request over it and gives the exchange as the wire recorded it; its response is null
   * when none came in time, all of it when nothing crossed the wire. The connection stays open:
   * `Connection: close` is sent only where the request's headers say so.
   */
  request(request: RawRequest | string): Promise<Exchange | null>
  /**
   * Sends requests in one write, none waiting for an answer (RFC 9112 §9.3.2), and gives their
   * exchanges in the same order once each is answered, broken off or given up.
   */
  pipeline(requests: readonly (RawRequest | string)[]): Promise<(Exchange | null)[]>
  /** What TLS agreed upon; null without TLS, and where none came about. */
  readonly security: Security | null
  /**
   * Why no TLS came about: the program's alert (`alert protocol version`, RFC 8446 §6.2) or
   * OpenSSL's reason in words. Null where it did, and without TLS.
   */
  readonly refused: string | null
}

export interface RawSurroundings {
  readonly clock: Clock
  readonly timeout: AdaptiveTimeout
  /** Called with an exchange whose answer did not come in time. */
  readonly giveUp: (exchange: Exchange) => void
}

/**
 * Opens a connection. Fails for no program: a refused one is a record without bytes that ended by
 * reset.
 */
export async function openRawConnection(
  opening: Opening,
  { clock, timeout, giveUp }: RawSurroundings,
): Promise<RawConnection> {
  const socket = await opening.open()
  const end = connectionEnd(socket, clock, timeout)
  const exchanges = ownExchanges(socket, opening.wire, timeout)
  let failure: NodeJS.ErrnoException | null = null
  socket.once('error', (error) => (failure = error))
  await settled(socket)
  const security = isSecure(socket) && !failure ? securityOf(socket) : null

  const ask = (request: RawRequest | string) => {
    const asked = typeof request === 'string' ? { path: request } : request
    return { asked, serialised: serialise(asked, opening.authority, false) }
  }
  const answered = async (expected: ExpectedExchange) => {
    const exchange = await expected.answered()
    if (exchange && isAwaited(exchange)) giveUp(exchange)
    return exchange
  }
  return {
    ...end,
    security,
    refused: isSecure(socket) && failure ? errorInWords(failure) : null,
    async request(request) {
      const { asked, serialised } = ask(request)
      const expected = exchanges.expect()
      await writeRequest(socket, asked, serialised, expected)
      return answered(expected)
    },
    async pipeline(requests) {
      const bytes = requests.flatMap((request) => {
        const { head, content } = ask(request).serialised
        return [head, ...content]
      })
      const expected = requests.map(() => exchanges.expect())
      void end.write(Buffer.concat(bytes))
      return Promise.all(expected.map(answered))
    },
  }
}

function isSecure(socket: Socket): socket is TLSSocket {
  return 'encrypted' in socket
}

function settled(socket: Socket): Promise<void> {
  const opened = isSecure(socket) ? 'secureConnect' : 'connect'
  return new Promise((resolve) =>
    socket
      .once(opened, resolve)
      .once('error', () => resolve())
      .once('close', () => resolve()),
  )
}
