import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { smallCourse } from '../../testing/sample-course.ts'
import { seededRandom } from '../../grader/record/random.ts'
import type { CheckResult, MarkedLine, Report } from '../../grader/types/index.ts'
import {
  feedbackChanges,
  feedbackDiff,
  feedbackProblems,
  feedbackText,
  tellTheSame,
  whatWasSaid,
} from './feedback.ts'
import { withPlaceholders } from './placeholders.ts'

const untimed = { timed: false }
const blank = { findings: [], exhibits: [], reproduce: [], atMs: 370 }
const passed: CheckResult = {
  ...blank,
  id: 'starts',
  title: 'Your server starts',
  outcome: 'passed',
}

function failed({
  lines = [],
  say = 'So it is.',
  received = 'nothing',
}: {
  lines?: readonly MarkedLine[]
  say?: string
  received?: string
}): CheckResult {
  return {
    ...blank,
    id: 'set',
    title: 'A cookie was set',
    outcome: 'failed',
    findings: [
      {
        claim: 'sets',
        expected: 'a cookie',
        received,
        holds: false,
        exhibit: { kind: 'text', title: 'Seen', lines },
      },
    ],
    diagnosis: { id: 'none', say },
    reproduce: [
      'npm run serve -- say-hello --file exercises/say-hello/solution/server.ts',
      'curl -i http://127.0.0.1:3000/',
    ],
  }
}

function report(...checks: CheckResult[]): Report {
  const fixed = {
    exercise: 'say-hello',
    title: 'Say hello',
    verdict: 'failed',
    startedAt: '2026-11-22T10:00:00.000Z',
    durationMs: 912,
    run: 'ab12cd34',
  } as const
  return { ...fixed, program: 'work/say-hello/server.ts', notes: [], checks }
}

describe('feedbackText', () => {
  test('is what the terminal shows, without what is another in every run', () => {
    const text = feedbackText(
      report(
        passed,
        failed({
          received: 'token=9f2c81d0e5',
          say: 'At 127.0.0.1:41873, on Mon, 23 Nov 2026 00:41:05 GMT.',
        }),
      ),
      untimed,
    )
    expect(text)
      .toBe(`Say hello                                               work/say-hello/server.ts

  ✓ Your server starts
  ✗ A cookie was set

      expected   a cookie
      received   token=<hex>

      Seen

      Why      At 127.0.0.1:<port>, on <date>.
      See it   npm run serve say-hello
               curl -i http://127.0.0.1:3000/

Not yet: 1 of 2
`)
  })

  test('is the same for two runs of one program', () => {
    const run = (id: string, port: number) =>
      feedbackText(
        report(
          passed,
          failed({
            received: `session=${id}`,
            say: `${id} came to 127.0.0.1:${port}, by get('127.0.0.1', ${port}).`,
          }),
        ),
        untimed,
      )
    expect(run('9fc1fed7-8078-4e30-a5ad-ae953536b012', 41873)).toBe(
      run('b3f3be41-1f92-44fb-8cf8-23b0606c9ebd', 5001),
    )
  })

  test('knows a port also where an address follows it without a space', () => {
    const say = 'Failed to parse URL from http://127.0.0.1:44641http://127.0.0.1:44641/jobs.'
    expect(feedbackText(report(failed({ say })), untimed)).toMatch(
      /http:\/\/127\.0\.0\.1:<port>http:\/\/127\.0\.0\.1:<port>\/jobs/,
    )
  })

  test('begins a start by hand as a learner does, with what the program was given', () => {
    const text = feedbackText(
      report({
        ...failed({}),
        reproduce: [
          'LIMIT_MS=437 SHARED=by-PORT=1 APP=http://127.0.0.1:45678 npm run serve -- say-hello --file exercises/say-hello/solution/server.ts',
          'curl -i http://127.0.0.1:3000/?PORT=3000 x',
        ],
      }),
      untimed,
    )
    expect(text).toContain(
      'See it   LIMIT_MS=<ms> SHARED=by-PORT=1 APP=http://127.0.0.1:<port> npm run serve',
    )
    expect(text).toContain('curl -i http://127.0.0.1:3000/?PORT=3000 x\n')
  })

  test('in a run that watched the clock, leaves out how many entries a list has, and their times', () => {
    const run = (...ages: number[]) =>
      feedbackText(
        report(
          passed,
          failed({
            received: JSON.stringify([
              ...ages.map((age) => ({ sent: true, age })),
              { sent: false, age: 11.5 },
            ]),
          }),
        ),
        { timed: true },
      )
    expect(run(1, 2.1, 3)).toContain('received   [{"sent":true,"age":<n>},…]\n')
    expect(run(1, 2.1, 3)).toBe(run(1.1, 2))
  })

  test('in a run that watched the clock, draws one request a second, from the first to the last', () => {
    const chart = (...seconds: number[]) => {
      const samples = seconds.map((at) => ({ at, sent: at < 2.5, exchange: 1 }))
      const chart = {
        kind: 'cookie-chart',
        label: 'token',
        seconds: 5,
        samples,
        expiry: null,
      } as const
      return feedbackText(report({ ...passed, exhibits: [chart] }), { timed: true })
    }
    expect(chart(1, 2, 3, 4, 5)).toContain('sent until 2.0 s, not sent since 3.0 s')
    expect(chart(1.1, 2.4, 2.6, 4.2, 4.98)).toBe(chart(1, 2, 3, 4, 5))
    // No request left in the second before the first.
    expect(chart(3, 4)).toContain('not sent since 3.0 s')
    expect(chart()).not.toContain('since')
  })

  test('leaves out what is this machine’s doing', () => {
    expect(
      feedbackText(
        {
          ...report(passed),
          notes: [
            'This machine was too busy to time this fairly; running it again.',
            'Something else.',
          ],
        },
        untimed,
      ),
    ).toMatch(/note {2}Something else\.\n\nNot yet: 1 of 1\n$/)
  })
})

