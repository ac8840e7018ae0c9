import * as zlib from 'node:zlib'
import { describe, expect, test } from 'vitest'
import type { Headers } from '../../types/index.ts'
import { decodeContent } from './content-coding.ts'

const TEXT = '{"hello":"world, world, world, world"}'
const plain = Buffer.from(TEXT)
const gzip = zlib.gzipSync(TEXT)
const zipped = zlib.deflateSync(TEXT)
const raw = zlib.deflateRawSync(TEXT)
const br = zlib.brotliCompressSync(TEXT)
const zstd = zlib.zstdCompressSync(TEXT)
const summed = zlib.zstdCompressSync(TEXT, {
  params: { [zlib.constants.ZSTD_c_checksumFlag]: 1 },
})
const lines = Array.from({ length: 60000 }, (_, index) => `line ${(index * 7919) % 30011}\n`)
const long = lines.join('')
const junk = Buffer.from('garbage')
const bytes = (text: string) => Buffer.from(text, 'latin1')

/** The bytes with one of them inverted; from the end when negative. */
function flip(source: Buffer, index: number): Buffer {
  const copy = Buffer.from(source)
  const at = index < 0 ? copy.length + index : index
  copy[at] = copy[at]! ^ 0xff
  return copy
}

function gzipWith(flags: number, ...fields: string[]): Buffer {
  const head = bytes(`\x1f\x8b\x08${String.fromCharCode(flags)}\0\0\0\0\0\x03`)
  return Buffer.concat([head, bytes(fields.join('')), raw, gzip.subarray(-8)])
}

function read(body: Uint8Array, codings: string | readonly string[]): string {
  const headers: Headers = [codings].flat().map((value) => ['content-Encoding', value] as const)
  const content = decodeContent({ headers, body })
  return 'problem' in content ? 'unreadable' : Buffer.from(content.bytes).toString('latin1')
}

// What each of these is to Chromium 153 was measured with fetch().
describe('Chromium reads', () => {
  test.each<[what: string, body: Buffer, codings: string | string[], text?: string]>([
    ['no coding', plain, []],
    ['gzip', gzip, 'gzip'],
    ['gzip in capitals', gzip, 'GZIP'],
    ['gzip between blanks', gzip, '\t gzip \t'],
    ['x-gzip', gzip, 'x-gzip'],
    ['deflate', zipped, 'deflate'],
    ['deflate without its frame', raw, 'deflate'],
    ['deflate that compresses nothing', zlib.deflateRawSync(TEXT, { level: 0 }), 'deflate'],
    ['br', br, 'br'],
    ['zstd', zstd, 'zstd'],
    ['zstd with a checksum', summed, 'zstd'],
    ['two codings in one field', zlib.gzipSync(br), 'br, gzip'],
    ['two codings in two fields', zlib.gzipSync(br), ['br', 'gzip']],
    ['one coding twice', zlib.gzipSync(gzip), 'gzip, gzip'],
    [
      'gzip with an extra field, a name, a comment',
      gzipWith(28, '\x02\0ab', 'name\0', 'c\0'),
      'gzip',
    ],
    ['gzip with a wrong checksum of its head', gzipWith(2, '\0\0'), 'gzip'],
    ['gzip with a reserved flag', gzipWith(128), 'gzip'],
    ['gzip with a wrong checksum', flip(gzip, -6), 'gzip'],
    ['gzip with a wrong length', flip(gzip, -1), 'gzip'],
    ['gzip without its checksum', gzip.subarray(0, -8), 'gzip'],
    ['gzip with its checksum cut', gzip.subarray(0, -1), 'gzip'],
    ['gzip and garbage', Buffer.concat([gzip, junk]), 'gzip'],
    ['gzip twice, the first only', Buffer.concat([gzip, gzip]), 'gzip'],
    ['gzip cut in the middle', gzip.subarray(0, -12), 'gzip', TEXT.slice(0, 17)],
    ['gzip cut early', gzip.subarray(0, 20), 'gzip', TEXT.slice(0, 9)],
    ['a head of gzip', gzip.subarray(0, 10), 'gzip', ''],
    ['a part of a head of gzip', gzip.subarray(0, 5), 'gzip', ''],
    ['a first byte of gzip', gzip.subarray(0, 1), 'gzip', ''],
    ['deflate without its checksum', zipped.subarray(0, -1), 'deflate'],
    ['deflate cut', zipped.subarray(0, -6), 'deflate', TEXT.slice(0, 37)],
    ['bare deflate cut', raw.subarray(0, -2), 'deflate', TEXT.slice(0, 37)],
    ['deflate and garbage', Buffer.concat([zipped, junk]), 'deflate'],
    ['br cut', br.subarray(0, -2), 'br', TEXT.slice(0, 14)],
    ['a first byte of br', br.subarray(0, 1), 'br', ''],
    ['br and garbage', Buffer.concat([br, junk]), 'br'],
    ['zstd cut', zstd.subarray(0, -6), 'zstd', ''],
    ['a first part of zstd', zstd.subarray(0, 3), 'zstd', ''],
    ['zstd twice', Buffer.concat([zstd, zstd]), 'zstd', TEXT + TEXT],
    ['zstd and a part of another', Buffer.concat([zstd, zstd.subarray(0, 5)]), 'zstd'],
    ['zstd without its checksum', summed.subarray(0, -4), 'zstd'],
    ['br cut within gzip', zlib.gzipSync(br).subarray(0, -12), 'br, gzip', TEXT.slice(0, 9)],
    ['nothing as gzip', Buffer.alloc(0), 'gzip', ''],
    ['nothing as deflate', Buffer.alloc(0), 'deflate', ''],
    ['nothing as br', Buffer.alloc(0), 'br', ''],
    ['nothing as zstd', Buffer.alloc(0), 'zstd', ''],
  ])('%s', (_, body, codings, text = TEXT) => {
    expect(read(body, codings)).toBe(text)
  })

  test('of a long zstd that was cut what came', () => {
    const cut = zlib.zstdCompressSync(long).subarray(0, -20)
    expect(read(cut, 'zstd')).toBe(long.slice(0, 393216))
  })
})

