import type { Exchange, Exhibit, Message } from '../../types/index.ts'
import { bodyExhibit, messageExhibit } from './exhibits.ts'
import { header, headers } from '../../types/header-fields.ts'
import { bodyText, summary } from '../read/message.ts'

/** Shorter values stand in many places by chance. */
const SHORTEST = 3

/**
 * Where a value stands in the exchange it was read from, marked: in a field of the response, in its
 * content, in a field of the request. A value that was made of what came, and stands nowhere, is
 * shown with what it was most likely made of.
 */
export function whereSeen(exchange: Exchange, value: unknown): Exhibit | undefined {
  const { request, response } = exchange
  if (!response?.complete) return undefined
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
  if (text !== undefined && text.length >= SHORTEST) {
    const found =
      inField(exchange, 'response', response, text) ??
      inContent(exchange, text) ??
      inField(exchange, 'request', request, text)
    if (found) return found
  }
  // What a sentence says of an answer is mostly about its fields, what a number or a list says
  // about its content.
  if (typeof value !== 'string' && /json/i.test(header(response.headers, 'Content-Type') ?? ''))
    return bodyExhibit(exchange)
  return text === undefined ? undefined : messageExhibit(exchange, 'response')
}

function inField(
  exchange: Exchange,
  side: 'request' | 'response',
  message: Message,
  text: string,
): Exhibit | undefined {
  const [field] = message.headers.find(([, value]) => value.includes(text)) ?? []
  if (field === undefined) return undefined
  const values = headers(message.headers, field)
  const nth = values.findIndex((value) => value.includes(text))
  const start = values[nth]!.indexOf(text)
  return messageExhibit(exchange, side, { field, nth, mark: [start, start + text.length] })
}

function inContent(exchange: Exchange, text: string): Exhibit | undefined {
  const line = bodyText(exchange.response!)
    .split('\n')
    .find((each) => each.includes(text))
  if (line === undefined) return undefined
  const start = line.indexOf(text)
  return {
    kind: 'message',
    exchange: exchange.id,
    side: 'response',
    summary: summary(exchange),
    lines: [{ text: line, mark: [start, start + text.length] }],
  }
}
