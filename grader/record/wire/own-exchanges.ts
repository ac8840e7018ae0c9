import type { Socket } from 'node:net'
import type { Exchange } from '../../types/index.ts'
import { whenever, type AdaptiveTimeout } from '../timing/deadline.ts'
import { isAwaited } from './is-awaited.ts'
import type { RecordingProxy } from './recording-proxy.ts'

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

const LONGEST_MS = 60_000

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
  let isGone = false
  const leave = () => (isGone = true)
  socket.on('error', leave).on('end', leave).on('close', leave)
  const all = () => {
    const connection = clientPort === undefined ? undefined : wire.connectionFrom(clientPort)
    return connection === undefined
      ? []
      : wire.exchanges().filter((exchange) => exchange.connection === connection)
  }
  const subscribe = (ask: () => void) => {
    socket.on('error', ask).on('end', ask).on('close', ask)
    const stop = wire.subscribe({ traffic: ask })
    return () => {
      stop()
      socket.off('error', ask).off('end', ask).off('close', ask)
    }
  }
  const once = (condition: () => boolean) =>
    whenever(LONGEST_MS, subscribe, () => (condition() ? true : undefined))
  const taken = new Set<Exchange>()
  let before: Promise<unknown> = Promise.resolve()

  return {
    expect() {
      const known = new Set(all())
      let own: Exchange | undefined
      const find = () => {
        own ??= all().find((each) => !known.has(each) && !taken.has(each))
        if (own) taken.add(own)
        return own
      }
      // Those that are expected at the same time are found in the order in which they were sent.
      const begun = before.then(() => once(() => find() !== undefined || isGone))
      before = begun
      const isOver = () => isGone || (own !== undefined && !isAwaited(own))
      return {
        begun,
        isOver,
        async mayContinue() {
          const isTold = () => own?.interim?.some(({ status }) => status === 100) === true
          const isRefused = () => !isTold() && (Boolean(own?.response) || isOver())
          await timeout.within(
            once(() => isTold() || isRefused()),
            null,
          )
          return !isRefused()
        },
        async answered() {
          await timeout.within(
            begun.then(() => once(isOver)),
            null,
          )
          return find() ?? null
        },
      }
    },
  }
}
