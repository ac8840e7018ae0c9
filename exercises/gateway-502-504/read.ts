import { json, text, type Exchange } from '#grader'
import type { Prepared } from './answers.ts'
import { combined, inWords } from './requests.ts'

type Fields = readonly (readonly [name: string, value: string])[]

/** A field of one hop, and what nothing but a copy of it has. */
export interface Mark {
  readonly name: string
  readonly mark: string
}

/** The fields of one hop that came through to the next, by their names; `none` where none did. */
export function leakedInto(headers: Fields | undefined, marks: readonly Mark[]): string {
  const came = ({ name, mark }: Mark) =>
    combined(headers ?? [], name)
      ?.toLowerCase()
      .includes(mark.toLowerCase())
  const leaked = marks.filter(came)
  return leaked.length === 0 ? 'none' : [...new Set(leaked.map(({ name }) => name))].join(', ')
}

/**
 * Whom the upstream takes for the client: the last address, because a gateway adds its own after
 * those that came, in X-Forwarded-For or in Forwarded (RFC 7239 §4).
 */
export function clientSeenIn(headers: Fields | undefined): string | undefined {
  const last = (name: string) =>
    combined(headers ?? [], name)
      ?.split(',')
      .at(-1)
      ?.trim()
  const forwarded = /(?:^|;)\s*for=("[^"]*"|[^;\s]*)/i.exec(last('Forwarded') ?? '')?.[1]
  const addresses = [last('X-Forwarded-For'), forwarded].map((each) => each?.replaceAll('"', ''))
  // A socket that also speaks IPv6 gives the same address in another form; a port may follow.
  const isOurs = (address = '') => /^\[?(::ffff:)?127\.0\.0\.1\]?(:\d+)?$/i.test(address)
  return addresses.some(isOurs) ? '127.0.0.1' : addresses.find(Boolean)
}

/** The gateways that a request names, in order; a protocol may be written in full (RFC 9110 §7.6.3). */
export function gatewaysIn(headers: Fields | undefined): string | undefined {
  const list = combined(headers ?? [], 'Via') ?? ''
  const entries = list.split(',').map((entry) => entry.replace(/\(.*?\)/g, '').trim())
  const short = entries.map((entry) => entry.replace(/^HTTP\//i, '').replace(/\s+/g, ' '))
  return short.filter(Boolean).join(', ') || undefined
}

/** An answer beside what the upstream had said, in the same words. */
export interface Compared {
  readonly status: number
  /** The fields that the upstream sent, but for those of the hop. */
  readonly fields: readonly {
    readonly name: string
    readonly sent: string | undefined
    readonly got: string | undefined
  }[]
  readonly content: { readonly sent: string | undefined; readonly got: string | undefined }
}

/** Compares an answer with what the upstream sent. Content that a gateway has unpacked is the same. */
export function compare(
  { status, headers, unpacked }: Prepared,
  method: string,
  exchange: Exchange | null,
): Compared {
  const { response } = exchange ?? {}
  const got = response?.headers ?? []
  const names = new Set(headers.map(([name]) => name).filter((name) => !OF_THE_CODING.test(name)))
  const valuesOf = (name: string, all: Fields) =>
    all.filter(([each]) => each.toLowerCase() === name.toLowerCase()).map(([, value]) => value)
  // Each cookie needs a line of its own (RFC 6265 §3); other fields may be joined.
  const joined = (name: string, all: Fields) =>
    valuesOf(name, all).join(name === 'Set-Cookie' ? ' | ' : ', ') || undefined
  return {
    status,
    fields: [...names].map((name) => ({
      name,
      sent: joined(name, headers),
      got: joined(name, got),
    })),
    content: {
      sent:
        method === 'HEAD' ? undefined : wholeInWords(unpacked.subarray(0, KEPT), unpacked.length),
      got: contentGot(exchange),
    },
  }
}

function contentGot(exchange: Exchange | null): string | undefined {
  const { response } = exchange ?? {}
  if (!response) return undefined
  if (isFalselyZipped(exchange)) return 'bytes that aren’t gzip'
  const { body, rest, complete } = response
  const isCoded = combined(response.headers, 'Content-Encoding') !== undefined
  const whole = isCoded
    ? inWords(Buffer.from(text(exchange)))
    : wholeInWords(body, body.length + (rest?.bytes ?? 0))
  return complete ? whole : `${whole ?? 'nothing'}, and then no end`
}

/** Of long content the recording keeps a megabyte, and how much followed. */
function wholeInWords(beginning: Uint8Array, length: number): string | undefined {
  const rest = length - beginning.length
  return rest === 0 ? inWords(beginning) : `${inWords(beginning)}, and ${rest} more bytes`
}

/** Whether the content is unpacked although Content-Encoding says gzip (RFC 1952 §2.3.1). */
export function isFalselyZipped(exchange: Exchange | null): boolean {
  const { response } = exchange ?? {}
  if (!response || combined(response.headers, 'Content-Encoding') !== 'gzip') return false
  return response.body.length > 0 && (response.body[0] !== 0x1f || response.body[1] !== 0x8b)
}

/** `502`; in words where there is none, because how long one is waited for differs. */
export function statusOf(exchange: Exchange | null): string {
  return String(exchange?.response?.status ?? 'no answer')
}

/** Whether nothing came while an answer was waited for. */
export function isSilent(exchange: Exchange | null): boolean {
  return exchange !== null && !exchange.response && !exchange.garbage && exchange.cut === null
}

/** What kind of JSON the content is. */
export function jsonKind(exchange: Exchange | null): string {
  const value = json(exchange)
  if (value === undefined) return 'no JSON'
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? 'a JSON object'
    : 'other JSON'
}

/** What a client has of an answer that broke off at the upstream. */
export function outcomeOf(exchange: Exchange | null): string {
  if (!exchange) return 'nothing'
  const { response, cut } = exchange
  // A gateway that had sent nothing yet may still say what happened.
  if (response?.complete) return response.status === 502 ? BROKEN_OFF : WHOLE
  if (cut !== null) return BROKEN_OFF
  return response ? PART : 'no answer'
}

export const BROKEN_OFF = 'it broke off here, too'
export const WHOLE = 'a whole answer'
export const PART = 'a part, and a wait for more'

/** Fields that go with how the content is packed. */
const OF_THE_CODING = /^(connection|keep-alive|x-shelf.*|content-encoding|vary)$/i
/** So much of a content the recording keeps. */
const KEPT = 1024 * 1024
