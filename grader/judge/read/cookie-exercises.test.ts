import { describe, expect, test } from 'vitest'
import maxAge from '../../../exercises/cookies-max-age/checks.ts'
import httpOnly from '../../../exercises/cookies-httponly/checks.ts'
import setAndReturn from '../../../exercises/cookies-set-and-return/checks.ts'
import { decodeEvidence, encodeEvidence } from '../../evidence-codec.ts'
import type { CheckResult, ConsoleResult, Exchange, Jar } from '../../types/index.ts'
import type { Check } from '../check.ts'
import {
  EPOCH,
  consoleResult,
  context,
  cookie,
  evidence,
  exchange,
  jar,
  type Written,
} from '../../../testing/exchange-builder.ts'
import { judgeCheck } from '../judge-check.ts'

/**
 * Judges what was recorded, and the same after it was kept and read again: the two must not differ.
 */
function judge(check: Check<any>, recorded: unknown): CheckResult {
  const found = evidence(recorded, { exchanges: everyExchange(recorded) })
  const result = judgeCheck(check, found, context)
  expect(judgeCheck(check, decodeEvidence(encodeEvidence([found]))[0]!, context)).toEqual(result)
  return result
}

function everyExchange(value: unknown): Exchange[] {
  if (typeof value !== 'object' || value === null) return []
  if ('kind' in value && value.kind === 'exchange') return [value as Exchange]
  return [
    ...new Map(
      Object.values(value)
        .flatMap(everyExchange)
        .map((each) => [each.id, each]),
    ).values(),
  ]
}

const verdict = ({ outcome, diagnosis }: CheckResult) =>
  diagnosis ? `${outcome}: ${diagnosis.id}` : outcome

let ids = 0
const wire = (written: Written) => exchange({ id: ++ids, ...written })

