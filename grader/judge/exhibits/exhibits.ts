import type {
  Cookie,
  Exchange,
  Exhibit,
  MarkedLine,
  MessageExhibit,
  CookieChart,
  TableExhibit,
} from '../../types/index.ts'
import { exchangeOf, type OnWire } from '../../types/helpers/on-wire.ts'
import { cookieSent } from '../read/cookie-fields.ts'
import { bodyText, contentProblem, summary } from '../read/message.ts'
import { secondsAfter } from '../read/timing.ts'

const MOST_LINES = 14

/** A cookie's life as a picture: one sample per request, and the end the jar announced. */
export function cookieChart(
  name: string,
  answer: OnWire,
  requests: readonly OnWire[],
  seconds: number,
  cookie: Cookie | undefined,
): CookieChart {
  return {
    kind: 'cookie-chart',
    label: name,
    seconds,
    samples: requests
      .map((request) => exchangeOf(request))
      .map((exchange) => ({
        at: secondsAfter(answer, exchange.startedAt),
        sent: cookieSent(exchange, name) !== undefined,
        exchange: exchange.id,
      })),
    expiry: cookie?.expiresAt ? secondsAfter(answer, cookie.expiresAt) : null,
  }
}

/** Views side by side. */
export function table(
  title: string,
  columns: readonly string[],
  rows: readonly (readonly string[])[],
): TableExhibit {
  return { kind: 'table', title, columns, rows }
}

/**
 * A message's first line and fields; with `field`, only the field lines of that name, `mark` under
 * a part of the value.
 */
export function messageExhibit(
  exchange: Exchange,
  side: 'request' | 'response',
  focus?: { field: string; nth?: number; mark?: readonly [start: number, end: number] },
): MessageExhibit {
  return {
    kind: 'message',
    exchange: exchange.id,
    side,
    summary: summary(exchange),
    lines: lines(exchange, side, focus),
  }
}

/** The start of a message's content, as text. */
export function bodyExhibit(exchange: Exchange): Exhibit {
  // Bytes that cannot be decoded show nothing; the field that misnames them does.
  if (exchange.response && contentProblem(exchange.response) !== undefined)
    return messageExhibit(exchange, 'response', { field: 'Content-Encoding' })
  const text = exchange.response ? bodyText(exchange.response) : ''
  const shown = text === '' ? ['(no content)'] : text.split('\n').slice(0, MOST_LINES)
  return {
    kind: 'message',
    exchange: exchange.id,
    side: 'response',
    summary: summary(exchange),
    lines: shown.map((line) => ({ text: line })),
  }
}

function lines(
  exchange: Exchange,
  side: 'request' | 'response',
  focus: Parameters<typeof messageExhibit>[2],
): MarkedLine[] {
  const message = side === 'request' ? exchange.request : exchange.response
  if (!message) return exchange.garbage ? garbageLines(exchange.garbage) : []
  const fields = message.headers.map(([name, value]) => `${name}: ${value}`)
  if (!focus) return [message.startLine, ...fields].slice(0, MOST_LINES).map((text) => ({ text }))

  const chosen = message.headers.filter(
    ([name]) => name.toLowerCase() === focus.field.toLowerCase(),
  )
  return chosen.map(([name, value], index) => {
    const text = `${name}: ${value}`
    if (!focus.mark || index !== (focus.nth ?? 0)) return { text }
    const offset = name.length + 2
    return { text, mark: [focus.mark[0] + offset, focus.mark[1] + offset] }
  })
}

function garbageLines(bytes: Uint8Array): MarkedLine[] {
  const [first = ''] = Buffer.from(bytes.subarray(0, 200)).toString('latin1').split(/\r?\n/)
  return [{ text: first, mark: [0, Math.max(1, first.length)] }]
}
