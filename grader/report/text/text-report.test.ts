import { describe, expect, test } from 'vitest'
import type { CheckResult, GradeEvent, Report } from '../../types/index.ts'
import { createTextReport, type TextReportOptions } from './text-report.ts'

const result = (
  id: string,
  title: string,
  outcome: CheckResult['outcome'],
  more: Partial<CheckResult> = {},
): CheckResult => ({
  id,
  title,
  outcome,
  findings: [],
  exhibits: [],
  reproduce: [],
  atMs: 140,
  ...more,
})

const starts = result('starts', 'Your server starts and listens on the port it was given', 'passed')
const line = 'Set-Cookie: token=9f2c81; Max-Age=0; Path=/'
const lifetime = result('lifetime', 'The cookie was set to live 10 seconds', 'failed', {
  atMs: 540,
  findings: [
    {
      claim: 'the status is 200',
      expected: 'status 200',
      received: 'HTTP/1.1 200 OK',
      holds: true,
    },
    {
      claim: 'token is set with Max-Age=10',
      expected: 'Max-Age=10',
      received: 'Max-Age=0',
      holds: false,
      exhibit: {
        kind: 'message',
        exchange: 1,
        side: 'response',
        summary: 'GET /start → 200',
        lines: [{ text: line, mark: [line.indexOf('Max'), line.indexOf('; Path')] }],
      },
    },
  ],
  diagnosis: {
    id: 'express-milliseconds',
    say: 'Zero seconds: Chromium dropped the cookie at once. The answer says X-Powered-By: Express, and Express counts maxAge in milliseconds.',
  },
  reproduce: ['npm run serve cookies-max-age', 'curl -i http://127.0.0.1:3000/start'],
  reread: {
    lesson: 'cookies-and-state',
    lessonTitle: 'Cookies and state',
    anchor: 'how-long',
    heading: 'How long a cookie lives',
  },
  spec: 'RFC 6265bis §5.6.2',
})
const skipped = ['a', 'b', 'c'].map((id) =>
  result(id, `Check ${id}`, 'skipped', { needs: 'lifetime' }),
)

function report(checks: readonly CheckResult[], more: Partial<Report> = {}): Report {
  return {
    exercise: 'cookies-max-age',
    title: 'Ten seconds to live',
    verdict: 'failed',
    checks,
    startedAt: '2026-01-01T00:00:00.000Z',
    durationMs: 620,
    run: '8f31',
    program: 'work/cookies-max-age/server.ts',
    notes: [],
    ...more,
  }
}

/**
 * What stands on a terminal after these checks; `before` comes between the start and the checks.
 */
function printed(
  whole: Report,
  options: Partial<TextReportOptions> = {},
  before: readonly GradeEvent[] = [],
): string {
  let text = ''
  const render = createTextReport({
    write: (part) => (text += part),
    columns: 80,
    colors: false,
    live: false,
    verbose: false,
    address: 'http://localhost:4321',
    ...options,
  })
  render({
    type: 'started',
    run: whole.run,
    exercise: whole.exercise,
    title: whole.title,
    program: whole.program,
    checks: whole.checks,
  })
  render({ type: 'ready', ms: 140 })
  before.forEach(render)
  whole.checks.forEach((each) => render({ type: 'check', result: each }))
  render({ type: 'finished', report: whole })
  return text
}

test('a failure teaches: what was expected, where it is on the wire, why, how to see it, what to read', () => {
  expect(printed(report([starts, lifetime, ...skipped]))).toBe(`
Ten seconds to live                               work/cookies-max-age/server.ts

  ✓ Your server starts and listens on the port it was given               0.14 s
  ✗ The cookie was set to live 10 seconds                                 0.54 s

      expected   Max-Age=10
      received   Max-Age=0

      GET /start → 200
      Set-Cookie: token=9f2c81; Max-Age=0; Path=/
                                ^^^^^^^^^

      Why      Zero seconds: Chromium dropped the cookie at once. The answer
               says X-Powered-By: Express, and Express counts maxAge in
               milliseconds.
      See it   npm run serve cookies-max-age
               curl -i http://127.0.0.1:3000/start
      Reread   Cookies and state › How long a cookie lives
               http://localhost:4321/lessons/cookies-and-state#how-long
      Rule     RFC 6265bis §5.6.2

  – 3 checks not tried: they need “The cookie was set to live 10 seconds”

Not yet: 1 of 5 · 0.6 s
The whole run: http://localhost:4321/runs/8f31
`)
})

