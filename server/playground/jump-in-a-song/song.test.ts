import { expect, test } from 'vitest'
import { byteAt, secondAt, song, songBytes } from './song.ts'

test('is a WAV file whose header says its own length', () => {
  const header = songBytes(0, 44)
  expect(header.toString('latin1', 0, 4) + header.toString('latin1', 8, 16)).toBe('RIFFWAVEfmt ')
  expect([header.readUInt32LE(4) + 8, header.readUInt32LE(40) + 44]).toEqual([
    song.bytes,
    song.bytes,
  ])
  expect(header.readUInt32LE(28) * song.seconds + 44).toBe(song.bytes)
})

test.each([
  [0, 0],
  [0, 1],
  [0, 44],
  [0, 45],
  [40, 50],
  [43, 44],
  [44, 16_044],
  [16_043, 16_046],
  [16_044, 48_044],
  [5_000_001, 5_070_003],
  [song.bytes - 7, song.bytes],
  [song.bytes - 7, song.bytes + 100],
])('bytes from %i up to %i are the same in one piece and in two', (first, end) => {
  const whole = songBytes(first, end)
  expect(whole.length).toBe(Math.min(end, song.bytes) - first)
  const middle = Math.floor((first + end) / 2)
  expect(Buffer.concat([songBytes(first, middle), songBytes(middle, end)]).equals(whole)).toBe(true)
})

test('a second has a byte, and the byte that second', () => {
  expect([byteAt(0), byteAt(300)]).toEqual([44, song.bytes])
  for (const second of [0, 1, 59.5, 150, 299]) expect(secondAt(byteAt(second))).toBe(second)
  expect(secondAt(0)).toBe(0)
})

test('can be heard: no second is silent', () => {
  for (let second = 0; second < song.seconds; second++) {
    const piece = songBytes(byteAt(second), byteAt(second + 1))
    const samples = new Int16Array(piece.buffer, piece.byteOffset, piece.length / 2)
    expect(Math.max(...samples)).toBeGreaterThan(5000)
  }
})
