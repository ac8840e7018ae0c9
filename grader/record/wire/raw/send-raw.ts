import type { Socket } from 'node:net'
import type { Exchange } from '../../../types/index.ts'
import type { AdaptiveTimeout } from '../../timing/deadline.ts'
import type { Opening } from '../opening.ts'
import { ownExchanges, type ExpectedExchange } from './own-exchanges.ts'
import { serialise, type RawRequest, type SerialisedRequest } from './raw-request.ts'

/**
 * Sends one request on a connection of its own, with `authority` in its Host, and gives the
 * exchange as the wire recorded it; its response is null when none came in time.
 * @throws GraderError for a request that contradicts itself: the author's mistake.
 */
export async function sendRaw(
  request: RawRequest,
  { wire, authority, open }: Opening,
  timeout: AdaptiveTimeout,
): Promise<Exchange | null> {
  const serialised = serialise(request, authority, true)
  const socket = await open()
  socket
    .setNoDelay(true)
    .on('error', () => {})
    .resume()
  const expected = ownExchanges(socket, wire, timeout).expect()
  try {
    await writeRequest(socket, request, serialised, expected)
    return await expected.answered()
  } finally {
    // Whoever waits longer sees that it is closed.
    socket.destroy()
  }
}

/** What is sent with the head, in one write, where nothing says that it comes in pieces. */
const ONE_WRITE_BYTES = 64 * 1024

/**
 * Writes a request as fast as the other side takes it: content that is long or in pieces after its
 * head, and no further when the whole answer is there before its end. Settles when nothing has to
 * be waited for any more but the answer.
 */
export async function writeRequest(
  socket: Socket,
  { expectContinue }: RawRequest,
  { head, content }: SerialisedRequest,
  expected: ExpectedExchange,
): Promise<void> {
  const isShort = content.length <= 1 && (content[0]?.length ?? 0) <= ONE_WRITE_BYTES
  if (isShort && !expectContinue) return void socket.write(Buffer.concat([head, ...content]))
  socket.write(head)
  if (expectContinue && !(await expected.mayContinue())) return
  void expected.begun.then(() => writeContent(socket, content, expected))
}

async function writeContent(
  socket: Socket,
  content: readonly Uint8Array[],
  expected: ExpectedExchange,
): Promise<void> {
  for (const piece of content)
    for (let start = 0; start < piece.length; start += ONE_WRITE_BYTES) {
      if (expected.isOver()) return
      const bytes = piece.subarray(start, start + ONE_WRITE_BYTES)
      await new Promise<void>((resolve) => socket.write(bytes, () => resolve()))
    }
}
