import { describe, expect, test } from 'vitest'
import {
  CAPACITY,
  playHerd,
  settingsWith,
  triesOffered,
  type Setting,
  type Tries,
} from './herd-model.ts'
import { kindOf, kinds, rowOf, rulingOn, whatHappened, whatHelps, type Kind } from './herd-words.ts'

const settings = triesOffered.flatMap(settingsWith)
const run = (kind: Kind, tries: Tries) =>
  playHerd(settingsWith(tries).find((setting) => kindOf(setting) === kind)!)
const OVER = 'Once the server was back, the peak was'
const CAN = 'in a quarter of a second, and the server can serve 12.'

describe('what happened', () => {
  test.each<[Kind, Tries, string]>([
    ['equal', 4, 'All 50 clients gave up before the server was back, the last at second 3.0.'],
    [
      'equal',
      8,
      `48 of 50 clients were served, the last at second 7.0, and 2 gave up. ${OVER} 50 requests ${CAN}`,
    ],
    [
      'equal',
      10,
      `All 50 clients were served, the last at second 8.0, and nobody gave up. ${OVER} 50 requests ${CAN}`,
    ],
    [
      'equal-jitter',
      6,
      `1 of 50 clients was served, at second 3.6, and 49 gave up. ${OVER} 1 request ${CAN}`,
    ],
    [
      'doubling',
      8,
      `All 50 clients were served, the last at second 23.0, and nobody gave up. ${OVER} 50 requests ${CAN}`,
    ],
    [
      'doubling-jitter',
      8,
      `All 50 clients were served, the last at second 6.8, and nobody gave up. ${OVER} 8 requests ${CAN}`,
    ],
  ])('with %s waits and %i tries', (kind, tries, words) => {
    expect(whatHappened(run(kind, tries))).toBe(words)
  })

  test.each(settings)('has the numbers of %j', (setting) => {
    const played = playHerd(setting)
    const numbers = whatHappened(played)
      .match(/\d+(?:\.\d)?/g)!
      .map(Number)
    const { served, gaveUp, peak, lastServedAt, lastGaveUpAt } = played
    const expected =
      lastServedAt === null
        ? [gaveUp, lastGaveUpAt! / 1000]
        : [
            ...(served === 50 ? [50] : [served, 50]),
            lastServedAt / 1000,
            ...(gaveUp > 0 ? [gaveUp] : []),
            peak,
            CAPACITY,
          ]
    expect(numbers).toEqual(expected.map((each) => Number(each.toFixed(1))))
  })
})

describe('what helps', () => {
  test.each<[Kind, Tries, string]>([
    ['equal', 4, 'Their tries were over too soon. More tries help, and so do doubling waits.'],
    [
      'equal-jitter',
      4,
      'Their tries were over too soon, because jitter halves the waits on average. More tries help, and so do doubling waits.',
    ],
    [
      'equal-jitter',
      8,
      'For 20 of these, the tries were over before the server was back, because jitter halves the waits on average. For the others, a second at most is too short a wait, so too many came at once. Doubling waits help against both.',
    ],
    [
      'doubling-jitter',
      4,
      'For those that gave up, the tries were over before the server was back, because jitter halves the waits on average. More tries help.',
    ],
    [
      'doubling-jitter',
      6,
      'For the one that gave up, the tries were over before the server was back, because jitter halves the waits on average. More tries help.',
    ],
    [
      'equal',
      6,
      'The clients failed together and waited equally long, so they came back together, again and again. Jitter spreads them.',
    ],
    [
      'doubling',
      10,
      'Doubling makes the waits longer, but equally long for everybody. So the clients still came back together, and jitter is what spreads them.',
    ],
    [
      'doubling-jitter',
      10,
      'Jitter spreads the clients, and the long waits give them room. So there is no herd, and nothing has to change.',
    ],
  ])('after %s waits and %i tries', (kind, tries, words) => {
    expect(whatHelps(run(kind, tries))).toBe(words)
  })

  test.each(settings)('does help %j', (setting) => {
    const before = playHerd(setting)
    const words = whatHelps(before)
    const change = (changes: Partial<Setting>) => playHerd({ ...setting, ...changes })
    const more = triesOffered.find((tries) => tries > setting.tries)
    if (words.includes('More tries help') && more)
      expect(change({ tries: more }).gaveUp).toBeLessThan(before.gaveUp)
    if (/doubling waits/i.test(words))
      expect(change({ wait: 'doubling' }).gaveUp).toBeLessThan(before.gaveUp)
    if (words.includes('against both'))
      expect(change({ wait: 'doubling' }).peak).toBeLessThan(before.peak)
    if (/[Jj]itter (?:is what )?spreads them/.test(words))
      expect(change({ jitter: true }).peak).toBeLessThan(before.peak)
    expect(words.includes('nothing has to change')).toBe(
      before.gaveUp === 0 && before.peak <= CAPACITY,
    )
  })
})

describe('a prediction', () => {
  test.each<[Kind, Tries, 'right' | 'wrong', string]>([
    [
      'doubling-jitter',
      8,
      'right',
      'You were right. With 8 tries, none of the other three does that.',
    ],
    [
      'doubling-jitter',
      6,
      'wrong',
      'Not with 6 tries: 1 client gave up. None of the four serves everybody with so few.',
    ],
    [
      'equal',
      8,
      'wrong',
      'Not quite: 2 clients gave up, and the peak was above what the server can do. Another setting does better.',
    ],
    [
      'equal',
      10,
      'wrong',
      'Not quite: the peak was above what the server can do. Another setting does better.',
    ],
    [
      'equal-jitter',
      4,
      'wrong',
      'Not with 4 tries: 50 clients gave up. None of the four serves everybody with so few.',
    ],
    [
      'doubling',
      10,
      'wrong',
      'Not quite: the peak was above what the server can do. Another setting does better.',
    ],
  ])('of %s with %i tries is %s', (kind, tries, answer, say) => {
    expect(rulingOn(kind, run(kind, tries))).toEqual({ answer, say })
  })

  test('of another setting stays open', () => {
    expect(rulingOn('doubling-jitter', run('equal', 8))).toEqual({
      answer: 'open',
      say: 'These were equal waits. You predicted doubling waits with jitter.',
    })
  })

  test.each(triesOffered)('can be right in one way at most, with %i tries', (tries) => {
    const right = (Object.keys(kinds) as Kind[]).filter(
      (kind) => rulingOn(kind, run(kind, tries)).answer === 'right',
    )
    expect(right).toEqual(tries < 8 ? [] : ['doubling-jitter'])
  })
})

test('a row names the setting and its numbers', () => {
  expect(rowOf(run('equal', 4))).toEqual(['equal waits, 4 tries', '0', 'never', '50'])
  expect(rowOf(run('doubling-jitter', 8))).toEqual([
    'doubling waits with jitter, 8 tries',
    '8',
    '6.8 s',
    '0',
  ])
})