test('whatWasSaid begins at the first failed check and ends after thirty lines', () => {
  const many = Array.from({ length: 40 }, (_, index) => failed({ say: `No. ${index}` }))
  const [title, first, ...more] = whatWasSaid(report(passed, ...many), untimed).split('\n')
  expect([title, first?.slice(0, 3), more.length, more.at(-1)]).toEqual([
    'it was told:',
    '  ✗',
    30,
    '  …',
  ])
  expect(whatWasSaid(report(passed), untimed)).toMatch(/^it was told:\nSay hello /)
})

describe('withPlaceholders', () => {
  const shownLines = (...lines: MarkedLine[]) => {
    const exhibit = withPlaceholders(report(failed({ lines })), untimed).checks[0]!.findings[0]!
      .exhibit!
    return exhibit.kind === 'text' ? exhibit.lines : []
  }
  const shown = (text: string) => shownLines({ text })[0]!.text

  test.each([
    ['session=z2XSx7ned0h/ione94dSWw==; Path=/', 'session=<token>; Path=/'],
    ['id=k3f9x0aq1zz; Path=/', 'id=<token>; Path=/'],
    ['User-Agent: Mozilla/5.0 Chrome/153.0.0.0', 'User-Agent: <browser>'],
    ['sec-ch-ua-platform: "Linux"', 'sec-ch-ua-platform: <browser>'],
    ['created 2026-11-22T10:00:00.123Z', 'created <date>'],
    [
      'a 9fc1fed7-8078-4e30-a5ad-ae953536b012 b b3f3be41-1f92-44fb-8cf8-23b0606c9ebd a 9fc1fed7-8078-4e30-a5ad-ae953536b012',
      'a <uuid> b <uuid-2> a <uuid>',
    ],
    [
      'Max-Age=10000; Expires=0; http://localhost:4321/lessons/cookies-and-state#how-long',
      'Max-Age=10000; Expires=0; http://localhost:4321/lessons/cookies-and-state#how-long',
    ],
    ['Access-Control-Allow-Credentials', 'Access-Control-Allow-Credentials'],
    ['application/x-www-form-urlencoded', 'application/x-www-form-urlencoded'],
    ['expected 52.38471900000001', 'expected 52.4'],
    ['0.30000000000000004 s; 1.25 s', '0.3 s; 1.25 s'],
    [
      'http://127.0.0.1:3000/ and http://localhost:4321/',
      'http://127.0.0.1:3000/ and http://localhost:4321/',
    ],
  ])('%s', (before, after) => expect(shown(before)).toBe(after))

  test('the ports that the grader gave away are replaced wherever they stand', () => {
    const lines = [
      'TLS_PORT=40123 npm run serve say-hello',
      'port 40123, not 401234 and not 1.40123',
      '{"port":40123,"other":50123} https://shop.test:40123/a https://shop.test:8059/a',
    ].map((text) => ({ text }))
    const [check] = withPlaceholders(report(failed({ lines })), {
      timed: false,
      ports: [40123, 50123],
    }).checks
    const { exhibit } = check!.findings[0]!
    expect(exhibit?.kind === 'text' && exhibit.lines.map(({ text }) => text)).toEqual([
      'TLS_PORT=<port> npm run serve say-hello',
      'port <port>, not 401234 and not 1.40123',
      '{"port":<port>,"other":<port>} https://shop.test:<port>/a https://shop.test:8059/a',
    ])
  })

  test('a mark goes with its characters', () => {
    const text = 'token=02535a6e-4207-4342-bbc7-c07230dabf9d; Max-Age=10000; Path=/'
    const start = text.indexOf('Max-Age')
    const [line] = shownLines({ text, mark: [start, start + 13] })
    expect(line!.text.slice(...line!.mark!)).toBe('Max-Age=10000')
  })
})

