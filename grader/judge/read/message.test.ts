import {
  brotliCompressSync,
  deflateRawSync,
  deflateSync,
  gzipSync,
  zstdCompressSync,
} from 'node:zlib'
import { describe, expect, test } from 'vitest'
import type { Headers, Message } from '../../types/index.ts'
import { bodyText, contentProblem, jsonBody } from './message.ts'

const message = (body: Uint8Array, ...headers: Headers) => ({ headers, body }) as Message
const TEXT = '{"wörter":["eins","zwei"]}'

describe('content that was encoded for the way is read as it was meant', () => {
  test.each<[string, Uint8Array, Headers]>([
    ['none', Buffer.from(TEXT), []],
    ['identity', Buffer.from(TEXT), [['Content-Encoding', 'identity']]],
    ['gzip', gzipSync(TEXT), [['content-encoding', 'gzip']]],
    ['x-gzip', gzipSync(TEXT), [['Content-Encoding', 'X-GZIP']]],
    ['br', brotliCompressSync(TEXT), [['Content-Encoding', 'br']]],
    ['zstd', zstdCompressSync(TEXT), [['Content-Encoding', 'zstd']]],
    ['deflate', deflateSync(TEXT), [['Content-Encoding', 'deflate']]],
    ['deflate without its frame', deflateRawSync(TEXT), [['Content-Encoding', 'deflate']]],
    ['two, in one field', gzipSync(brotliCompressSync(TEXT)), [['Content-Encoding', 'br, gzip']]],
    [
      'two, in two fields',
      gzipSync(brotliCompressSync(TEXT)),
      [
        ['Content-Encoding', 'br'],
        ['Content-Encoding', 'gzip'],
      ],
    ],
  ])('%s', (_, body, headers) => {
    expect(bodyText(message(body, ...headers))).toBe(TEXT)
    expect(jsonBody(message(body, ...headers))).toEqual(JSON.parse(TEXT))
  })

  test('what Chromium cannot decode has no text, and a reason', () => {
    const plain = message(Buffer.from(TEXT), ['Content-Encoding', 'gzip'])
    expect([bodyText(plain), jsonBody(plain)]).toEqual(['', undefined])
    expect(contentProblem(plain)).toBe(
      "Your answer says Content-Encoding: gzip, but its content isn't gzip.",
    )
    expect(contentProblem(message(gzipSync(TEXT), ['Content-Encoding', 'gzip']))).toBeUndefined()
  })

  test('what Chromium does not decode is left as it came', () => {
    const unknown = message(Buffer.from(TEXT), ['Content-Encoding', 'rot13'])
    expect([bodyText(unknown), contentProblem(unknown)]).toEqual([TEXT, undefined])
  })
})
