import type { Exchange, Message } from '../../../types/index.ts'
import { KEPT_BYTES } from '../../../types/limits.ts'
import { exchangeOf, type OnWire } from '../../../types/helpers/on-wire.ts'
import { readStrictly } from './read-strictly.ts'

/** Why a strict reader refuses a message. */
export interface StrictFault {
  /** Where, in bytes from the beginning of the message as it crossed the wire. */
  readonly at: number
  /** What is there that may not be, or is not there: `a space before the colon`. */
  readonly say: string
}

/** Computed when somebody asks; a message is frozen by then. */
const known = new WeakMap<Message, StrictFault | null>()

/**
 * Why a strict reader refuses a request, as a server, or its response, which the recording read as
 * Chromium does. It reads no further than the first fault, so there is one at most; null when
 * the message is valid, when nothing crossed the wire, and for HTTP/2, which has no lines. By RFC
 * 9112.
 */
export function strictFault(
  of: OnWire | null | undefined,
  side: 'request' | 'response',
): StrictFault | null {
  const exchange = exchangeOf(of)
  const message = exchange?.[side]
  if (!exchange || !message || exchange.protocol === 'h2') return null
  const found = known.get(message) ?? findFault(exchange, side, message)
  known.set(message, found)
  return found
}

function findFault(
  { request, cut }: Exchange,
  side: 'request' | 'response',
  message: Message,
): StrictFault | null {
  const { bytes, isWhole } = asOnWire(message)
  const isOver = message.complete || (side === 'response' && cut === 'closed')
  const { problem } = readStrictly(bytes, {
    of: side === 'request' ? 'requests' : 'responses',
    closed: isOver,
    methods: [request.method],
    asServer: true,
  })
  if (!problem) return null
  // What was not kept, or had not come, may have been right.
  const isOpen = problem.isMissing && !(isOver && isWhole)
  return isOpen ? null : { at: problem.at, say: problem.say }
}

/** The message's bytes, its content in the chunks it came in. */
function asOnWire({ head, body, framing, rest }: Message): { bytes: Uint8Array; isWhole: boolean } {
  if (!framing) return { bytes: Buffer.concat([head, body]), isWhole: !rest }
  const pieces = [head]
  let taken = 0
  let from = 0
  for (let isSize = true; from < framing.length; isSize = !isSize) {
    const lineEnd = framing.indexOf(0x0a, from) + 1 || framing.length
    const line = framing.subarray(from, lineEnd)
    from = lineEnd
    pieces.push(line)
    if (!isSize) continue
    const size = Number.parseInt(Buffer.from(line).toString('latin1'), 16)
    // After the last chunk, and after what is none, there is no more content.
    if (!(size > 0)) break
    pieces.push(body.subarray(taken, taken + size))
    taken += size
    if (taken > body.length) return { bytes: Buffer.concat(pieces), isWhole: false }
  }
  pieces.push(framing.subarray(from))
  return { bytes: Buffer.concat(pieces), isWhole: !rest && framing.length < KEPT_BYTES }
}
