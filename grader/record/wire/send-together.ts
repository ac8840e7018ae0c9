import { once } from 'node:events'
import type { Exchange } from '../../types/index.ts'
import { whenever, type AdaptiveTimeout } from '../timing/deadline.ts'
import type { Opening } from './opening.ts'
import { ownExchanges } from './own-exchanges.ts'
import { serialise, type RawRequest } from './raw-request.ts'

const LONGEST_MS = 60_000

/**
 * Sends requests that the program has all at the same time, each on a connection of its own:
 * everything but their last bytes first and, once the wire has passed that on, the last bytes at
 * once. Gives the exchanges in the order of the requests, as `sendRaw` gives one.
 * @throws GraderError for a request that contradicts itself: the author's mistake.
 */
export async function sendTogether(
  requests: readonly { readonly request: RawRequest; readonly opening: Opening }[],
  timeout: AdaptiveTimeout,
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
    const ready = clients.map(async ({ socket, wire, bytes }) => {
      const length = bytes.length - 1
      if (socket.connecting) await once(socket, 'connect').catch(() => {})
      socket.write(bytes.subarray(0, length))
      const subscribe = (ask: () => void) => {
        socket.on('close', ask)
        const stop = wire.subscribe({ traffic: ask })
        return () => {
          stop()
          socket.off('close', ask)
        }
      }
      await whenever(LONGEST_MS, subscribe, () =>
        socket.destroyed || wire.sentFrom(socket.localPort) >= length ? true : undefined,
      )
    })
    await timeout.within(Promise.all(ready), null)
    for (const { socket, bytes } of clients) socket.write(bytes.subarray(-1))
    return await Promise.all(clients.map(({ expected }) => expected.answered()))
  } finally {
    for (const { socket } of clients) socket.destroy()
  }
}
