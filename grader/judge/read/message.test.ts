import {
  brotliCompressSync,
  deflateRawSync,
  deflateSync,
  gzipSync,
  zstdCompressSync,
} from 'node:zlib'
import { describe, expect, test } from 'vitest'
import type { Headers, Message } from '../../types/index.ts'
import { bodyText, jsonBody } from './message.ts'

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

  test.each<[string, Uint8Array, string]>([
    ['a coding that nobody knows', Buffer.from(TEXT), 'rot13'],
    ['what is not in its coding', Buffer.from(TEXT), 'gzip'],
    ['nothing at all', Buffer.alloc(0), 'gzip'],
  ])('%s is left as it came', (_, body, coding) => {
    expect(bodyText(message(body, ['Content-Encoding', coding]))).toBe(body.toString())
  })

  test('what would fill the memory is left as it came', () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024))
    expect(bodyText(message(bomb, ['Content-Encoding', 'gzip'])).length).toBeLessThan(
      bomb.length + 1,
    )
  })
})