describe('cookies-max-age', () => {
  interface Watched {
    readonly document: Exchange | null
    readonly jar: Jar
    readonly pings: readonly Exchange[]
    readonly timeline: Exchange | null
    readonly jarAfter: Jar
  }
  const START = 100
  const SET = 'token=9f2c81; Max-Age=10; Path=/'
  const start = (sets: readonly string[] = [SET], rest: Written = {}) =>
    wire({ target: '/start', at: START, answeredAt: START, sets, ...rest })
  const held = (expires = START + 10): Jar => ({
    ...jar([cookie('token', '9f2c81', { expires })]),
    at: start().startedAt + 50,
  })
  const ping = (second: number, sent: boolean, rest: Written = {}) =>
    wire({ target: '/ping', at: START + second, ...(sent && { cookie: 'token=9f2c81' }), ...rest })
  const seconds = Array.from({ length: 15 }, (_, index) => index + 1.02)
  /** What the right program shows; `change` replaces the ping of a second. */
  const watched = (
    change: Readonly<Record<number, Exchange>> = {},
    rest: Partial<Watched> = {},
  ): Watched => {
    const pings = seconds.map((second) => change[Math.floor(second)] ?? ping(second, second < 10))
    return { document: start(), jar: held(), pings, timeline: null, jarAfter: jar([]), ...rest }
  }
  const story = (
    pings: readonly Exchange[],
    change: (entry: { sent: boolean; age: number }, index: number) => object = (entry) => entry,
  ) =>
    pings.map(({ startedAt, request }, index) =>
      change(
        {
          sent: request.headers.some(([name]) => name === 'Cookie'),
          age: Math.round((startedAt - start().startedAt) / 100) / 10,
        },
        index,
      ),
    )

  describe('the lifetime', () => {
    const lifetime = (line: string, expires: number | null = 10, rest: Written = {}) =>
      verdict(
        judge(maxAge.lifetime, {
          document: start([line], rest),
          jar: {
            ...held(),
            cookies:
              expires === null
                ? [cookie('token', 'x')]
                : [cookie('token', 'x', { expires: START + expires })],
          },
        }),
      )

    test.each<[string, number | null, string]>([
      [SET, 10, 'passed'],
      ['token=x; Max-Age=10', 10.06, 'passed'],
      ['token=x; Max-Age=9; Path=/', 9, 'failed: another-lifetime'],
      ['token=x; Max-Age=11; Path=/', 11, 'failed: another-lifetime'],
      ['token=x; Max-Age=10s; Path=/', null, 'failed: no-number'],
      ['token=x; Max-Age=10.0; Path=/', null, 'failed: no-number'],
      ['token=x, Max-Age=10, Path=/', null, 'failed: comma-for-semicolon'],
      ['token=x; Max-Age=10; Path=/', 60, 'failed'],
      ['token=x; Max-Age=10000; Path=/', 10_000, 'failed: milliseconds'],
      ['token=x; Max-Age=600; Path=/', 600, 'failed: another-lifetime'],
      ['token=x; Path=/', null, 'failed: session-cookie'],
      [
        `token=x; Expires=${new Date(START * 1000 + EPOCH + 10_000).toUTCString()}; Path=/`,
        10,
        'failed: expires-only',
      ],
      [`token=x; Expires=${new Date(EPOCH).toUTCString()}; Max-Age=10; Path=/`, 10, 'passed'],
      ['token=x; MaxAge=10; Path=/', null, 'failed: unknown-attribute'],
      ['token=x; Max_Age=10; Path=/', null, 'failed: unknown-attribute'],
      ['tokens=x; Max-Age=10', 10, 'failed'],
    ])('%s, in the jar %j: %s', (line, expires, expected) => {
      expect(lifetime(line, expires)).toBe(expected)
    })

    test('is not judged by a jar that was read when it was over', () => {
      const readAfter = (seconds: number) =>
        verdict(
          judge(maxAge.lifetime, {
            document: start(),
            jar: { ...jar([]), at: start().startedAt + seconds * 1000 },
          }),
        )
      expect([readAfter(0.5), readAfter(10.5)]).toEqual(['failed', 'passed'])
    })

    test('names Express only when the answer does', () => {
      expect(
        lifetime('token=x; Max-Age=0; Path=/', 0, { answers: [['X-Powered-By', 'Express']] }),
      ).toBe('failed: express-milliseconds')
      expect(lifetime('token=x; Max-Age=0; Path=/', 0)).toBe('failed: another-lifetime')
    })

    test('is nothing without an answer', () => {
      expect(verdict(judge(maxAge.lifetime, { document: null, jar: jar([]) }))).toBe('failed')
      expect(
        verdict(judge(maxAge.lifetime, { document: start([], { status: null }), jar: jar([]) })),
      ).toBe('failed: no-answer')
      expect(
        verdict(judge(maxAge.lifetime, { document: start([SET], { status: 404 }), jar: jar([]) })),
      ).toBe('failed')
    })
  })

  describe('the second around the end counts for nothing', () => {
    const both = (change: Readonly<Record<number, Exchange>>) => [
      verdict(judge(maxAge.sentBefore, watched(change))),
      verdict(judge(maxAge.stoppedAfter, watched(change))),
    ]

    test('the right program passes', () => {
      expect(both({})).toEqual(['passed', 'passed'])
    })

    test.each<[string, number, boolean, string[]]>([
      ['9.4 s with it', 9.4, true, ['passed', 'passed']],
      ['9.4 s without it', 9.4, false, ['failed', 'passed']],
      ['9.5 s without it', 9.5, false, ['failed', 'passed']],
      ['9.6 s without it', 9.6, false, ['passed', 'passed']],
      ['9.6 s with it', 9.6, true, ['passed', 'passed']],
      ['10.2 s with it', 10.2, true, ['passed', 'passed']],
      ['10.2 s without it', 10.2, false, ['passed', 'passed']],
      ['10.4 s with it', 10.4, true, ['passed', 'passed']],
      ['10.6 s with it', 10.6, true, ['passed', 'failed']],
      ['10.6 s without it', 10.6, false, ['passed', 'passed']],
      ['15 s with it', 15, true, ['passed', 'failed']],
      ['1 s without it', 1, false, ['failed', 'passed']],
    ])('a request that left at %s', (_, second, sent, expected) => {
      expect(both({ [Math.floor(second)]: ping(second, sent) })).toEqual(expected)
    })

    test('when Chromium began to count later, it ends later', () => {
      const late: Partial<Watched> = { jar: { ...held(START + 10.3), at: start().startedAt + 400 } }
      expect(verdict(judge(maxAge.stoppedAfter, watched({ 10: ping(10.7, true) }, late)))).toBe(
        'passed',
      )
      expect(verdict(judge(maxAge.stoppedAfter, watched({ 10: ping(10.9, true) }, late)))).toBe(
        'failed',
      )
    })

    test('a jar that says much later changes nothing', () => {
      expect(
        verdict(
          judge(maxAge.stoppedAfter, watched({ 11: ping(11.02, true) }, { jar: held(START + 60) })),
        ),
      ).toBe('failed')
    })
  })

  test('too few requests on a side are no proof', () => {
    const of = (...pings: readonly Exchange[]) => watched({}, { pings })
    expect(verdict(judge(maxAge.sentBefore, of(ping(1, true))))).toBe('failed')
    expect(verdict(judge(maxAge.sentBefore, of(ping(1, true), ping(2, true))))).toBe('passed')
    expect(verdict(judge(maxAge.stoppedAfter, of(ping(11, false))))).toBe('failed')
    expect(verdict(judge(maxAge.stoppedAfter, of(ping(11, false), ping(12, false))))).toBe('passed')
    expect(verdict(judge(maxAge.sentBefore, watched({}, { document: null })))).toBe('failed')
    expect(verdict(judge(maxAge.stoppedAfter, watched({}, { document: null })))).toBe('failed')
  })

  test('the jar is the second witness of the end', () => {
    expect(verdict(judge(maxAge.stoppedAfter, watched({}, { jarAfter: held() })))).toBe('failed')
  })

  test('a cookie for /start only is named', () => {
    const narrow = {
      ...held(),
      cookies: [cookie('token', 'x', { path: '/start', expires: START + 10 })],
    }
    expect(verdict(judge(maxAge.sentBefore, watched({ 3: ping(3, false) }, { jar: narrow })))).toBe(
      'failed: path-of-start',
    )
  })

  test('two cookies of one name are named', () => {
    const twins = start([SET, 'token=other; Path=/ping'])
    expect(
      verdict(judge(maxAge.stoppedAfter, watched({ 12: ping(12, true) }, { document: twins }))),
    ).toBe('failed: twin-cookie')
  })

  test.each<[string, Partial<Watched>, string]>([
    ['goes on for fifteen seconds', {}, 'passed'],
    [
      'stops early',
      { pings: seconds.slice(0, 12).map((second) => ping(second, second < 10)) },
      'failed: stops-asking',
    ],
    [
      'asks fast and stops early',
      { pings: Array.from({ length: 20 }, (_, index) => ping(index / 2, true)) },
      'failed: stops-asking',
    ],
    ['never asks', { pings: [] }, 'failed'],
    [
      'is answered with 404',
      { pings: seconds.map((second) => ping(second, second < 10, { status: 404 })) },
      'failed',
    ],
    [
      'gets no answer in the end',
      {
        pings: seconds.map((second) =>
          ping(second, second < 10, { status: second < 10 ? 200 : null }),
        ),
      },
      'failed: no-answer',
    ],
  ])('a page that %s', (_, rest, expected) => {
    expect(verdict(judge(maxAge.enough, watched({}, rest)))).toBe(expected)
  })

  test.each<[string, string[], string]>([
    ['sets nothing', [], 'passed'],
    ['sets another cookie', ['seen=1; Path=/'], 'passed'],
    ['sets it again', [SET], 'failed: renews-on-ping'],
    ['deletes it', ['token=; Max-Age=0; Path=/'], 'failed: server-deletes'],
    [
      'lets it expire in the past',
      ['token=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Path=/'],
      'failed: server-deletes',
    ],
  ])('a ping that %s', (_, sets, expected) => {
    expect(verdict(judge(maxAge.notRenewed, watched({ 9: ping(9.02, true, { sets }) })))).toBe(
      expected,
    )
  })

  describe('the timeline', () => {
    const after = (pings: readonly Exchange[], json: unknown) => ({
      ...watched({}, { pings, timeline: wire({ target: '/timeline', at: START + 20, json }) }),
      exchanges: pings,
    })
    const first = watched().pings
    const second = [ping(1.02, true), ping(2.02, true)]
    const timeline = (told: unknown, again: unknown = story(second)) =>
      verdict(judge(maxAge.timeline, { watched: after(first, told), again: after(second, again) }))

    test('tells the story of the wire', () => {
      expect(timeline(story(first))).toBe('passed')
      expect(
        timeline(story(first, (entry) => ({ ...entry, age: entry.age + 0.1, more: 'x' }))),
      ).toBe('passed')
    })

    test.each<[string, unknown, string]>([
      [
        'forgets requests without the cookie',
        story(first.filter(({ request }) => request.headers.some(([name]) => name === 'Cookie'))),
        'failed: timeline-forgets',
      ],
      [
        'claims a cookie that was not sent',
        story(first, (entry) => ({ ...entry, sent: true })),
        'failed',
      ],
      ['is in the wrong order', story(first.toReversed()), 'failed'],
      [
        'counts milliseconds',
        story(first, (entry) => ({ ...entry, age: entry.age * 1000 })),
        'failed',
      ],
      [
        'has ages as text',
        story(first, (entry) => ({ ...entry, age: String(entry.age) })),
        'failed',
      ],
      ['has an entry more', [...story(first), { sent: false, age: 16 }], 'failed'],
      ['is empty', [], 'failed'],
      ['is no list', { pings: story(first) }, 'failed'],
      ['is null', null, 'failed'],
    ])('%s', (_, told, expected) => {
      expect(timeline(told)).toBe(expected)
    })

    test('counts from each /start', () => {
      expect(
        timeline(
          story(first),
          story(second, (entry) => ({ ...entry, age: entry.age + 2.4 })),
        ),
      ).toBe('failed: age-from-process-start')
      expect(timeline(story(first), [...story(first), ...story(second)])).toBe(
        'failed: keeps-the-first-visit',
      )
    })

    test.each<[string, unknown, string]>([
      ['is in the wrong order', story(second.toReversed()), 'failed: newest-first'],
      [
        'counts milliseconds',
        story(second, (entry) => ({ ...entry, age: entry.age * 1000 })),
        'failed: ages-in-milliseconds',
      ],
      [
        'has ages as text',
        story(second, (entry) => ({ ...entry, age: entry.age.toFixed(1) })),
        'failed: values-as-text',
      ],
      [
        'has words for yes and no',
        story(second, (entry) => ({ ...entry, sent: String(entry.sent) })),
        'failed: values-as-text',
      ],
      [
        'has the first visit in it',
        [{ sent: false, age: 0 }, ...story(second)],
        'failed: keeps-the-first-visit',
      ],
    ])('after the second /start %s', (_, again, expected) => {
      expect(timeline(story(first), again)).toBe(expected)
    })

    test('knows a client without the cookie from the others, however early it pings', () => {
      const third = [ping(0.1, false), ...second]
      const told = (change?: (entry: { sent: boolean; age: number }) => object) =>
        verdict(
          judge(maxAge.timeline, {
            watched: after(first, story(first)),
            again: after(third, story(third, change)),
          }),
        )
      expect([told(), told((entry) => ({ ...entry, sent: true }))]).toEqual([
        'passed',
        'failed: clock-not-cookie',
      ])
    })

    test('knows whole seconds from those between', () => {
      const between = [ping(1.02, true), ping(1.54, false), ping(2.02, true)]
      const told = (change: (age: number) => number) =>
        verdict(
          judge(maxAge.timeline, {
            watched: after(first, story(first)),
            again: after(
              between,
              story(between, (entry) => ({ ...entry, age: change(entry.age) })),
            ),
          }),
        )
      expect([told(Math.round), told(Math.floor), told((age) => age)]).toEqual([
        'failed: whole-seconds',
        'failed: whole-seconds',
        'passed',
      ])
    })

    test('knows a name that only resembles the cookie', () => {
      const like = ping(1.54, false, { cookie: 'tokens=1; xtoken=2' })
      const third = [ping(0.1, false), ping(1.02, true), like, ping(2.02, true)]
      const told = (sent: boolean) =>
        verdict(
          judge(maxAge.timeline, {
            watched: after(first, story(first)),
            again: after(
              third,
              story(third, ({ age }, index) => ({ age, sent: index === 2 ? sent : index > 0 })),
            ),
          }),
        )
      expect([told(false), told(true)]).toEqual(['passed', 'failed: matches-inside-names'])
    })

    test.each<[string, unknown, string]>([
      ['the same', { sent: true, age: 1 }, 'passed'],
      ['another age', { sent: true, age: 2 }, 'failed: answers-otherwise'],
      ['no age', { sent: true }, 'failed: answers-otherwise'],
      ['nothing', undefined, 'failed'],
    ])('/ping answers %s', (_, json, expected) => {
      const answered = [ping(1.02, true, { json })]
      expect(verdict(judge(maxAge.sameAnswers, after(answered, [{ sent: true, age: 1 }])))).toBe(
        expected,
      )
    })

    test('may have two requests that were under way together in either order', () => {
      const close = [ping(1.02, true), ping(1.022, false), ping(2.02, true)]
      const far = [ping(1.02, true), ping(1.2, false), ping(2.02, true)]
      const told = (pings: readonly Exchange[]) =>
        verdict(
          judge(maxAge.timeline, {
            watched: after(first, story(first)),
            again: after(pings, story([pings[1]!, pings[0]!, pings[2]!])),
          }),
        )
      expect([told(close), told(far)]).toEqual(['passed', 'failed'])
    })

    test('may or may not have the request that was under way when it was asked for', () => {
      const underWay = [...second, ping(19.99, false, { answeredAt: START + 20.1 })]
      const told = (list: readonly Exchange[]) =>
        verdict(
          judge(maxAge.timeline, {
            watched: after(first, story(first)),
            again: after(underWay, story(list)),
          }),
        )
      expect([told(second), told(underWay)]).toEqual(['passed', 'passed'])
    })
  })
})

