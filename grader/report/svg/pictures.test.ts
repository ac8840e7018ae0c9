import { describe, expect, test } from 'vitest'
import { EPOCH, exchange, type Written } from '../../../testing/exchange-builder.ts'
import type { CheckResult, Evidence, Exchange, Report, CookieChart } from '../../types/index.ts'
import {
  anatomyOf,
  exhibitIds,
  hexRows,
  pictureFile,
  chartPicture,
  runPictures,
  scenarioPictures,
  type Picture,
} from './index.ts'

const scenario = (exchanges: readonly Exchange[], changes: Partial<Evidence> = {}): Evidence => ({
  scenario: 'Chromium opens /start',
  recorded: {},
  exchanges,
  log: '',
  exit: null,
  remarks: [],
  ...changes,
})
const over = (connection: number, written: Written): Exchange => ({
  ...exchange(written),
  connection,
})
const sequence = (evidence: Evidence) => scenarioPictures(evidence, 0, EPOCH)[0]!
const waterfall = (evidence: Evidence) => scenarioPictures(evidence, 0, EPOCH)[1]!
const cells = ({ alternative }: Picture) => alternative.rows.map((row) => row.cells.join(' | '))
const drawing = (picture: Picture) => String(picture.drawing)
const byBrowser = [['User-Agent', 'Mozilla/5.0 (X11)']] as const

const lost = { kind: 'cut', moment: 'before-response', how: 'reset', at: 1 } as const
const cutOff = { ...lost, moment: 'mid-response' } as const
const held = { kind: 'held-request', at: 1, until: null } as const

describe('a sequence', () => {
  const login = exchange({ id: 1, target: '/login', asks: byBrowser, sets: ['session=a'], at: 0.1 })
  const whoami = exchange({
    id: 2,
    target: '/whoami',
    asks: byBrowser,
    cookie: 'session=a',
    at: 1.5,
  })

  test('tells requests, answers and what was printed in the order of their times', () => {
    const printed = [{ at: EPOCH + 110, text: 'GET /login\nsession a\n' }]
    expect(cells(sequence(scenario([login, whoami], { printed })))).toEqual([
      '0.10 s | browser | GET /login | 1',
      '0.11 s | your server | prints: GET /login | ',
      '0.11 s | your server | prints: session a | ',
      '0.12 s | your server | 200 OK · Set-Cookie: session=a | 1',
      '1.50 s | browser | GET /whoami · Cookie: session=a | 1',
      '1.52 s | your server | 200 OK | 1',
    ])
  })

  test('looks through the exchanges as often, however many rows it has', () => {
    const looks = (count: number) => {
      const all = Array.from({ length: count }, (_, id) => exchange({ id }))
      let looked = 0
      const evidence = scenario([])
      Object.defineProperty(evidence, 'exchanges', { get: () => (looked++, all) })
      expect(sequence(evidence).alternative.rows).toHaveLength(2 * count)
      return looked
    }
    expect(looks(20)).toBe(looks(2))
  })

  test('draws an arrow for each message, and says how long nothing happened', () => {
    const drawn = drawing(sequence(scenario([login, whoami])))
    expect(drawn.match(/class="p-arrow"/g)).toHaveLength(4)
    expect(drawn.match(/later/g)).toEqual(['later'])
    expect(drawn).toContain('1.38 s later')
  })

  test('is one drawing, whose rows do not overlap and end before it does', () => {
    const many = Array.from({ length: 90 }, (_, index) => exchange({ id: index + 1, at: index }))
    const picture = sequence(scenario(many))
    const lines = [...drawing(picture).matchAll(/class="p-arrow"[^>]*y1="(\d+)"/g)].map(([, y]) =>
      Number(y),
    )
    expect(lines).toHaveLength(120)
    expect(lines.every((y, index) => index === 0 || y - lines[index - 1]! >= 46)).toBe(true)
    expect(lines.at(-1)).toBeLessThan(picture.height)
    expect(drawing(picture)).toContain('… 60 more are in the table')
    expect(picture.alternative.rows).toHaveLength(180)
  })

  test.each<[string, Written, string]>([
    ['a connection that was closed', { status: null, cut: 'closed' }, 'closed before the end'],
    ['a connection that was reset', { status: null, cut: 'reset' }, 'reset before the end'],
    ['a program that was gone', { status: null, cut: 'refused' }, 'nothing listened any more'],
    ['bytes that are not HTTP', { garbage: 'hello' }, 'bytes that are not HTTP'],
    ['silence', { status: null }, 'no answer while watched'],
  ])('marks %s', (_name, written, words) => {
    const picture = sequence(scenario([exchange(written)]))
    expect(drawing(picture)).toContain(words)
    expect(words.length, 'what a phone has room for').toBeLessThanOrEqual(25)
    expect(drawing(picture).match(/class="p-arrow"/g)).toHaveLength(1)
    expect(picture.summary).toContain('1 without an answer')
  })

  test.each<[string, Written, string]>([
    ['lost', { injected: [lost] }, 'cut by the scenario'],
    ['cut off', { complete: false, injected: [cutOff] }, 'cut by the scenario'],
    ['held', { injected: [{ kind: 'held-response', at: 1, until: 2 }] }, 'answer held by scenario'],
    ['not let through', { status: null, injected: [held] }, 'held by the scenario'],
  ])('shows what the scenario did to an answer that it has %s', (_name, written, words) => {
    const picture = sequence(scenario([exchange(written)]))
    expect(drawing(picture)).toContain(words)
    expect(cells(picture).some((line) => line.includes(words))).toBe(true)
    expect(drawing(picture)).not.toContain('no answer while watched')
    expect(words.length, 'what a phone has room for').toBeLessThanOrEqual(25)
  })

  test('names the servers where several were asked', () => {
    const partner = {
      ...exchange({ id: 2, target: '/quotes', asks: [['User-Agent', 'Mozilla/5.0']] }),
      origin: 'the partner',
    }
    const drawn = sequence(scenario([{ ...login, origin: 'the site' }, partner]))
    expect(drawn.summary).toBe('2 requests to the site, the partner (browser), each answered')
    expect(
      cells(drawn).filter((line) => line.includes('/quotes') || line.includes('the partner |')),
    ).toEqual([
      expect.stringContaining('browser | GET /quotes (to the partner)'),
      expect.stringContaining('the partner | 200 OK'),
    ])
    expect(sequence(scenario([{ ...exchange(), origin: 'the server' }])).summary).toBe(
      '1 request to the server (your program), answered',
    )
  })

  test('tells a browser from a request made by hand', () => {
    expect(sequence(scenario([login])).summary).toBe('1 request to your server (browser), answered')
    expect(sequence(scenario([exchange()])).summary).toContain('(by hand)')
    expect(sequence(scenario([login, exchange({ id: 2 })])).summary).toBe(
      '2 requests to your server (browser, and by hand), each answered',
    )
  })

  test('says how the program ended', () => {
    const exit = { code: null, signal: 'SIGSEGV', at: EPOCH + 3000 }
    expect(cells(sequence(scenario([login], { exit }))).at(-1)).toBe(
      '3.00 s | your server | ended by SIGSEGV | ',
    )
  })

  test('of nothing is none', () => {
    expect(scenarioPictures(scenario([]), 0, EPOCH)).toEqual([])
  })
})