describe('Chromium leaves as it came what names', () => {
  test.each<[string | string[]]>([
    ['identity'],
    ['rot13'],
    [''],
    ['gzip,'],
    [',gzip'],
    ['identity, gzip'],
    ['gzip, identity'],
    [['identity', 'gzip']],
    ['rot13, gzip'],
    ['gzip, rot13'],
    ['gzip,,gzip'],
    ['x-deflate'],
    ['compress'],
    ['dcb'],
    ['gzip/1'],
    ['(gzip)'],
    ['toString'],
    ['gzipx'],
  ])('%j', (codings) => {
    expect(read(gzip, codings)).toBe(gzip.toString('latin1'))
  })
})

describe('Chromium cannot read', () => {
  test.each<[what: string, body: Buffer, codings: string | string[]]>([
    ['plain text as gzip', plain, 'gzip'],
    ['plain text as x-gzip', plain, 'x-gzip'],
    ['one plain byte as gzip', bytes('x'), 'gzip'],
    ['gzip of another method', flip(gzip, 2), 'gzip'],
    ['a head of gzip, then garbage', Buffer.concat([gzip.subarray(0, 10), junk, junk]), 'gzip'],
    ['a second byte that is wrong', bytes('\x1fx'), 'gzip'],
    ['deflate as gzip', zipped, 'gzip'],
    ['bare deflate as gzip', raw, 'gzip'],
    ['gzip as deflate', gzip, 'deflate'],
    ['plain text as deflate', plain, 'deflate'],
    ['deflate with a wrong checksum', flip(zipped, -1), 'deflate'],
    ['bare deflate and garbage', Buffer.concat([raw, junk]), 'deflate'],
    ['deflate with a wrong byte', flip(zipped, 8), 'deflate'],
    ['plain text as br', plain, 'br'],
    ['gzip as br', gzip, 'br'],
    ['br with a wrong byte', flip(br, 8), 'br'],
    ['plain text as zstd', plain, 'zstd'],
    ['zstd and garbage', Buffer.concat([zstd, junk]), 'zstd'],
    ['zstd with a wrong checksum', flip(summed, -1), 'zstd'],
    ['codings in the wrong order', zlib.gzipSync(br), 'gzip, br'],
    ['a coding named twice and applied once', gzip, ['gzip', 'gzip']],
    ['plain text in the inner coding', zlib.gzipSync(TEXT), 'br, gzip'],
    ['a parameter', gzip, 'gzip;q=1'],
    ['an empty parameter', gzip, 'gzip;'],
    ['quotes', gzip, '"gzip"'],
    ['a space within', gzip, 'gzip gzip'],
    ['a parameter of an unknown coding', plain, 'rot13;q=1'],
    ['a parameter after an unknown coding', plain, 'rot13, gzip;q=1'],
  ])('%s', (_, body, codings) => {
    expect(read(body, codings)).toBe('unreadable')
  })

  test('and the learner reads why', () => {
    const why = (value: string) =>
      decodeContent({ headers: [['Content-Encoding', value]], body: plain })
    expect(why('gzip')).toEqual({
      problem: "Your answer says Content-Encoding: gzip, but its content isn't gzip.",
    })
    expect(why('gzip;q=1')).toEqual({
      problem: expect.stringMatching(/^Your answer says Content-Encoding: gzip;q=1, which isn't/),
    })
    const bomb = zlib.gzipSync(Buffer.alloc(64 * 1024 * 1024))
    expect(decodeContent({ headers: [['Content-Encoding', 'gzip']], body: bomb })).toEqual({
      problem: expect.stringMatching(/longer than 16 MB/),
    })
  })
})
