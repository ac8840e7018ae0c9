import type { Exchange } from '../../../types/index.ts'
import type { AdaptiveTimeout } from '../../timing/deadline.ts'
import type { Opening } from '../opening.ts'
import { ownExchanges } from './own-exchanges.ts'
import { serialise, type RawRequest } from './raw-request.ts'
import type { UntilRead } from './until-read.ts'

/**
 * How many connections are opened before the program has accepted them. Some wait for it, and when
 * its queue is full the system may reset the next ones. Python's servers have a queue of five.
 */
const OPENED_AT_ONCE = 4

interface Together {
  readonly request: RawRequest
  readonly opening: Opening
}

/**
 * Sends requests that the program has all at the same time, each on a connection of its own:
 * everything but their last bytes first and, once the program has read that, the last bytes at
 * once. Gives the exchanges in the order of the requests, as `sendRaw` gives one.
 * @throws GraderError for a request that contradicts itself: the author's mistake.
 */
export async function sendTogether(
  requests: readonly Together[],
  timeout: AdaptiveTimeout,
  untilRead: UntilRead,
): Promise<(Exchange | null)[]> {
  const serialised = requests.map(({ request, opening }) => {
    const { head, content } = serialise(request, opening.authority, true)
    return { opening, bytes: Buffer.concat([head, ...content]) }
  })
  const clients: Client[] = []
  try {
    for (let first = 0; first < serialised.length; first += OPENED_AT_ONCE) {
      const group = serialised.slice(first, first + OPENED_AT_ONCE)
      const opened = await Promise.all(group.map((each) => openClient(each, timeout)))
      clients.push(...opened)
      for (const { socket, bytes } of opened) socket.write(bytes.subarray(0, -1))
      await untilPassed(opened, timeout)
      const byWire = new Map(group.map(({ opening }) => [opening.wire, opening]))
      await Promise.all([...byWire.values()].map(untilRead))
    }
    for (const { socket, bytes } of clients) socket.write(bytes.subarray(-1))
    return await Promise.all(clients.map(({ expected }) => expected.answered()))
  } finally {
    for (const { socket } of clients) socket.destroy()
  }
}

type Client = Awaited<ReturnType<typeof openClient>>

async function openClient(
  { opening, bytes }: { readonly opening: Opening; readonly bytes: Buffer },
  timeout: AdaptiveTimeout,
) {
  const socket = await opening.open()
  socket.setNoDelay(true).on('error', () => {})
  socket.resume()
  const expected = ownExchanges(socket, opening.wire, timeout).expect()
  return { socket, wire: opening.wire, expected, bytes }
}

/** Until all but the last byte of each has passed the wire, or its connection is gone. */
async function untilPassed(clients: readonly Client[], timeout: AdaptiveTimeout): Promise<void> {
  const subscribe = (ask: () => void) => {
    const stops = clients.map(({ socket, wire }) => {
      socket.once('close', ask)
      const stop = wire.subscribe({ traffic: ask })
      return () => {
        stop()
        socket.off('close', ask)
      }
    })
    return () => stops.forEach((stop) => stop())
  }
  const hasPassed = ({ socket, wire, bytes }: Client) =>
    socket.destroyed || wire.sentFrom(socket.localPort) >= bytes.length - 1
  await timeout.whenever(subscribe, () => clients.every(hasPassed) || undefined)
}
