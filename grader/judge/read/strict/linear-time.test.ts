import { describe, expect, test } from 'vitest'
import { readStrictly } from './read-strictly.ts'

const OK = 'HTTP/1.1 200 OK\r\n'
const CHUNKED = `${OK}Transfer-Encoding: chunked\r\n\r\n`

describe('the time grows with the bytes and not with their square, for', () => {
  // Eight times the bytes take about eight times as long, and sixty-four times where runs are tried
  // again and again. What is asserted lies between.
  const many = (text: string, count: number) => text.repeat(count)
  test.each<[what: string, write: (count: number) => string]>([
    ['spaces in a value', (count) => `${OK}X: a${many(' ', count)}b\r\n\r\n`],
    ['spaces after a value', (count) => `${OK}X: a${many(' ', count)}\r\n\r\n`],
    ['spaces before a colon', (count) => `${OK}X${many(' ', count)}: a\r\n\r\n`],
    ['fields', (count) => `${OK}${many('X: a\r\n', count / 4)}\r\n`],
    ['codings', (count) => `${OK}Transfer-Encoding: ${many('a, ', count)}chunked\r\n\r\n0\r\n\r\n`],
    ['extensions', (count) => `${CHUNKED}1${many(' ;a="b"', count / 4)}\r\nx\r\n0\r\n\r\n`],
    ['spaces after a size', (count) => `${CHUNKED}1${many(' ', count)}\r\n`],
    ['chunks', (count) => `${CHUNKED}${many('1\r\nx\r\n', count / 4)}0\r\n\r\n`],
    ['messages', (count) => many(`${OK}Content-Length: 0\r\n\r\n`, count / 8)],
  ])('%s', (_, write) => {
    const shortest = (count: number) => {
      const bytes = Buffer.from(write(count), 'latin1')
      const times = Array.from({ length: 5 }, () => {
        const start = performance.now()
        readStrictly(bytes, { of: 'responses', closed: true })
        return performance.now() - start
      })
      return Math.min(...times)
    }
    // A machine with other things to do spoils a comparison; the square would spoil every one.
    const ratios = Array.from({ length: 8 }, () => shortest(64_000) / shortest(8000))
    expect(Math.min(...ratios)).toBeLessThan(32)
  })
})
