import { expect, test } from 'vitest'
import { asTyped, MOST_BYTES, typedBytes } from './typed-bytes.ts'

test.each([
  ['GET / HTTP/1.1\\r\\n\n\\r\\n\n', 'GET / HTTP/1.1\r\n\r\n'],
  ['a\\n\r\nb', 'a\nb'],
  ['a\nb', 'ab'],
  ['\\ra\\x00\\xfF\\x4', '\ra\0\xff\\x4'],
  ['\\\\r\\t\t\\q', '\\r\t\t\\q'],
  ['é', '\xc3\xa9'],
  ['', ''],
])('%j is bytes', (text, bytes) => {
  expect(typedBytes(text)!.toString('latin1')).toBe(bytes)
})

test('every byte can be typed', () => {
  const all = Buffer.from(Array.from({ length: 512 }, (_, index) => index % 256))
  expect(typedBytes(asTyped(all))).toEqual(all)
  expect(asTyped('a\r\nb\xe9\\r')).toBe('a\\r\\n\nb\\xe9\\\\r')
})

test.each([null, 5, ['a'], 'x'.repeat(MOST_BYTES + 1), '\n'.repeat(4 * MOST_BYTES + 1)])(
  'what is no text or too much is not sent',
  (text) => {
    expect(typedBytes(text)).toBeUndefined()
  },
)
