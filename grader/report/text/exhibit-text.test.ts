import { describe, expect, test } from 'vitest'
import type { Exhibit, MarkedLine, CookieChart } from '../../types/index.ts'
import { beginning, columnsOf, fromColumn } from './columns.ts'
import { exhibitLines, chartLines } from './exhibit-text.ts'

const message = (...lines: MarkedLine[]): Exhibit => ({
  kind: 'message',
  exchange: 1,
  side: 'response',
  summary: 'GET /start → 200',
  lines,
})
const marked = (text: string, part: string): MarkedLine => ({
  text,
  mark: [text.indexOf(part), text.indexOf(part) + part.length],
})
/** What stands above the carets. */
const above = ([line, carets]: readonly string[]) =>
  line!.slice(carets!.indexOf('^'), carets!.lastIndexOf('^') + 1)

describe('a message', () => {
  test('is its summary, its lines and a caret under the part in question', () => {
    expect(
      exhibitLines(
        message(
          { text: 'HTTP/1.1 200 OK' },
          marked('Set-Cookie: token=9f2c81; Max-Age=0; Path=/', 'Max-Age=0'),
        ),
        74,
        8,
      ),
    ).toEqual([
      'GET /start → 200',
      'HTTP/1.1 200 OK',
      'Set-Cookie: token=9f2c81; Max-Age=0; Path=/',
      '                          ^^^^^^^^^',
    ])
  })

  test('with many lines says how many more there are', () => {
    expect(exhibitLines(message({ text: 'a' }, { text: 'b' }, { text: 'c' }), 74, 2)).toEqual([
      'GET /start → 200',
      'a',
      'b',
      '… 1 more',
    ])
  })

  test('with its mark far down shows the lines around the mark', () => {
    const lines = (at: number, length: number) =>
      exhibitLines(
        message(
          ...Array.from({ length }, (_, line) =>
            line === at ? marked('HERE', 'HERE') : { text: `${line}` },
          ),
        ),
        74,
        3,
      ).slice(1)
    expect(lines(2, 6)).toEqual(['0', '1', 'HERE', '^^^^', '… 3 more'])
    expect(lines(3, 6)).toEqual(['… 2 before', '2', 'HERE', '^^^^', '4', '… 1 more'])
    expect(lines(5, 6)).toEqual(['… 3 before', '3', '4', 'HERE', '^^^^'])
  })

  test('never is wider than its columns', () => {
    const long = {
      ...message(
        { text: 'x'.repeat(500) },
        marked(`${'x'.repeat(200)}HERE${'y'.repeat(200)}`, 'HERE'),
      ),
      summary: `GET /${'a'.repeat(300)} → 200`,
    } as Exhibit
    for (const columns of [20, 40, 74])
      expect(
        Math.max(...exhibitLines(long, columns, 8).map((line) => line.length)),
      ).toBeLessThanOrEqual(columns)
  })
})

describe('the caret', () => {
  const underlined = (line: MarkedLine, columns = 74) =>
    exhibitLines(message(line), columns, 8).slice(1)

  test.each<[string, string]>([
    ['Set-Cookie: a=b; Path=/', 'Set-Cookie'],
    ['Set-Cookie: a=b; Path=/', 'Path=/'],
    ['x', 'x'],
    ['Name: \x1b[31mred\x1b[0m; Max-Age=0', 'Max-Age=0'],
    ['tab\tbetween and HERE', 'HERE'],
    [`${'x'.repeat(60)} HERE`, 'HERE'],
    [`${'x'.repeat(69)} HERE`, 'HERE'],
    [`${'x'.repeat(70)} HERE and more`, 'HERE'],
    [`${'x'.repeat(300)} HERE and ${'y'.repeat(300)}`, 'HERE'],
    [`HERE ${'y'.repeat(300)}`, 'HERE'],
    [`${'x'.repeat(1500)} HERE`, 'HERE'],
  ])('stands under the right characters of %j', (text, part) => {
    const [line, carets, ...rest] = underlined(marked(text, part))
    expect(above([line!, carets!])).toBe(part)
    expect([carets!.trim(), rest]).toEqual(['^'.repeat(part.length), []])
    expect(line!.length).toBeLessThanOrEqual(74)
  })

  test('stands under the escapes of what cannot be shown', () => {
    expect(underlined({ text: 'a\x1b[31mb', mark: [1, 6] })).toEqual(['a\\x1b[31mb', ' ^^^^^^^^'])
  })

  test('is as long as the line lets it be', () => {
    const [line, carets] = underlined(marked(`Set-Cookie: ${'x'.repeat(500)}`, 'x'.repeat(500)))
    expect([line!.length, carets!.length <= 74, carets!.startsWith('            ^')]).toEqual([
      74,
      true,
      true,
    ])
  })

  test('is one at least', () => {
    expect(underlined({ text: 'abc', mark: [3, 3] })).toEqual(['abc', '   ^'])
  })
})