describe('a crash', () => {
  const crashed = (id: string, say: string, crash?: string) =>
    result(id, `Check ${id}`, 'failed', {
      diagnosis: { id: 'crashed', say, ...(crash !== undefined && { crash }) },
    })
  const boom = 'Error: boom (server.ts line 4)'

  test('that failed several checks is told once', () => {
    const text = printed(
      report([
        starts,
        crashed('a', `Your program exited with code 1 in the middle: ${boom}`, boom),
        crashed('b', `Your program exited with code 1 before this request came: ${boom}`, boom),
        crashed('c', 'Your program exited with code 1 in the middle: Error: no', 'Error: no'),
      ]),
    )
    expect(text.match(/Error: boom/g)).toHaveLength(1)
    expect(text).toMatch(/✗ Check b .*\n {6}Your program had crashed by then, as told above\.\n/)
    expect(text).toContain('Error: no')
  })

  test('of which nothing was printed is told of every check, because it may be another one', () => {
    const say = 'Your program exited with code 1 in the middle: it printed nothing'
    const text = printed(report([starts, crashed('a', say), crashed('b', say)]))
    expect(text.match(/it printed nothing/g)).toHaveLength(2)
  })
})

test('where links are shown, the words to reread lead there, and no address stands below', () => {
  const text = printed(report([starts, lifetime]), {
    link: (words, address) => `<${address}>${words}</>`,
  })
  expect(text).toContain(`
      Reread   <http://localhost:4321/lessons/cookies-and-state#how-long>Cookies and state › How long a cookie lives</>
      Rule     RFC 6265bis §5.6.2
`)
})