describe('cookies-set-and-return', () => {
  type Asked<Names extends string> = Readonly<Record<Names, Exchange | null>>
  type RoundTrip = Asked<'login' | 'whoami' | 'deep' | 'amongOthers' | 'spaced'> & { jar: Jar }
  type Visitors = Asked<'adaLogin' | 'benLogin' | 'stranger' | 'adaAsks' | 'benAsks' | 'empty'>
  const ADA = '3f0c9a51-ada0-4a6e-9d58-3f0c9a51ada0'
  const BEN = '77aa10be-be4e-4bb0-8c11-77aa10bebe4e'
  const login = (value = ADA, attributes = '; Path=/', rest: Written = {}) =>
    wire({ target: '/login', sets: [`session=${value}${attributes}`], ...rest })
  const whoami = (sent: string | undefined, told: unknown = sent ?? null, rest: Written = {}) =>
    wire({
      target: '/whoami',
      ...(sent !== undefined && { cookie: `session=${sent}` }),
      json: { cookie: told },
      ...rest,
    })
  const trip = (rest: Partial<RoundTrip> = {}): RoundTrip => ({
    login: login(),
    jar: jar([cookie('session', ADA)]),
    whoami: whoami(ADA),
    deep: wire({ target: '/a/b/c', cookie: `session=${ADA}`, status: 404 }),
    amongOthers: whoami(ADA),
    spaced: whoami(ADA),
    ...rest,
  })
  const visitors = (rest: Partial<Visitors> = {}): Visitors => ({
    adaLogin: login(),
    benLogin: login(BEN),
    stranger: whoami(undefined),
    adaAsks: whoami(ADA),
    benAsks: whoami(BEN),
    empty: wire({ target: '/whoami', cookie: 'lang=de; session=', json: { cookie: '' } }),
    ...rest,
  })

  test.each<[string, Partial<RoundTrip>, string]>([
    ['a cookie', {}, 'passed'],
    ['no cookie', { login: wire({ target: '/login' }), jar: jar([]) }, 'failed'],
    [
      'another cookie',
      { login: login(ADA, '', { sets: [`xsession=${ADA}`] }), jar: jar([cookie('xsession', ADA)]) },
      'failed',
    ],
    [
      'a Cookie field',
      { login: wire({ target: '/login', answers: [['Cookie', `session=${ADA}`]] }), jar: jar([]) },
      'failed: cookie-in-response',
    ],
    [
      'a cookie Chromium refused',
      {
        login: login(ADA, '; Domain=example.com'),
        jar: jar([], [{ line: `session=${ADA}; Domain=example.com`, reasons: ['InvalidDomain'] }]),
      },
      'failed: wrong-domain',
    ],
    [
      'a redirect elsewhere',
      { login: login(ADA, '; Path=/', { status: 303, answers: [['Location', '/whoami']] }) },
      'failed: redirected',
    ],
    ['a comma before Path', { login: login(`${ADA}, Path=/`, '') }, 'failed: comma-for-semicolon'],
    ['a wrong status', { login: login(ADA, '; Path=/', { status: 500 }) }, 'failed'],
    ['no answer', { login: login(ADA, '', { status: null }), jar: jar([]) }, 'failed: no-answer'],
  ])('set: %s', (_, facts, expected) => {
    expect(verdict(judge(setAndReturn.set, trip(facts)))).toBe(expected)
  })

  test.each<[string, Partial<RoundTrip>, string]>([
    ['with the cookie', {}, 'passed'],
    ['with another value', { whoami: whoami('other') }, 'failed'],
    [
      'without it, kept for one path',
      { whoami: whoami(undefined), jar: jar([cookie('session', ADA, { path: '/login' })]) },
      'failed: path-too-narrow',
    ],
    ['without it', { whoami: whoami(undefined) }, 'failed'],
    ['unanswered, but with the cookie', { whoami: whoami(ADA, null, { status: null }) }, 'passed'],
  ])('returned: %s', (_, facts, expected) => {
    expect(verdict(judge(setAndReturn.returned, trip(facts)))).toBe(expected)
  })

  test('a login that set nothing cannot come back: any cookie is not that cookie', () => {
    expect(
      judge(
        setAndReturn.returned,
        trip({ login: wire({ target: '/login' }), whoami: whoami('planted') }),
      ).outcome,
    ).toBe('failed')
  })

  test.each<[string, Partial<RoundTrip>, string]>([
    ['with it', {}, 'passed'],
    [
      'without it',
      {
        deep: wire({ target: '/a/b/c', status: 404 }),
        jar: jar([cookie('session', ADA, { path: '/whoami' })]),
      },
      'failed: only-top-level',
    ],
    ['not on the wire', { deep: null }, 'failed'],
  ])('deeper: %s', (_, facts, expected) => {
    expect(verdict(judge(setAndReturn.everywhere, trip(facts)))).toBe(expected)
  })

  test.each<[string, Partial<Visitors>, string]>([
    ['each visitor their own', {}, 'passed'],
    ['percent-encoding undone', { adaAsks: whoami('a%20b%3D', 'a b=') }, 'passed'],
    ['bad percent-encoding as it came', { adaAsks: whoami('100%', '100%') }, 'passed'],
    ['the last login to everybody', { adaAsks: whoami(ADA, BEN) }, 'failed: remembers-last-login'],
    [
      'only up to the second =',
      { adaAsks: whoami('abc==', 'abc') },
      'failed: splits-at-every-equals',
    ],
    [
      'null for an empty value',
      { empty: wire({ target: '/whoami', cookie: 'lang=de; session=', json: { cookie: null } }) },
      'failed: empty-counts-as-none',
    ],
    [
      'text instead of JSON',
      { adaAsks: wire({ target: '/whoami', cookie: `session=${ADA}`, body: ADA }) },
      'failed',
    ],
    [
      'another member',
      { benAsks: wire({ target: '/whoami', cookie: `session=${BEN}`, json: { session: BEN } }) },
      'failed',
    ],
    ['the whole Cookie field', { adaAsks: whoami(ADA, `session=${ADA}`) }, 'failed: whole-field'],
    [
      'null for every value',
      {
        adaAsks: whoami(ADA, null),
        empty: wire({ target: '/whoami', cookie: 'session=; lang=de', json: { cookie: null } }),
      },
      'failed: finds-no-cookie',
    ],
    [
      'all that follows',
      {
        empty: wire({
          target: '/whoami',
          cookie: 'session=; lang=de',
          json: { cookie: '; lang=de' },
        }),
      },
      'failed: reads-to-the-end',
    ],
    ['nothing', { benAsks: null }, 'failed'],
  ])('read: %s', (_, facts, expected) => {
    expect(verdict(judge(setAndReturn.read, visitors(facts)))).toBe(expected)
  })

  test.each<[string, Visitors['stranger'], string]>([
    ['null', whoami(undefined), 'passed'],
    ['an empty value', whoami(undefined, ''), 'failed: empty-for-strangers'],
    ['undefined', wire({ target: '/whoami', json: {} }), 'failed: empty-for-strangers'],
    ['what is no JSON', wire({ target: '/whoami', body: '{cookie: null}' }), 'failed'],
    ['401', whoami(undefined, null, { status: 401 }), 'failed'],
    ['the session of somebody else', whoami(undefined, ADA), 'failed: remembers-last-login'],
    ['what nobody was given', whoami(undefined, 'x'), 'failed'],
  ])('a stranger is told %s', (_, stranger, expected) => {
    expect(verdict(judge(setAndReturn.stranger, visitors({ stranger })))).toBe(expected)
  })

  test.each<[string, string, string, string]>([
    ['different and long', ADA, BEN, 'passed'],
    ['the same', ADA, ADA, 'failed: guessable'],
    ['short', '1', '2', 'failed: too-short'],
    ['fifteen characters', 'a'.repeat(15), BEN, 'failed: too-short'],
  ])('two logins: %s', (_, first, second, expected) => {
    expect(
      verdict(
        judge(setAndReturn.fresh, visitors({ adaLogin: login(first), benLogin: login(second) })),
      ),
    ).toBe(expected)
  })

  describe('neighbours', () => {
    const facts = (told: unknown, spacedTold: unknown = 'right') =>
      trip({
        amongOthers: wire({
          target: '/whoami',
          cookie: `xsession=decoy; a=b=c; session=${ADA}`,
          json: { cookie: told },
        }),
        spaced: wire({
          target: '/whoami',
          cookie: 'a=b=c;  sessions=no;session=right ;  xsession=decoy',
          json: { cookie: spacedTold },
        }),
      })

    test.each<[string, unknown, unknown, string]>([
      ['its own value', ADA, 'right', 'passed'],
      ['that of a longer name', 'decoy', 'right', 'failed: matches-inside-names'],
      ['that of a longer name before it', ADA, 'no', 'failed: matches-inside-names'],
      ['a value with its space', ADA, 'right ', 'failed: spaces-in-the-way'],
      ['null', ADA, null, 'failed: spaces-in-the-way'],
      ['another value', ADA, 'left', 'failed'],
    ])('told %s', (_, told, spacedTold, expected) => {
      expect(verdict(judge(setAndReturn.amongOthers, facts(told, spacedTold)))).toBe(expected)
    })

    test('are no neighbours when Chromium did not send them', () => {
      expect(
        judge(setAndReturn.amongOthers, { ...facts(ADA), amongOthers: whoami(ADA) }).outcome,
      ).toBe('failed')
    })
  })
})

