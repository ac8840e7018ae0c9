import type { Exchange } from '../../../types/index.ts'
import type { AdaptiveTimeout } from '../../timing/deadline.ts'
import type { Opening } from '../opening.ts'
import { ownExchanges } from './own-exchanges.ts'
import { serialise, type RawRequest } from './raw-request.ts'
import type { UntilRead } from './until-read.ts'

/**
 * Sends requests that the program has all at the same time, each on a connection of its own:
 * everything but their last bytes first and, once the program has read that, the last bytes at
 * once. Gives the exchanges in the order of the requests, as `sendRaw` gives one.
 * @throws GraderError for a request that contradicts itself: the author's mistake.
 */
export async function sendTogether(
  requests: readonly { readonly request: RawRequest; readonly opening: Opening }[],
  timeout: AdaptiveTimeout,
  untilRead: UntilRead,
): Promise<(Exchange | null)[]> {
  const serialised = requests.map(({ request, opening }) => {
    const { head, content } = serialise(request, opening.authority, true)
    return Buffer.concat([head, ...content])
  })
  const clients = await Promise.all(
    requests.map(async ({ opening }, index) => {
      const socket = await opening.open()
      socket.setNoDelay(true).on('error', () => {})
      socket.resume()
      const expected = ownExchanges(socket, opening.wire, timeout).expect()
      return { socket, wire: opening.wire, expected, bytes: serialised[index]! }
    }),
  )
  try {
    for (const { socket, bytes } of clients) socket.write(bytes.subarray(0, -1))
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
    const hasPassed = ({ socket, wire, bytes }: (typeof clients)[number]) =>
      socket.destroyed || wire.sentFrom(socket.localPort) >= bytes.length - 1
    await timeout.whenever(subscribe, () => clients.every(hasPassed) || undefined)
    const byWire = new Map(requests.map(({ opening }) => [opening.wire, opening]))
    await Promise.all([...byWire.values()].map(untilRead))
    for (const { socket, bytes } of clients) socket.write(bytes.subarray(-1))
    return await Promise.all(clients.map(({ expected }) => expected.answered()))
  } finally {
    for (const { socket } of clients) socket.destroy()
  }
}