test('in a low terminal the failure is named again beside the verdict', () => {
  const end = (rows: number) =>
    printed(report([starts, lifetime, ...skipped]), {
      live: true,
      size: () => ({ columns: 80, rows }),
    })
      .replaceAll(/\u001b\[[\d;?]*[A-Za-z]/g, '')
      .slice(-150)
  expect(end(24)).toContain('✗ The cookie was set to live 10 seconds\nNot yet: 1 of 5 · 0.6 s\n')
  expect(end(40)).not.toContain('✗ The cookie was set')
})

test('a pass is short, and shows the life of a cookie', () => {
  const samples = Array.from({ length: 15 }, (_, index) => ({
    at: index + 1.04,
    sent: index < 9,
    exchange: index,
  }))
  const chart = result('sent', 'It was sent until second 9', 'passed', {
    atMs: 15_300,
    exhibits: [{ kind: 'cookie-chart', label: 'token', seconds: 15, expiry: 10, samples }],
  })
  expect(
    printed(
      report([starts, chart], {
        verdict: 'passed',
        durationMs: 15_400,
        notes: ['Your page opened alert("x"); it was dismissed.'],
      }),
    ),
  ).toBe(`
Ten seconds to live                               work/cookies-max-age/server.ts

  ✓ Your server starts and listens on the port it was given               0.14 s
  ✓ It was sent until second 9                                           15.30 s
        token  ██████████░░░░░░   sent until 9.0 s, not sent since 10.0 s
               0    5    10   15   the jar's own end: 10.0 s
  note  Your page opened alert("x"); it was dismissed.

Passed: 2 of 2 · 15.4 s
The whole run: http://localhost:4321/runs/8f31
`)
})

test('a second failure is told in its sentence', () => {
  const second = result('second', 'Another', 'failed', {
    diagnosis: { id: 'x', say: 'What was observed.' },
    reproduce: ['curl x'],
  })
  const third = result('third', 'A third', 'failed', {
    findings: [
      { claim: 'the status', expected: '204', received: `200\n${'x'.repeat(200)}`, holds: false },
    ],
  })
  const text = printed(report([starts, lifetime, second, third]))
  expect(text).toContain(
    '  ✗ Another                                                               0.14 s\n      What was observed.\n  ✗ A third  ',
  )
  expect(text.replaceAll(/\s+/g, '')).toContain(`expected204,received200${'x'.repeat(95)}…Notyet`)
  expect(text).not.toContain('curl x')
})

test('an error of ours says what could not be done', () => {
  expect(
    printed(
      report([], {
        verdict: 'errored',
        error: 'No browser was found. npm run doctor tells where it was looked for.',
      }),
    ),
  ).toBe(`
Ten seconds to live                               work/cookies-max-age/server.ts

  No browser was found. npm run doctor tells where it was looked for.

Could not be checked · 0.6 s
The whole run: http://localhost:4321/runs/8f31
`)
})

test('a check that erred is told with its reason', () => {
  const text = printed(
    report(
      [
        starts,
        result('broken', 'Broken', 'errored', {
          error: 'no such fact (cookies-max-age/checks.ts line 12)',
        }),
      ],
      { verdict: 'errored' },
    ),
  )
  expect(text).toContain('  ! Broken  ')
  expect(text).toContain('      Error    no such fact (cookies-max-age/checks.ts line 12)\n')
  expect(text).toContain('Could not be checked: 1 of 2')
})

test('checks appear in their own order, whichever was judged first', () => {
  const checks = [
    starts,
    result('a', 'First', 'passed'),
    result('b', 'Second', 'passed'),
    result('c', 'Third', 'passed'),
  ]
  let text = ''
  const render = createTextReport({
    write: (part) => (text += part),
    columns: 80,
    colors: false,
    live: false,
    verbose: false,
    address: '',
  })
  render({ type: 'started', run: 'x', exercise: 'x', title: 'X', program: 'x', checks })
  for (const each of [checks[2]!, checks[0]!, checks[3]!]) render({ type: 'check', result: each })
  expect(text).not.toContain('Second')
  render({ type: 'check', result: checks[1]! })
  expect(text.match(/✓ \w+/g)).toEqual(['✓ Your', '✓ First', '✓ Second', '✓ Third'])
})

test('a title wider than the terminal is set in lines of whole words', () => {
  expect(printed(report([starts]), { columns: 40 })).toContain(
    '\n  ✓ Your server starts and listens on\n    the port it was given\n',
  )
})

test('a repetition is told when it happens', () => {
  expect(
    printed(report([starts]), {}, [
      {
        type: 'repeated',
        scenario: 'x',
        reason: 'The clock of this machine was set meanwhile; running it again.',
      },
    ]),
  ).toContain('\n  ↻ The clock of this machine was set meanwhile; running it again.\n')
})

test('one check not tried is one', () => {
  expect(printed(report([starts, lifetime, skipped[0]!]))).toContain(
    '  – 1 check not tried: it needs “The cookie was set to live 10 seconds”\n',
  )
})

describe('no line is wider than the terminal', () => {
  const long = (word: string) => `${word} `.repeat(40).trim()
  const wide = result('wide', long('title'), 'failed', {
    findings: [
      {
        claim: long('claim'),
        expected: long('fine'),
        received: long('fine'),
        holds: true,
        exhibit: { kind: 'text', title: 'T', lines: [{ text: 'x'.repeat(300) }] },
      },
      {
        claim: 'x'.repeat(200),
        expected: 'e'.repeat(200),
        received: `${'r'.repeat(200)}\n${long('line')}`,
        holds: false,
        exhibit: {
          kind: 'message',
          exchange: 1,
          side: 'request',
          summary: `GET /${'p'.repeat(200)} → 200`,
          lines: [
            { text: `Cookie: ${'c'.repeat(300)}`, mark: [100, 250] },
            { text: 'h'.repeat(300) },
          ],
        },
      },
    ],
    exhibits: [
      {
        kind: 'table',
        title: 'Three views',
        columns: ['cookie', 'wire', 'jar'],
        rows: [
          ['session', 'w'.repeat(150), long('jar')],
          ['b', '', 'c'],
        ],
      },
      {
        kind: 'cookie-chart',
        label: 'session-of-the-second-visitor',
        seconds: 15,
        expiry: 10,
        samples: [
          { at: 9, sent: true, exchange: 1 },
          { at: 10.6, sent: false, exchange: 2 },
        ],
      },
    ],
    diagnosis: { id: 'x', say: `${long('why')} \`${'v'.repeat(120)}\`` },
    error: long('error'),
    reproduce: [`curl -i -H '${'x'.repeat(200)}' http://127.0.0.1:3000/`],
    reread: {
      lesson: 'a-lesson',
      lessonTitle: long('lesson'),
      anchor: 'an-anchor',
      heading: long('heading'),
    },
    spec: long('RFC'),
  })
  const whole = report(
    [
      starts,
      wide,
      { ...wide, id: 'again' },
      ...skipped.map((each) => ({ ...each, needs: 'wide' })),
    ],
    { notes: [long('note')], error: long('error') },
  )

  test.each([
    [80, false],
    [80, true],
    [100, true],
    [60, false],
    [40, true],
  ])('%i columns, everything: %j', (columns, verbose) => {
    const lines = printed(whole, { columns, verbose }).split('\n')
    const wider = lines.filter(
      (each) => each.length > columns && !/^ +(?:See it +)?curl |http:\/\/localhost/.test(each),
    )
    // A title that leaves no room for the time stands alone; its words are the author's.
    expect(wider.filter((each) => !/^ {2}[✓✗] (?:title|Your)/.test(each))).toEqual([])
    expect(lines.some((each) => each.includes('curl'))).toBe(true)
  })
})

describe('what a program says cannot act upon the terminal', () => {
  const evil = '\x1b[2J\x1b]0;x\x07\r\b\x9b31m\u202eend'
  const hostile = result('evil', 'Evil', 'failed', {
    findings: [
      {
        claim: evil,
        expected: evil,
        received: evil,
        holds: false,
        exhibit: {
          kind: 'message',
          exchange: 1,
          side: 'response',
          summary: evil,
          lines: [{ text: evil, mark: [0, 5] }, { text: evil }],
        },
      },
    ],
    exhibits: [
      { kind: 'table', title: 'T', columns: ['a'], rows: [[evil]] },
      { kind: 'text', title: 'T', lines: [{ text: evil }] },
    ],
    diagnosis: { id: 'x', say: evil },
    error: evil,
    reproduce: [evil],
  })

  test.each([false, true])('everything: %j', (verbose) => {
    const text = printed(
      report([starts, hostile, { ...hostile, id: 'again' }], {
        notes: [evil],
        error: evil,
        program: evil,
      }),
      { verbose },
      [{ type: 'repeated', scenario: 'x', reason: evil }],
    )
    expect(text).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]/)
    expect(text).toContain('\\x1b[2J')
  })
})