describe('tellTheSame', () => {
  const same = (kept: string, now: string, timed = false) => tellTheSame(kept, now, { timed })
  test.each<[string, string, boolean]>([
    ['sent until 9.0 s', 'sent until 9.4 s', true],
    ['it left 1 s after', 'it left 1.2 s after', true],
    ['after 9.9 s the\nanswer', 'after 10.1 s\nthe answer', true],
    ['[{"age":1.5},{"age":2}]', '[{"age":1},{"age":2.1}]', true],
    ['Max-Age=10; P…', 'Max-Age=11; P…', false],
    ['Max-Age=10', 'Max-Age=11', false],
    ['RFC 9110 §5.1', 'RFC 9110 §5.2', false],
    ['HTTP/1.1', 'HTTP/1.0', false],
    ['lists 9', 'lists 10', false],
    ['the page', 'the pages', false],
    ['127.0.0.1', '127.0.0.2', false],
  ])('%j and %j: %s', (kept, now, expected) => expect(same(kept, now)).toBe(expected))

  test('a run that watched the clock may count two more or less', () => {
    expect(same('lists 9 of 15', 'lists 10 of 16', true)).toBe(true)
    expect(same('lists 9', 'lists 12', true)).toBe(false)
  })
})

test('feedbackDiff shows what differs and what is around it', () => {
  const kept = Array.from({ length: 12 }, (_, index) => `line ${index}`)
  expect(feedbackDiff(kept.join('\n'), kept.with(6, 'other').join('\n'))).toEqual([
    '  line 4',
    '  line 5',
    '- line 6',
    '+ other',
    '  line 7',
    '  line 8',
    '  …',
  ])
})

describe('feedbackChanges', () => {
  const graded = (say: string, ports: number[] = []) => ({
    report: report(failed({ say })),
    timed: false,
    ports,
  })

  test('has nothing against what only chance decided', () => {
    expect(
      feedbackChanges(
        graded('It took 0.31 s, at port 40123, for 02535a6e0207.', [40123]),
        graded('It took 0.27 s, at port 40999, for f2535a6e4207.', [40999]),
      ),
    ).toEqual([])
  })

  test('shows what differs for another reason', () => {
    const [change] = feedbackChanges(graded('It came first.'), graded('It came last.'))
    expect(change).toMatch(/^says something else than the first time\n/)
    expect(change).toContain('-       Why      It came first.\n+       Why      It came last.')
  })
})

describe('feedbackProblems', () => {
  let dir: string
  beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'roundtrip-feedback-'))))
  afterEach(() => rmSync(dir, { recursive: true, force: true }))
  const problems = (update: boolean) =>
    feedbackProblems(
      { ...smallCourse().sections[0]!.lessons[0]!.exercises[0]!, dir },
      report(passed),
      { file: 'feedback/stub.txt', timed: false, update },
    )

  test('misses a file, writes it when asked to, and then has nothing to say', () => {
    expect(problems(false)).toEqual([
      'feedback/stub.txt is missing: npm run verify -- say-hello --update writes it; read them before you commit them',
    ])
    expect(problems(true)).toEqual([])
    expect(readFileSync(join(dir, 'feedback/stub.txt'), 'utf8')).toContain('Not yet: 1 of 1\n')
    expect(problems(false)).toEqual([])
  })

  test('shows other words', () => {
    mkdirSync(join(dir, 'feedback'))
    writeFileSync(
      join(dir, 'feedback/stub.txt'),
      feedbackText(report(passed), untimed).replace('starts', 'began'),
    )
    const [problem] = problems(false)
    expect(problem).toMatch(
      /^says something else than feedback\/stub\.txt; npm run verify -- say-hello --update keeps the new words; read them before you commit them\n/,
    )
    expect(problem).toContain('\n-   ✓ Your server began\n+   ✓ Your server starts\n')
  })
})

test('seeded values are the same for a seed, another for another, and look drawn', () => {
  const draw = (seed: string) => {
    const random = seededRandom(seed)
    return [random.word(), random.token(), random.token(70), random.integer(3, 5)]
  }
  expect(draw('a')).toEqual(draw('a'))
  expect(draw('a')).not.toEqual(draw('b'))
  expect(draw('a')).toEqual([
    expect.stringMatching(/^([bdfgklmnprstvz][aeiou]){3}$/),
    expect.stringMatching(/^[0-9a-f]{12}$/),
    expect.stringMatching(/^[0-9a-f]{70}$/),
    expect.toSatisfy((number: number) => number >= 3 && number <= 5),
  ])
})
