import { expect, test } from 'vitest'
import type { Exchange } from '../../grader/types/index.ts'
import { exchange } from '../../testing/exchange-builder.ts'
import { exchangeView } from './exchange.ts'

const answered = exchange({ id: 1, body: 'ok' })
const seen = (more: Partial<Exchange>) => String(exchangeView({ ...answered, ...more }, 0))
const response = answered.response!

test.each<[string, Partial<Exchange>, string]>([
  [
    'bytes after the response',
    { extra: Buffer.from('HTTP/1.1 500 Late') },
    'After the response, unasked',
  ],
  [
    'bytes of another protocol',
    { response: { ...response, status: 101 }, extra: Buffer.from('frame') },
    'In the other protocol',
  ],
  [
    'content that was not kept',
    { response: { ...response, rest: { bytes: 49_000_000, sha256: 'ab12' } } },
    '49000000 bytes of content followed that were not kept. Their SHA-256: <code>ab12</code>',
  ],
  [
    'a head that Chromium refuses',
    { response: { ...response, refused: 'a NUL byte is in it' } },
    'Chromium refuses this response: a NUL byte is in it.',
  ],
  [
    'a head that a strict reader refuses',
    { response: { ...response, head: Buffer.from('HTTP/1.1 200 OK\r\nServer : <a>\r\n\r\n') } },
    '<p class="because">A strict reader refuses this at byte 23: ',
  ],
  [
    'an answer that the scenario lost',
    { injected: [{ kind: 'cut', moment: 'before-response', how: 'reset', at: 1 }] },
    'The scenario cut the client&#39;s connection, so nothing of the response reached it.',
  ],
  [
    'an answer that the scenario cut off',
    { injected: [{ kind: 'cut', moment: 'mid-response', how: 'end', at: 1 }] },
    'The scenario cut the connection in the middle of the response.',
  ],
  [
    'a request that the scenario held',
    { injected: [{ kind: 'held-request', at: 1000, until: 1500 }] },
    'The scenario held the request for 0.50 s before your program got it.',
  ],
  [
    'an answer that the scenario held',
    { injected: [{ kind: 'held-response', at: 1000, until: null }] },
    'The scenario held the response until its end before the client got it.',
  ],
  [
    'bytes in place of a response',
    { response: null, garbage: Buffer.from('oops <b>') },
    'Instead of a response',
  ],
])('%s are shown', (_, more, words) => {
  expect(seen(more)).toContain(words)
  expect(seen({})).not.toContain(words)
})

test('their characters are text', () => {
  expect(seen({ extra: Buffer.from('<script>') })).toContain('&lt;script')
})