describe('cookies-httponly', () => {
  type Asked<Names extends string> = Readonly<Record<Names, Exchange | null>>
  type Looks = Readonly<Record<'seen' | 'store' | 'storage' | 'themed', ConsoleResult>>
  type Views = Asked<'document' | 'me' | 'meAgain' | 'scripted'> &
    Looks & { jar: Jar; scriptSaw: readonly (readonly [string, string])[] }
  type Goodbye = Asked<'document' | 'before' | 'logout' | 'me' | 'replay'> & { jar: Jar }
  const ID = 'b0e1c2d3-1111-4222-8333-444455556666'
  const SESSION = `session=${ID}; Path=/; HttpOnly; SameSite=Lax`
  const login = (...sets: string[]) => wire({ target: '/login', sets })
  const me = (sent: string | undefined, status = 200, json: unknown = { user: 'ada' }) =>
    wire({ target: '/me', ...(sent !== undefined && { cookie: sent }), status, json })
  const views = (rest: Partial<Views> = {}): Views => ({
    document: login(SESSION, 'theme=dark; Path=/'),
    seen: consoleResult('document.cookie', 'theme=dark'),
    store: consoleResult('cookieStore', ['theme=dark']),
    storage: consoleResult('Object.keys(localStorage)', []),
    jar: jar([cookie('session', ID, { httpOnly: true, sameSite: 'Lax' }), cookie('theme', 'dark')]),
    me: me(`session=${ID}; theme=dark`),
    themed: consoleResult('document.cookie', 'theme=light'),
    meAgain: me(`session=${ID}; theme=light`),
    scripted: login(SESSION, 'theme=dark; Path=/'),
    scriptSaw: [['content-type', 'text/html']],
    ...rest,
  })
  const goodbye = (rest: Partial<Goodbye> = {}): Goodbye => ({
    document: login(SESSION),
    before: me(`session=${ID}`),
    jar: jar([cookie('theme', 'dark')]),
    me: me('theme=dark', 401),
    replay: me(`session=${ID}`, 401),
    logout: wire({
      method: 'POST',
      target: '/logout',
      status: 204,
      sets: ['session=; Path=/; Max-Age=0'],
    }),
    ...rest,
  })

  test.each<[string, Partial<Views>, string]>([
    ['with it', {}, 'passed'],
    ['without it', { me: me('theme=dark') }, 'failed'],
    ['with another value', { me: me('session=other') }, 'failed'],
    [
      'and nobody known',
      { me: me(`session=${ID}`, 401, { error: 'x' }) },
      'failed: not-recognised',
    ],
    ['and refused by the browser', { jar: jar([]) }, 'failed'],
    ['and no user', { me: me(`session=${ID}`, 200, {}) }, 'failed'],
    ['and nobody as the user', { me: me(`session=${ID}`, 200, { user: null }) }, 'failed'],
    [
      'replaced by theme',
      { document: login('theme=dark; Path=/'), me: me('theme=dark') },
      'failed: one-replaces-the-other',
    ],
    [
      'kept by a script',
      {
        document: login('theme=dark'),
        storage: consoleResult('Object.keys(localStorage)', ['session']),
        me: me('theme=dark'),
      },
      'failed: local-storage',
    ],
  ])('the next request: %s', (_, facts, expected) => {
    expect(verdict(judge(httpOnly.stillSent, views(facts)))).toBe(expected)
  })

  test.each<[string, Partial<Views>, string]>([
    ['does not list it', {}, 'passed'],
    [
      'lists it',
      {
        document: login(`session=${ID}; Path=/`),
        seen: consoleResult('document.cookie', `session=${ID}; theme=dark`),
        jar: jar([cookie('session', ID)]),
      },
      'failed: no-httponly',
    ],
    [
      'lists it by another way',
      { store: consoleResult('cookieStore', [`session=${ID}`]) },
      'failed',
    ],
    ['threw', { seen: consoleResult('document.cookie', undefined, 'SecurityError') }, 'failed'],
  ])('the console: %s', (_, facts, expected) => {
    expect(verdict(judge(httpOnly.hidden, views(facts)))).toBe(expected)
  })

  test('shows the three views beside the check', () => {
    expect(judge(httpOnly.hidden, views()).exhibits).toMatchObject([
      {
        kind: 'table',
        rows: [
          [
            'session',
            expect.stringContaining('HttpOnly; SameSite=Lax'),
            expect.stringContaining('HttpOnly'),
            'not listed',
          ],
          ['theme', 'theme=dark; Path=/', expect.stringContaining('readable'), 'theme=dark'],
          expect.anything(),
        ],
      },
    ])
  })

  test.each<[string, Partial<Views>, string]>([
    ['readable and changed', {}, 'passed'],
    [
      'joined by a comma',
      { document: login(`${SESSION}, theme=dark; Path=/`) },
      'failed: comma-joined',
    ],
    [
      'hidden too',
      {
        document: login(SESSION, 'theme=dark; Path=/; HttpOnly'),
        seen: consoleResult('document.cookie', ''),
      },
      'failed: httponly-on-both',
    ],
    ['not to be changed', { themed: consoleResult('document.cookie', 'theme=dark') }, 'failed'],
  ])('theme: %s', (_, facts, expected) => {
    expect(verdict(judge(httpOnly.themeVisible, views(facts)))).toBe(expected)
  })

  test.each<[string, string | undefined, number, string]>([
    ['changed nothing', `session=${ID}; theme=light`, 200, 'passed'],
    ['went out beside it', `session=${ID}; session=stolen`, 200, 'failed: overwritable'],
    ['replaced it', 'session=stolen', 401, 'failed'],
    ['left nothing', 'theme=light', 401, 'failed'],
    ['left no cookie at all', undefined, 401, 'failed'],
  ])('the stolen write %s', (_, sent, status, expected) => {
    expect(verdict(judge(httpOnly.notOverwritten, views({ meAgain: me(sent, status) })))).toBe(
      expected,
    )
  })

  test.each<[string, string, 'Lax' | 'Strict' | null, string]>([
    ['said', SESSION, 'Lax', 'passed'],
    ['left to the default', `session=${ID}; Path=/; HttpOnly`, null, 'failed: lax-by-default'],
    ['Strict', `session=${ID}; SameSite=Strict`, 'Strict', 'failed'],
  ])('SameSite %s', (_, line, sameSite, expected) => {
    expect(
      verdict(
        judge(
          httpOnly.lax,
          views({ document: login(line), jar: jar([cookie('session', ID, { sameSite })]) }),
        ),
      ),
    ).toBe(expected)
  })

  test.each<[string, Partial<Goodbye>, string]>([
    ['takes the cookie', {}, 'passed'],
    [
      'for another path',
      {
        logout: wire({
          method: 'POST',
          target: '/logout',
          status: 204,
          sets: ['session=; Max-Age=0'],
        }),
        jar: jar([cookie('session', ID)]),
      },
      'failed: logout-wrong-path',
    ],
    [
      'leaves it',
      {
        logout: wire({ method: 'POST', target: '/logout', status: 204 }),
        jar: jar([cookie('session', ID)]),
      },
      'failed: tells-the-browser-nothing',
    ],
    [
      'empties it',
      {
        logout: wire({
          method: 'POST',
          target: '/logout',
          status: 204,
          sets: ['session=deleted; Path=/'],
        }),
        jar: jar([cookie('session', 'deleted')]),
      },
      'failed: emptied-not-ended',
    ],
    [
      'with another status',
      { logout: wire({ method: 'POST', target: '/logout', status: 200 }) },
      'failed',
    ],
    ['without an answer', { logout: null }, 'failed'],
  ])('logout %s', (_, facts, expected) => {
    expect(verdict(judge(httpOnly.logout, goodbye(facts)))).toBe(expected)
  })

  test.each<[string, Partial<Goodbye>, string]>([
    ['is worthless', {}, 'passed'],
    ['still opens', { replay: me(`session=${ID}`, 200) }, 'failed: only-browser-forgets'],
    ['never worked', { before: me(`session=${ID}`, 401) }, 'failed'],
    ['opens nothing, but with 200', { replay: me(`session=${ID}`, 200, { user: null }) }, 'failed'],
  ])('the old value %s', (_, facts, expected) => {
    expect(verdict(judge(httpOnly.revoked, goodbye(facts)))).toBe(expected)
  })

  test.each<[string, Exchange, Exchange, string]>([
    ['nobody else', me(undefined, 401, {}), me('session=made-up', 401, {}), 'passed'],
    ['whoever asks', me(undefined), me('session=made-up'), 'failed: lets-anybody-in'],
    [
      'whoever has a value',
      me(undefined, 401, {}),
      me('session=made-up'),
      'failed: any-value-opens',
    ],
    [
      'nobody, with 200',
      me(undefined, 200, { user: null }),
      me('session=made-up', 200, { user: null }),
      'failed: never-401',
    ],
    ['nobody, with 403', me(undefined, 403, {}), me('session=made-up', 403, {}), 'failed'],
  ])('/me lets in %s', (_, stranger, invented, expected) => {
    const facts = {
      adaLogin: login(SESSION),
      benLogin: login(SESSION),
      stranger,
      invented,
      adaAsks: null,
      benAsks: null,
    }
    expect(verdict(judge(httpOnly.onlyGivenOut, facts))).toBe(expected)
  })

  test.each<[string, string[], number, string]>([
    ['replaced', [SESSION], 401, 'passed'],
    ['kept', ['session=planted; Path=/'], 200, 'failed: keeps-the-planted-id'],
    ['kept without a word', ['theme=dark'], 200, 'failed: keeps-the-planted-id'],
    ['replaced and let in', [SESSION], 200, 'failed: keeps-the-planted-id'],
  ])('a planted id is %s', (_, sets, status, expected) => {
    expect(
      verdict(
        judge(httpOnly.newAtLogin, {
          planted: 'planted',
          document: login(...sets),
          thief: me('session=planted', status),
        }),
      ),
    ).toBe(expected)
  })
})

