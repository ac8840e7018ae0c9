import { describe, expect, test } from 'vitest'
import { jumpWords, readJump, type Jump } from './jump-words.ts'
import type { Delivery } from './song-server.ts'
import { byteAt, song } from './song.ts'

const delivery = (first: number, sent: number, status = 206): Delivery => ({
  range: `bytes=${first}-`,
  status,
  contentRange: status === 206 ? `bytes ${first}-${song.bytes - 1}/${song.bytes}` : null,
  first: status === 206 ? first : 0,
  promised: song.bytes - first,
  sent,
  state: 'under way',
})
const start = delivery(0, 262_144)
const whole = delivery(0, 262_144, 200)
const jump = (rest: Partial<Jump>): Jump => ({
  wanted: 150,
  landed: 150,
  known: 1,
  had: false,
  ...rest,
})

describe('with ranges', () => {
  const words = (rest: Partial<Jump>, deliveries: readonly Delivery[]) =>
    jumpWords(jump(rest), { ranges: true, deliveries })

  test('a request of its own brings the part, and leaves out what lies before it', () => {
    expect(words({}, [start, delivery(4_784_128, 65_536)])).toBe(
      'Your browser asked for bytes=4784128-, which begins at 2:29. The server answered with 206, and Content-Range said where the bytes belong, so the player went to 2:30. The 4.5 MB before that were never sent, and nobody had to wait for them.',
    )
  })

  test.each([
    ['what follows on what was sent leaves nothing out', delivery(262_144, 65_536), 10, /10\.$/],
    ['a small gap is told in kB', delivery(400_000, 65_536), 13, / The 138 kB before that were/],
  ])('%s', (_what, asked, wanted, expected) => {
    expect(words({ wanted, landed: wanted }, [start, asked])).toMatch(expected)
  })

  test('what is read on from far before is told as that', () => {
    expect(words({ wanted: 40, landed: 40.4 }, [start, delivery(262_144, 1_300_000)])).toMatch(
      /^Your browser asked for bytes=262144-, which is at 0:08\. So it read on from there until the bytes for 0:40 had come\./,
    )
  })

  test.each<[Partial<Jump>, RegExp]>([
    [{ had: true }, /asked for nothing, because the bytes for 2:30 had been sent already\.$/],
    [{ had: false }, /asked for nothing\. The answer under way was about to bring the bytes/],
    [{ landed: null }, /^The player still waits for the bytes for 2:30\. It sent no new request/],
    [{ landed: 3 }, /You jumped to 2:30, and the player is at 0:03\.$/],
  ])('without a request: %j', (rest, expected) => {
    expect(words(rest, [start])).toMatch(expected)
  })

  test.each([
    ['back', 9_404_416, 0],
    ['on', 1_000_000, 290],
  ])('what the jump before asked for is none of one that leads %s', (_way, first, wanted) => {
    const deliveries = [start, delivery(first, 65_536)]
    expect(words({ wanted, landed: wanted, had: true }, deliveries)).toMatch(/asked for nothing/)
  })

  test('of a player that still waits it says what was asked for', () => {
    expect(words({ landed: null }, [start, delivery(4_784_128, 0)])).toMatch(
      /2:30\. It asked for bytes=4784128-\.$/,
    )
    expect(words({ landed: null }, [start, delivery(262_144, 65_536)])).toMatch(
      /It asked for bytes=262144-, which begins at 0:08, and reads on from there\.$/,
    )
  })

  test('an answer that is no part, and another place, are told as they are', () => {
    expect(words({}, [start, delivery(song.bytes, 0, 416)])).toMatch(/, and got status 416\.$/)
    expect(words({ landed: 7 }, [start, delivery(4_784_128, 9)])).toMatch(/the player is at 0:07/)
  })
})

describe('without ranges', () => {
  const words = (rest: Partial<Jump>, deliveries: readonly Delivery[] = [whole]) =>
    jumpWords(jump(rest), { ranges: false, deliveries })

  test.each<[Partial<Jump>, RegExp]>([
    [{ landed: 0 }, /asked for nothing, and the player went back to the start\. The server had/],
    [
      { landed: 0.05, had: true, wanted: 5 },
      /back to the start, although the bytes for 0:05 had been sent already\./,
    ],
    [{ landed: 8.2 }, /went only to 0:08, as far as it had loaded\./],
    [{ wanted: 3, landed: 3, had: true }, /because the bytes for 0:03 had been sent already\.$/],
    [{ landed: null }, /^The player still waits/],
  ])('%j', (rest, expected) => {
    expect(words(rest)).toMatch(expected)
  })

  test('a request that is answered with everything is told as ignored', () => {
    expect(words({ landed: 0 }, [whole, delivery(4_784_128, 9, 200)])).toBe(
      'Your browser asked for bytes=4784128-, but the server ignored that and sent the song from its first byte, with 200. The player is at 0:00.',
    )
  })
})

test.each([
  [{ wanted: 0, landed: null, known: 0, had: false }, true],
  [{ wanted: 299, landed: 300.02, known: 7, had: true }, true],
  [null, false],
  ['x', false],
  [[], false],
  [{}, false],
  [{ wanted: -1, landed: null, known: 0, had: false }, false],
  [{ wanted: 1e9, landed: null, known: 0, had: false }, false],
  [{ wanted: '1', landed: null, known: 0, had: false }, false],
  [{ wanted: 1, known: 0, had: false }, false],
  [{ wanted: 1, landed: Number.NaN, known: 0, had: false }, false],
  [{ wanted: 1, landed: null, known: 0.5, had: false }, false],
  [{ wanted: 1, landed: null, known: -1, had: false }, false],
  [{ wanted: 1, landed: null, known: 0, had: 'yes' }, false],
])('%j is a jump: %s', (sent, isOne) => {
  expect(readJump(sent) !== undefined).toBe(isOne)
})

test('every second of the song has words, whatever was asked for', () => {
  for (let wanted = 0; wanted < song.seconds; wanted += 7)
    for (const ranges of [true, false])
      for (const landed of [null, 0, wanted, 299])
        for (const asked of [[], [delivery(byteAt(wanted), 10, ranges ? 206 : 200)]])
          expect(
            jumpWords(
              { wanted, landed, known: 1, had: false },
              { ranges, deliveries: [start, ...asked] },
            ),
          ).toMatch(/^[A-Z][^{}]+\.$/)
})
