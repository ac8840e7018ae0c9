import type { Exchange, Headers } from '../../../types/index.ts'
import { fieldText } from '../field-value.ts'

/**
 * What crossed an HTTP/2 stream. Times as the run's clock has them. Values of fields have one
 * character per byte.
 */
export interface Http2Parts {
  readonly id: number
  readonly connection: number
  readonly startedAt: number
  /** With the pseudo-header fields (RFC 9113 §8.3.1), in the order in which they came. */
  readonly requestHeaders: Headers
  /** In pieces, as they came. */
  readonly requestBody: readonly Uint8Array[]
  /** When the client ended its side of the stream (END_STREAM); null before, and after a reset. */
  readonly requestEndedAt: number | null
  readonly response: {
    readonly status: number
    readonly headers: Headers
    readonly body: readonly Uint8Array[]
    readonly complete: boolean
    readonly startedAt: number
    readonly endedAt: number
  } | null
  readonly interim: NonNullable<Exchange['interim']>
  readonly cut: Exchange['cut']
}

/**
 * The exchange in the form in which all others are kept. Its heads are no text on the wire but
 * compressed fields (RFC 9113 §8.3): the text is made of them, with a start line that says
 * `HTTP/2`.
 */
export function http2Exchange({
  id,
  connection,
  startedAt,
  requestHeaders,
  requestBody,
  requestEndedAt,
  response,
  interim,
  cut,
}: Http2Parts): Exchange {
  const pseudo = (name: string) => requestHeaders.find(([key]) => key === name)?.[1] ?? ''
  const [method, target] = [pseudo(':method'), pseudo(':path')]
  return {
    kind: 'exchange',
    id,
    connection,
    startedAt,
    request: {
      ...message(`${method} ${target} HTTP/2`, requestHeaders),
      body: Buffer.concat(requestBody),
      complete: requestEndedAt !== null,
      startedAt,
      endedAt: requestEndedAt ?? startedAt,
      method,
      target,
      path: target.split('?', 1)[0]!,
    },
    response: response && {
      ...response,
      body: Buffer.concat(response.body),
      reason: '',
      ...message(`HTTP/2 ${response.status}`, response.headers),
    },
    garbage: null,
    cut: response?.complete ? null : cut,
    protocol: 'h2',
    ...(interim.length > 0 && {
      interim: interim.map((each) => ({ ...each, headers: asText(each.headers) })),
    }),
  }
}

function message(startLine: string, headers: Headers) {
  const lines = [startLine, ...headers.map(([name, value]) => `${name}: ${value}`)]
  const head = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1')
  return { startLine, headers: asText(headers), head }
}

function asText(headers: Headers): Headers {
  return headers.map(([name, value]) => [name, fieldText(value)])
}