test('with --verbose every claim of every check is shown, held or not', () => {
  const passed = result('sets', 'It is set', 'passed', {
    findings: [
      {
        claim: 'the status is 200',
        expected: 'status 200',
        received: 'HTTP/1.1 200 OK',
        holds: true,
        exhibit: {
          kind: 'message',
          exchange: 1,
          side: 'response',
          summary: 'GET / → 200',
          lines: [{ text: 'HTTP/1.1 200 OK', mark: [9, 12] }],
        },
      },
    ],
  })
  expect(printed(report([passed, lifetime]), { verbose: true }))
    .toContain(`  ✓ It is set                                                             0.14 s
      ✓ the status is 200
        expected status 200; received HTTP/1.1 200 OK
          GET / → 200
          HTTP/1.1 200 OK
                   ^^^
  ✗ The cookie was set to live 10 seconds                                 0.54 s
      ✓ the status is 200
        expected status 200; received HTTP/1.1 200 OK
      ✗ token is set with Max-Age=10

      expected   Max-Age=10
`)
})

test('colours change nothing but colours', () => {
  const whole = report([starts, lifetime, ...skipped])
  const coloured = printed(whole, { colors: true })
  expect(coloured).toContain('\x1b[')
  expect(coloured.replaceAll(/\x1b\[\d+m/g, '').replace(/ +work/, ' work')).toBe(
    printed(whole).replace(/ +work/, ' work'),
  )
  expect(
    Math.max(
      ...coloured
        .replaceAll(/\x1b\[\d+m/g, '')
        .split('\n')
        .map((each) => each.length),
    ),
  ).toBeLessThanOrEqual(80)
})