describe('a waterfall', () => {
  const exchanges = [
    over(7, { id: 1, at: 0, answeredAt: 0.5 }),
    over(9, { id: 2, at: 1, answeredAt: 2 }),
    over(7, { id: 3, at: 3, answeredAt: 4, status: 304 }),
  ]

  test('has a lane per connection and a bar per exchange, at its place in time', () => {
    const picture = waterfall(scenario(exchanges))
    expect(picture.summary).toBe('3 exchanges on 2 connections')
    expect(drawing(picture).match(/class="p-lane"[^<]*/g)).toEqual([
      expect.stringContaining('Connection 7 · 2 exchanges'),
      expect.stringContaining('Connection 9 · 1 exchange'),
    ])
    const waits = [
      ...drawing(picture).matchAll(/class="p-waiting" x="([\d.]+)%" y="\d+" width="([\d.]+)%"/g),
    ].map(([, x, width]) => [Number(x), Number(width)])
    // 4 seconds from 1 % to 98.5 %.
    expect(waits).toEqual([
      [1, 12.19],
      [74.13, 24.38],
      [25.37, 24.38],
    ])
  })

  test('says the same as a table', () => {
    expect(cells(waterfall(scenario(exchanges)))).toEqual([
      '7 | GET / → 200 | 0.00 s | 500.0 ms | 500.0 ms | complete',
      '7 | GET / → 304 | 3.00 s | 1000.0 ms | 1000.0 ms | complete',
      '9 | GET / → 200 | 1.00 s | 1000.0 ms | 1000.0 ms | complete',
    ])
    expect(waterfall(scenario(exchanges)).alternative.rows.map((row) => row.exchange)).toEqual([
      1, 3, 2,
    ])
  })

  test('puts what one connection carries at the same time below each other', () => {
    const picture = waterfall(
      scenario([
        over(7, { id: 1, at: 0, answeredAt: 2 }),
        over(7, { id: 2, at: 1, answeredAt: 3 }),
        over(7, { id: 3, at: 2.5, answeredAt: 4 }),
        over(8, { id: 4, at: 0, answeredAt: 1 }),
      ]),
    )
    const bars = [...drawing(picture).matchAll(/class="p-waiting" x="[\d.]+%" y="(\d+)"/g)].map(
      ([, y]) => Number(y),
    )
    expect(bars).toEqual([21, 21, 51, 54 + 30 + 21])
    expect(picture.height).toBe(54 + 30 + 54 + 6 + 26)
  })

  test('shows what was never answered, and how it ended', () => {
    const picture = waterfall(scenario([exchange({ status: null, cut: 'reset' })]))
    expect(drawing(picture)).toContain('p-lost')
    expect(cells(picture)[0]).toMatch(/→ no answer .* reset$/)
  })
})

