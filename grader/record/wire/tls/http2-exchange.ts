import type { Exchange, Headers, Request, Response } from '../../../types/index.ts'
import type { Writable } from '../../../types/writable.ts'
import { fieldText } from '../field-value.ts'
import { Content } from '../reader/content.ts'

/** An exchange over HTTP/2 while it goes on. Values of fields have one character per byte. */
export interface Http2Recording {
  readonly exchange: Writable<Exchange>
  /** True when a message is longer than any may be. */
  readonly isTooLong: boolean
  /** Interim answers, pseudo-header fields left out. */
  addInterim(status: number, headers: Headers, at: number): void
  addRequestContent(bytes: Uint8Array): void
  endRequest(at: number): void
  beginResponse(status: number, headers: Headers, at: number): void
  addResponseContent(bytes: Uint8Array, at: number): void
  /** Complete: END_STREAM came, and no reset (RFC 9113 §8.1). */
  endResponse(isComplete: boolean, at: number): void
  cut(how: Exchange['cut']): void
}

/**
 * Begins an exchange in the form in which all others are kept. Its heads are no text on the wire
 * but compressed fields (RFC 9113 §8.3): the text is made of them, with a start line that says
 * `HTTP/2`. `headers`: with the pseudo-header fields (§8.3.1), in the order in which they came.
 */
export function recordHttp2(
  {
    id,
    connection,
    startedAt,
    security,
  }: Pick<Exchange, 'id' | 'connection' | 'startedAt' | 'security'>,
  headers: Headers,
): Http2Recording {
  const pseudo = (name: string) => headers.find(([key]) => key === name)?.[1] ?? ''
  const [method, target] = [pseudo(':method'), pseudo(':path')]
  const request: Writable<Request> = {
    ...head(`${method} ${target} HTTP/2`, headers),
    body: Buffer.alloc(0),
    complete: false,
    startedAt,
    endedAt: startedAt,
    method,
    target,
    path: target.split('?', 1)[0]!,
  }
  const exchange: Writable<Exchange> = {
    kind: 'exchange',
    id,
    connection,
    startedAt,
    request,
    response: null,
    garbage: null,
    cut: null,
    protocol: 'h2',
    ...(security && { security }),
  }
  const requestContent = new Content(request)
  let response: Writable<Response> | null = null
  let responseContent: Content | null = null
  return {
    exchange,
    get isTooLong() {
      return requestContent.isTooLong || responseContent?.isTooLong === true
    },
    addInterim(status, fields, at) {
      exchange.interim = [...(exchange.interim ?? []), { status, headers: asText(fields), at }]
    },
    addRequestContent: (bytes) => requestContent.add(bytes),
    endRequest(at) {
      requestContent.end()
      Object.assign(request, { complete: true, endedAt: at })
    },
    beginResponse(status, fields, at) {
      response = {
        ...head(`HTTP/2 ${status}`, fields),
        body: Buffer.alloc(0),
        complete: false,
        startedAt: at,
        endedAt: at,
        status,
        reason: '',
      }
      responseContent = new Content(response)
      exchange.response = response
    },
    addResponseContent(bytes, at) {
      responseContent?.add(bytes)
      if (response) response.endedAt = at
    },
    endResponse(isComplete, at) {
      responseContent?.end()
      if (response) Object.assign(response, { complete: isComplete, endedAt: at })
      if (isComplete) exchange.cut = null
    },
    cut(how) {
      if (!response?.complete) exchange.cut ??= how
    },
  }
}

function head(startLine: string, headers: Headers) {
  const lines = [startLine, ...headers.map(([name, value]) => `${name}: ${value}`)]
  const bytes = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1')
  return { startLine, headers: asText(headers), head: bytes }
}

function asText(headers: Headers): Headers {
  return headers.map(([name, value]) => [name, fieldText(value)])
}
