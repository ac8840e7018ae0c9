import type { Exchange, Exhibit, Message } from '../../types/index.ts'
import { bodyExhibit, messageExhibit } from './exhibits.ts'
import { header, headers } from '../../types/helpers/header-fields.ts'
import { bodyText, summary } from '../read/message.ts'

/** Shorter values stand in many places by chance. */
const SHORTEST = 3
/** So do shorter ones as a part of a word or number: 400 in the port 44001. */
const SHORTEST_PART = 8

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
      inContent(exchange, asInJson(text)) ??
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
  const [field] = message.headers.find(([, value]) => placeOf(text, value) >= 0) ?? []
  if (field === undefined) return undefined
  const values = headers(message.headers, field)
  const nth = values.findIndex((value) => placeOf(text, value) >= 0)
  const start = placeOf(text, values[nth]!)
  return messageExhibit(exchange, side, { field, nth, mark: [start, start + text.length] })
}

function inContent(exchange: Exchange, text: string): Exhibit | undefined {
  const line = bodyText(exchange.response!)
    .split('\n')
    .find((each) => placeOf(text, each) >= 0)
  if (line === undefined) return undefined
  const start = placeOf(text, line)
  return {
    kind: 'message',
    exchange: exchange.id,
    side: 'response',
    summary: summary(exchange),
    lines: [{ text: line, mark: [start, start + text.length] }],
  }
}

/** Line ends and quotation marks are escaped in JSON. */
function asInJson(text: string): string {
  return JSON.stringify(text).slice(1, -1)
}

/** Where a text stands by itself in another one, a long one also as a part of a word; -1: nowhere. */
function placeOf(text: string, within: string): number {
  const isPart = (at: number) =>
    isInWord(within[at - 1], text[0]) || isInWord(text.at(-1), within[at + text.length])
  let at = within.indexOf(text)
  while (at >= 0 && text.length < SHORTEST_PART && isPart(at)) at = within.indexOf(text, at + 1)
  return at
}

function isInWord(before: string | undefined, after: string | undefined): boolean {
  return [before, after].every((letter) => letter !== undefined && /[\p{L}\p{N}]/u.test(letter))
}
