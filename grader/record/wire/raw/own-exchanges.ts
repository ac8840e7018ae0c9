import type { Socket } from 'node:net'
import type { Exchange } from '../../../types/index.ts'
import type { AdaptiveTimeout } from '../../timing/deadline.ts'
import { createWaiters } from '../../timing/waiters.ts'
import { isAwaited } from '../find/is-awaited.ts'
import type { RecordingProxy } from '../recording-proxy.ts'

/** The exchanges that a client of ours causes over one connection, as the wire records them. */
export interface OwnExchanges {
  /** The next exchange that nobody expects yet, to be called before its first byte is sent. */
  expect(): ExpectedExchange
}

export interface ExpectedExchange {
  /** Settles when its head has crossed the wire, or never will. */
  readonly begun: Promise<unknown>
  /** The whole answer is there, or none will come. */
  isOver(): boolean
  /**
   * Waits for a 100, or the time's end, and gives true: the content may be sent. False when another
   * answer came in its place (RFC 9110 §10.1.1).
   */
  mayContinue(): Promise<boolean>
  /**
   * Waits until it is answered, broken off or given up. Null when nothing of it crossed the wire.
   */
  answered(): Promise<Exchange | null>
}

/** An exchange that is expected, and those that were there before. */
interface Expected {
  readonly known: ReadonlySet<Exchange>
  own: Exchange | null
  begin(): void
}

/**
 * Several clients may send the same at once, so one's own exchanges are those on one's own
 * connection, which the wire knows by its port.
 */
export function ownExchanges(
  socket: Socket,
  wire: RecordingProxy,
  timeout: AdaptiveTimeout,
): OwnExchanges {
  let clientPort: number | undefined = socket.localPort
  socket.on('connect', () => (clientPort = socket.localPort))
  const all = () => {
    const connection = clientPort === undefined ? undefined : wire.connectionFrom(clientPort)
    return connection === undefined
      ? []
      : wire.exchanges().filter((exchange) => exchange.connection === connection)
  }
  const taken = new Set<Exchange>()
  /** Those of which nothing was found yet, in the order in which they are sent. */
  const expected: Expected[] = []
  const find = () => {
    for (let first = expected[0]; first; first = expected[0]) {
      const { known } = first
      const own = all().find((each) => !known.has(each) && !taken.has(each))
      if (!own) return
      taken.add(own)
      first.own = own
      first.begin()
      expected.shift()
    }
  }
  const waiters = createWaiters()
  const look = () => {
    find()
    waiters.ask()
  }
  const stop = wire.subscribe({ traffic: look })
  let isGone = false
  const leave = () => {
    isGone = true
    look()
    for (const each of expected) each.begin()
  }
  socket.on('error', leave).on('end', leave).on('close', leave).on('close', stop)

  return {
    expect() {
      const { promise: begun, resolve: begin } = Promise.withResolvers<void>()
      const it: Expected = { known: new Set(all()), own: null, begin }
      expected.push(it)
      if (isGone) begin()
      const isOver = () => isGone || (it.own !== null && !isAwaited(it.own))
      return {
        begun,
        isOver,
        async mayContinue() {
          const isTold = () => it.own?.interim?.some(({ status }) => status === 100) === true
          const isRefused = () => !isTold() && (Boolean(it.own?.response) || isOver())
          await timeout.whenever(waiters.subscribe, () => isTold() || isRefused() || undefined)
          return !isRefused()
        },
        async answered() {
          await timeout.whenever(waiters.subscribe, () => isOver() || undefined)
          find()
          return it.own
        },
      }
    },
  }
}
