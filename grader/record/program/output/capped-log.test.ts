import { describe, expect, test } from 'vitest'
import { createCappedLog } from './capped-log.ts'

const logOf = (...parts: (string | Uint8Array)[]) => {
  const log = createCappedLog()
  for (const part of parts) log.append(typeof part === 'string' ? Buffer.from(part) : part)
  return log
}
const KEPT = 64 * 1024

describe('a capped log', () => {
  test('keeps a short output as it was', () => {
    expect(logOf().text()).toBe('')
    expect(logOf('one\n', 'two').text()).toBe('one\ntwo')
    expect(logOf('x'.repeat(2 * KEPT)).text()).toBe('x'.repeat(2 * KEPT))
  })

  test('keeps the beginning and the end of a long one, and says so', () => {
    const text = logOf('first', 'x'.repeat(3 * KEPT), 'last').text()
    expect(text.startsWith('first')).toBe(true)
    expect(text.endsWith('last')).toBe(true)
    expect(text).toContain('\n… log cut: 192 kB written, 128 kB kept …\n')
    expect(text.length).toBeLessThan(2 * KEPT + 100)
  })

  test('is the same however the output came', () => {
    const output = Buffer.from(
      Array.from({ length: 30_000 }, (_, line) => `line ${line}\n`).join(''),
    )
    const whole = logOf(output).text()
    for (const size of [1000, 65_536, 65_537, 200_000]) {
      expect(
        logOf(
          ...Array.from({ length: Math.ceil(output.length / size) }, (_, index) =>
            output.subarray(index * size, (index + 1) * size),
          ),
        ).text(),
      ).toBe(whole)
    }
  })

  test('does not break a character that lies across the border of its halves', () => {
    expect(logOf('x'.repeat(KEPT - 1), 'ü', 'y').text()).toBe(`${'x'.repeat(KEPT - 1)}üy`)
    expect(logOf(Buffer.from('ü').subarray(0, 1), Buffer.from('ü').subarray(1)).text()).toBe('ü')
  })

  test('keeps little of 100 MB', () => {
    const log = createCappedLog()
    const chunk = Buffer.alloc(65_536, 'x')
    for (let written = 0; written < 100_000_000; written += chunk.length) log.append(chunk)
    log.append(Buffer.from('the end'))
    expect(log.text()).toContain('… log cut: 100 MB written, 128 kB kept …')
    expect(log.lastLines(1)[0]!.endsWith('the end')).toBe(true)
  })

  test('gives its last lines', () => {
    expect(logOf('a\nb\nc\n\n\n').lastLines(2)).toEqual(['b', 'c'])
    expect(logOf('a').lastLines(5)).toEqual(['a'])
  })
})
