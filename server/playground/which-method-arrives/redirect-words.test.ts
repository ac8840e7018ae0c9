import { describe, expect, test } from 'vitest'
import { inShort, reasons, ruleOnRedirect, sumUp, type Guess } from './redirect-words.ts'
import { methods, statuses, type Cell, type RedirectStatus } from './redirects.ts'

/** As the Fetch standard has it, with a cache that keeps what is for good. */
const standard = (status: RedirectStatus, remembers = true): Cell[] =>
  methods.map((sent) => {
    const becomesGet = status === 303 || (status < 303 && sent === 'POST')
    const arrived = becomesGet ? 'GET' : sent
    return {
      sent,
      arrived,
      withContent: arrived === sent && (sent === 'POST' || sent === 'PUT'),
      second:
        remembers && sent === 'GET' && (status === 301 || status === 308) ? 'skipped' : 'asked',
    }
  })
const guess = (post: Guess['post'], put: Guess['put'], second: Guess['second']) => ({
  post,
  put,
  second,
})

describe('a guess', () => {
  test.each<[RedirectStatus, Guess]>([
    [301, guess('get', 'same', 'skipped')],
    [302, guess('get', 'same', 'asked')],
    [303, guess('get', 'get', 'asked')],
    [307, guess('same', 'same', 'asked')],
    [308, guess('same', 'same', 'skipped')],
  ])('about %i is right in three parts: %j', (status, right) => {
    const rulings = ruleOnRedirect(status, standard(status), right)
    expect(rulings.map((each) => each.right)).toEqual([true, true, true])
    expect(inShort(status, rulings)).toBe(`${status}: you were right about all 3.`)
    expect(rulings.every(({ words }) => words.startsWith('Right. The '))).toBe(true)

    const wrong = ruleOnRedirect(status, standard(status), {
      post: right.post === 'get' ? 'same' : 'get',
      put: right.put === 'get' ? 'same' : 'get',
      second: right.second === 'asked' ? 'skipped' : 'asked',
    })
    expect(wrong.map((each) => each.right)).toEqual([false, false, false])
    expect(inShort(status, wrong)).toBe(`${status}: you were right about 0 of 3.`)
    // What came is the same, whatever was guessed.
    for (const [index, { words }] of wrong.entries())
      expect(words).toBe(
        `Not quite: you said ${/you said ([^.]+)\./.exec(words)![1]}. ${rulings[index]!.words.slice('Right. '.length)}`,
      )
  })

  const cell = (changes: Partial<Cell>) =>
    standard(301).map((each) => (each.sent === changes.sent ? { ...each, ...changes } : each))
  test.each<[string, RedirectStatus, readonly Cell[], Guess, number, string]>([
    [
      'a POST that became GET',
      301,
      standard(301),
      guess('same', 'same', 'skipped'),
      0,
      'Not quite: you said that POST stays. The POST arrived as GET, without its content.',
    ],
    [
      'a PUT that stayed',
      302,
      standard(302),
      guess('get', 'get', 'asked'),
      1,
      'Not quite: you said that PUT becomes GET. The PUT arrived as PUT, with its content.',
    ],
    [
      'a PUT that came as something else',
      301,
      cell({ sent: 'PUT', arrived: 'POST' }),
      guess('get', 'same', 'asked'),
      1,
      'Not quite: you said that PUT stays. The PUT arrived as POST, with its content.',
    ],
    [
      'a POST that lost its content',
      301,
      cell({ sent: 'POST', arrived: 'POST', withContent: false }),
      guess('same', 'same', 'asked'),
      0,
      'Right. The POST arrived as POST, without its content.',
    ],
    [
      'a POST that did not arrive',
      301,
      cell({ sent: 'POST', arrived: null }),
      guess('get', 'same', 'asked'),
      0,
      'Not quite: you said that POST becomes GET. No answer to the POST led to the new address.',
    ],
    [
      'an engine that asks again about 301',
      301,
      standard(301, false),
      guess('get', 'same', 'skipped'),
      2,
      'Not quite: you said that the old address is skipped. The second GET asked the old address again. A browser may remember a 301, but it needn’t: engines differ, and DevTools can switch the cache off.',
    ],
    [
      'a skipped address',
      308,
      standard(308),
      guess('same', 'same', 'asked'),
      2,
      'Not quite: you said that the old address is asked again. The second GET went straight to the new address, so no request for the old one came.',
    ],
    [
      'a redirect for now',
      307,
      standard(307),
      guess('same', 'same', 'asked'),
      2,
      'Right. The second GET asked the old address again. A 307 is only for now.',
    ],
    [
      'a 303',
      303,
      standard(303),
      guess('get', 'get', 'skipped'),
      2,
      'Not quite: you said that the old address is skipped. The second GET asked the old address again. A 303 is about one request only.',
    ],
    [
      'a second GET that did not arrive',
      301,
      cell({ sent: 'GET', second: null }),
      guess('get', 'same', 'skipped'),
      2,
      'Not quite: you said that the old address is skipped. The second GET didn’t arrive.',
    ],
  ])('about %s', (_name, status, cells, said, part, words) => {
    expect(ruleOnRedirect(status, cells, said)[part]!.words).toBe(words)
  })
})

test('each status has its reason', () => {
  for (const status of statuses) expect(reasons[status]).toMatch(new RegExp(`^${status} means “`))
})

test('the sum tells what came, of any engine', () => {
  const rows = (remembers: boolean, of: readonly RedirectStatus[] = statuses) =>
    new Map(of.map((status) => [status, standard(status, remembers)]))
  expect(sumUp(rows(true))).toBe(
    'In your browser, a POST stayed a POST with 307 and 308. A PUT became a GET with 303. The second GET skipped the old address with 301 and 308.',
  )
  expect(sumUp(rows(false))).toBe(
    'In your browser, a POST stayed a POST with 307 and 308. A PUT became a GET with 303. The second GET was sent to the old address each time.',
  )
  expect(sumUp(rows(true, [301, 302]))).toBe(
    'In your browser, a POST stayed a POST with none of the five. A PUT became a GET with none of the five. The second GET skipped the old address with 301.',
  )
})