describe('a cookie chart', () => {
  const samples = Array.from({ length: 15 }, (_, index) => ({
    at: index + 1.05,
    sent: index < 9,
    exchange: index,
  }))
  const exhibit: CookieChart = {
    kind: 'cookie-chart',
    label: 'token',
    seconds: 15,
    samples,
    expiry: 10,
  }

  test('keeps every request on its axis, one that left late too', () => {
    const drawn = drawing(chartPicture(exhibit, { id: 'r' }))
    const places = [
      ...drawn.matchAll(/class="sent" x1="([\d.]+)%|class="unsent" cx="([\d.]+)%/g),
    ].map(([, sent, unsent]) => Number(sent ?? unsent))
    expect(places).toHaveLength(15)
    expect(places.at(-1)).toBe(96)
    expect(places.every((place) => place <= 96)).toBe(true)
    expect(drawn).toContain('>15 s</text>')
  })
})

describe('a message’s anatomy', () => {
  const written = exchange({ target: '/a', sets: ['a=b'], body: 'x\ny' })

  test('is start line, fields, empty line, content, each with its place', () => {
    const parts = anatomyOf(written.response!)
    expect(
      parts.map(({ name, offset, lines }) => [
        name,
        offset,
        lines.map(({ text, ending }) => text + ending),
      ]),
    ).toEqual([
      ['start line', 0, ['HTTP/1.1 200 OKCRLF']],
      ['fields', 17, ['Set-Cookie: a=bCRLF']],
      ['empty line', 34, ['CRLF']],
      ['content', 36, ['x', 'y']],
    ])
    expect(Buffer.concat(parts.map(({ bytes }) => bytes)).toString()).toBe(
      'HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\n\r\nx\ny',
    )
  })

  test('tells a bare line feed, and a head that never ended', () => {
    const head = (text: string) =>
      anatomyOf({ ...written.response!, head: Buffer.from(text, 'latin1'), body: Buffer.alloc(0) })
    expect(head('HTTP/1.1 200 OK\nA: \xe9\r\n\r\n').flatMap(({ lines }) => lines)).toEqual([
      { text: 'HTTP/1.1 200 OK', ending: 'LF' },
      { text: 'A: é', ending: 'CRLF' },
      { text: '', ending: 'CRLF' },
    ])
    expect(head('HTTP/1.1 200 OK\r\nA: b').map(({ name }) => name)).toEqual([
      'start line',
      'fields',
    ])
    expect(head('HTTP/1.1 200 OK\r\n\r\n').map(({ name }) => name)).toEqual([
      'start line',
      'empty line',
    ])
  })

  test('as hex has sixteen bytes in a row, and says how many it leaves out', () => {
    const bytes = Buffer.from(Array.from({ length: 40 }, (_, index) => index + 0x38))
    const { rows, omitted } = hexRows({ bytes, offset: 0x20 }, 20)
    expect(rows).toEqual([
      '0020  38 39 3a 3b 3c 3d 3e 3f 40 41 42 43 44 45 46 47  89:;<=>?@ABCDEFG',
      `0030  48 49 4a 4b${' '.repeat(36)}  HIJK`,
    ])
    expect(omitted).toBe(20)
  })
})

describe('the pictures of a run', () => {
  const evil = '</text><script>alert(1)</script>&"\u001b[31m\u0000'
  const check: CheckResult = {
    id: 'lifetime',
    title: evil,
    outcome: 'passed',
    findings: [
      {
        claim: '',
        expected: '',
        received: '',
        holds: true,
        exhibit: { kind: 'table', title: evil, columns: ['wire', 'jar'], rows: [[evil, 'b']] },
      },
    ],
    exhibits: [{ kind: 'cookie-chart', label: evil, seconds: 2, samples: [], expiry: null }],
    reproduce: [],
    atMs: 0,
  }
  const report: Report = {
    exercise: 'e',
    title: 'E',
    verdict: 'passed',
    checks: [check],
    startedAt: new Date(EPOCH).toISOString(),
    durationMs: 1,
    run: 'r',
    program: 'p',
    notes: [],
  }
  const evidence = [
    scenario([exchange({ id: 4, target: `/${evil}`, sets: [evil], body: evil })], {
      scenario: evil,
      printed: [{ at: EPOCH, text: evil }],
    }),
  ]

  test('have ids of their own, the ones their exhibits have in the page', () => {
    expect(runPictures(report, evidence).map(({ id }) => id)).toEqual([
      'sequence-1',
      'connections-1',
      'cookie-chart-lifetime-1',
    ])
    expect([...exhibitIds(check).values()]).toEqual(['cookie-chart-lifetime-1', 'table-lifetime-2'])
  })

  test('are files in which what a program sent is text', () => {
    for (const picture of runPictures(report, evidence)) {
      const file = pictureFile(picture)
      expect(file).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/)
      expect(file).not.toContain('<script')
      // XML allows neither: a file with one could not be opened.
      // oxlint-disable-next-line no-control-regex -- control characters are what it is about
      expect(file).not.toMatch(/[\u0000-\u0008\u000b-\u001f]/)
      expect(file).not.toMatch(/(href|src|url\()/)
      expect(file).not.toMatch(/NaN|undefined|Infinity/)
    }
  })
})