describe('every check of every exercise fails, and does not err', () => {
  const silent = consoleResult('x', undefined, 'no answer')
  const empty = { jar: jar([]), jarAfter: jar([]), pings: [], exchanges: [], scriptSaw: [] }
  const looks = { seen: silent, store: silent, storage: silent, themed: silent }
  const asked = { whoami: null, deep: null, amongOthers: null, spaced: null, planted: 'x' }
  const visits = { stranger: null, invented: null, adaAsks: null, benAsks: null, empty: null }
  const logout = { before: null, logout: null, me: null, meAgain: null, replay: null, thief: null }
  const bare = wire({ target: '/' })
  const logins = { document: bare, login: bare, adaLogin: bare, benLogin: bare }
  const rest = { ...empty, ...looks, ...asked, ...visits, ...logout, timeline: null }
  const checks = Object.values<Check<any>>({ ...maxAge, ...httpOnly, ...setAndReturn })

  test('when nothing came home', () => {
    const nothing = evidence({ watched: {}, again: {} })
    expect(checks.length).toBe(7 + 10 + 7)
    for (const check of checks) {
      const { outcome, error, findings } = judgeCheck(check, nothing, context)
      expect([check.title, outcome, error]).toEqual([check.title, 'failed', undefined])
      expect(findings.at(-1)?.received).toBe('nothing crossed the wire')
    }
  })

  test('when only a first answer came, with nothing in it', () => {
    const first = { ...rest, ...logins }
    const little = evidence({ ...first, watched: first, again: first })
    // Without a ping none can have set the cookie again, and none can have been answered.
    const idle = new Set<Check<any>>([maxAge.notRenewed, maxAge.sameAnswers])
    for (const check of checks.filter((each) => !idle.has(each))) {
      const { outcome, error } = judgeCheck(check, little, context)
      expect([check.title, outcome, error]).toEqual([check.title, 'failed', undefined])
    }
  })
})