describe('a cookie chart', () => {
  const life: CookieChart = {
    kind: 'cookie-chart',
    label: 'token',
    seconds: 15,
    expiry: 10.02,
    samples: Array.from({ length: 15 }, (_, index) => ({
      at: index + 1.04,
      sent: index < 9,
      exchange: index,
    })),
  }

  test('shows a cell per second, and says what they mean', () => {
    expect(chartLines(life)).toEqual([
      'token  ██████████░░░░░░   sent until 9.0 s, not sent since 10.0 s',
      "       0    5    10   15   the jar's own end: 10.0 s",
    ])
  })

  test('has a dot where nothing was asked, and no end without one', () => {
    expect(
      chartLines({
        ...life,
        expiry: null,
        seconds: 5,
        samples: [
          { at: 2, sent: true, exchange: 1 },
          { at: 4.4, sent: false, exchange: 2 },
        ],
      }),
    ).toEqual(['token  █·█·░·   sent until 2.0 s, not sent since 4.4 s', '       0    5'])
  })

  test.each<[CookieChart['samples'], string]>([
    [[], 'nothing asked yet'],
    [[{ at: 1, sent: true, exchange: 1 }], 'sent until 1.0 s'],
    [[{ at: 1, sent: false, exchange: 1 }], 'not sent since 1.0 s'],
    [
      [
        { at: 1, sent: false, exchange: 1 },
        { at: 2, sent: true, exchange: 2 },
      ],
      'sent until 2.0 s',
    ],
  ])('says %j as %s', (samples, words) => {
    expect(
      chartLines({ ...life, samples })[0]!
        .split('   ')
        .at(-1),
    ).toBe(words)
  })

  test('has its words below where there is no room beside', () => {
    expect(chartLines({ ...life, label: 'a-very-long-session-cookie' }, 72)).toEqual([
      'a-very-long-session-cookie',
      '██████████░░░░░░',
      '0    5    10   15',
      'sent until 9.0 s, not sent since 10.0 s',
      "the jar's own end: 10.0 s",
    ])
  })
})

describe('a table', () => {
  const table = (rows: string[][], columns = ['cookie', 'wire']): Exhibit => ({
    kind: 'table',
    title: 'Views',
    columns,
    rows,
  })

  test('has its columns in line', () => {
    expect(
      exhibitLines(
        table([
          ['session', 'a=b'],
          ['t', ''],
        ]),
        74,
        8,
      ),
    ).toEqual(['Views', 'cookie   wire', '─────────────', 'session  a=b', 't'])
  })

  test('breaks cells where there is no room', () => {
    const lines = exhibitLines(
      table([
        ['session', 'one two three four five'],
        ['x', 'y'.repeat(30)],
      ]),
      24,
      8,
    )
    expect(lines).toEqual([
      'Views',
      'cookie   wire',
      '────────────────────────',
      'session  one two three',
      '         four five',
      'x        yyyyyyyyyyyyyyy',
      '         yyyyyyyyyyyyyyy',
    ])
  })

  test('escapes what a program put into it', () => {
    expect(exhibitLines(table([['\x1b[31m', 'a\rb']]), 74, 8).join('\n')).not.toMatch(/[\x1b\r]/)
  })
})

test('a text has its title and its lines', () => {
  expect(
    exhibitLines(
      { kind: 'text', title: 'What your program printed', lines: [{ text: 'Error: \x1b[31mno' }] },
      74,
      8,
    ),
  ).toEqual(['What your program printed', 'Error: \\x1b[31mno'])
})

describe('characters that take two columns or none', () => {
  const pointed = (text: string, part: string, columns = 74) =>
    exhibitLines(message(marked(text, part)), columns, 8).slice(1)

  test.each<[what: string, text: string, part: string, carets: string]>([
    ['after wide characters', 'X-Name: 日本; b=1', 'b=1', `${' '.repeat(14)}^^^`],
    ['under wide characters', 'X-Name: 日本; b=1', '日本', `${' '.repeat(8)}^^^^`],
    ['after emoji', '👨‍👩‍👧‍👦🚆 x', 'x', `${' '.repeat(5)}^`],
    ['after combining marks', 'e\u0301e\u0301 x', 'x', `${' '.repeat(3)}^`],
    ['under a combining mark', 'be\u0301', '\u0301', ' ^'],
  ])('have the carets %s in their place', (_, text, part, carets) => {
    expect(pointed(text, part)).toEqual([text, carets])
  })

  test.each(['日本語', '🚆', 'e\u0301', '👨‍👩‍👧‍👦'])(
    'a line of %s, longer than the terminal, is cut around its mark',
    (piece) => {
      const [line, carets] = pointed(`${piece.repeat(60)}HERE${piece.repeat(60)}`, 'HERE', 40)
      expect(columnsOf(line!)).toBeLessThanOrEqual(40)
      expect(columnsOf(beginning(line!, carets!.indexOf('^')))).toBe(carets!.indexOf('^'))
      const under = fromColumn(line!, carets!.indexOf('^'))
      expect(beginning(under, 4)).toBe('HERE')
      expect(carets!.trim()).toBe('^^^^')
    },
  )

  test('keep the columns of a table one below the other', () => {
    const lines = exhibitLines(
      {
        kind: 'table',
        title: 'Jar',
        columns: ['Name', 'Value'],
        rows: [
          ['日本', 'first'],
          ['abc', 'second'],
          ['🚆🚆', 'third'],
        ],
      },
      74,
      8,
    )
    const [, , , ...rows] = lines
    const values = rows.map((row) => fromColumn(row, 6))
    expect(values).toEqual(['first', 'second', 'third'])
  })
})
