import { describe, expect, test } from 'vitest'
import type { Exchange } from '../../../types/index.ts'
import { seededRandom } from '../../random.ts'
import { ConnectionReader } from './connection-reader.ts'
import type { LogEntry } from './log.ts'

type Piece = { from: 'client' | 'server'; bytes: Buffer }

function read(pieces: readonly Piece[], end: LogEntry['kind'] = 'ended'): Exchange[] {
  let ids = 0
  const exchanges: Exchange[] = []
  const reader = new ConnectionReader({ connection: 1 }, () => ++ids, {
    begun: (exchange) => void exchanges.push(exchange),
    over: () => {},
  })
  for (const piece of pieces) reader.push({ kind: 'bytes', at: 1, ...piece })
  reader.push({ kind: end, by: 'server', at: 1 } as LogEntry)
  reader.stop()
  return exchanges
}

const random = seededRandom('any cuts')
const below = (limit: number) => random.integer(0, limit - 1)
const oneOf = <Item>(items: readonly Item[]) => items[below(items.length)]!

const METHODS = ['GET', 'HEAD', 'POST', 'CONNECT', 'G(T', '']
const REQUEST_FIELDS = [
  'Host: a',
  'Content-Length: 5',
  'Content-Length: 5, 5',
  'Content-Length: x',
  'Transfer-Encoding: chunked',
  'Transfer-Encoding: gzip',
  'Upgrade: websocket',
  'no colon',
]
const STATUS_LINES = [
  'HTTP/1.1 200 OK',
  'HTTP/1.1 100 Continue',
  'HTTP/1.1 101 Switching',
  'HTTP/1.1 204 None',
  'HTTP/1.0 200 OK',
  '\nHTTP/1.1 200 OK',
  'http/1.1  404',
  'oops',
  '',
]
const RESPONSE_FIELDS = [
  ...REQUEST_FIELDS.slice(1, 6),
  'Location: /a',
  'Location: /b',
  'X: a\r\n b',
  'Connection: close',
]
const CONTENTS = [
  '',
  'hello',
  '5\r\nhello\r\n0\r\n\r\n',
  '5;x\nhello\n0\nT: u\n\n',
  'zz\r\n',
  '\r\n',
]

function message(line: string, fields: readonly string[]): string {
  const lineEnd = oneOf(['\r\n', '\r\n', '\r\n', '\n'])
  const chosen = Array.from({ length: below(4) }, () => oneOf(fields))
  const end = below(12) === 0 ? '' : lineEnd
  return [line, ...chosen].map((each) => each + lineEnd).join('') + end + oneOf(CONTENTS)
}

function conversation(): Piece[] {
  return Array.from({ length: 1 + below(3) }, (): Piece[] => [
    {
      from: 'client',
      bytes: Buffer.from(
        message(`${oneOf(METHODS)} ${oneOf(['/', '/a?b', '*'])} HTTP/1.1`, REQUEST_FIELDS),
      ),
    },
    { from: 'server', bytes: Buffer.from(message(oneOf(STATUS_LINES), RESPONSE_FIELDS)) },
  ]).flat()
}

/** The same bytes in the same order, in other pieces. */
function cut(pieces: readonly Piece[], size: () => number): Piece[] {
  return pieces.flatMap(({ from, bytes }) => {
    const parts: Piece[] = []
    for (let start = 0; start < bytes.length;) {
      const end = start + size()
      parts.push({ from, bytes: bytes.subarray(start, end) })
      start = end
    }
    return parts
  })
}

describe('exchanges', () => {
  test('are the same however the bytes were cut', () => {
    for (let round = 0; round < 8000; round++) {
      const pieces = conversation()
      const whole = read(pieces)
      const shown = JSON.stringify(
        pieces.map(({ from, bytes }) => [from, bytes.toString('latin1')]),
      )
      expect(read(cut(pieces, () => 1)), shown).toEqual(whole)
      expect(read(cut(pieces, () => 1 + below(9))), shown).toEqual(whole)
    }
  })

  test.each<[string, string, string]>([
    ['interim responses', '', 'HTTP/1.1 100 Continue\r\n\r\n'],
    ['line feeds before a request', '\n', ''],
    ['fields', 'GET / HTTP/1.1\r\n', 'X: y\r\n'],
    ['blanks in a value', 'GET / HTTP/1.1\r\nX: a', ' '],
    ['small exchanges', 'GET / HTTP/1.1\r\n\r\n', 'HTTP/1.1 204 None\r\n\r\n'],
    ['chunks', '', '1\r\na\r\n'],
    ['garbage', '', '\u0001'],
  ])('take time linear in the bytes: %s', (_, sent, received) => {
    const steps = (times: number) => {
      const pieces: Piece[] = [{ from: 'client', bytes: Buffer.from('GET / HTTP/1.1\r\n\r\n') }]
      const head = received.startsWith('1\r\n')
        ? 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'
        : ''
      pieces.push({ from: 'server', bytes: Buffer.from(head) })
      for (let time = 0; time < times; time++) {
        pieces.push({ from: 'client', bytes: Buffer.from(sent, 'latin1') })
        pieces.push({ from: 'server', bytes: Buffer.from(received, 'latin1') })
      }
      const start = performance.now()
      read(pieces)
      return performance.now() - start
    }
    // Quadratic would be 100 times as much for 10 times the bytes. A machine with other things to
    // do spoils a comparison; the square would spoil every one.
    const ratios = Array.from({ length: 8 }, () => steps(20_000) / steps(2000))
    expect(Math.min(...ratios)).toBeLessThan(50)
  })
})
