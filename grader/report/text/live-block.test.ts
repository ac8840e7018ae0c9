import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createLiveBlock } from './live-block.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const CHART = {
  kind: 'cookie-chart',
  label: 'token',
  seconds: 15,
  expiry: null,
  samples: Array.from({ length: 12 }, (_, index) => ({
    at: index + 1,
    sent: index < 9,
    exchange: index,
  })),
} as const

const progress = (done: number) =>
  ({
    type: 'progress',
    scenario: 'Requests go on for 15 seconds',
    done,
    total: 15,
    unit: 'requests',
    chart: { ...CHART, samples: CHART.samples.slice(0, done) },
  }) as const

/** Draws a whole wait and lets the time go by in between. */
function wait(terminal: Terminal): ReturnType<typeof createLiveBlock> {
  const block = createLiveBlock({
    write: terminal.write,
    columns: 80,
    live: true,
    size: () => terminal.size,
  })
  block.show(['starting your program'])
  for (let done = 1; done <= 12; done++) {
    block.progress(progress(done))
    vi.advanceTimersByTime(300)
  }
  return block
}

describe.each([
  [80, 24],
  [120, 50],
  [60, 9],
  [40, 5],
  [80, 3],
])('in a terminal of %i × %i', (columns, rows) => {
  test('what is drawn replaces what was drawn, and nothing scrolls away', () => {
    const terminal = new Terminal(columns, rows)
    terminal.write('before\n')
    const block = wait(terminal)
    const drawn = terminal.lines()
    expect(drawn.filter((line) => line.includes('of 15'))).toEqual([
      expect.stringMatching(/^ {2}. .*12 of 15$/),
    ])
    expect(drawn.length).toBeLessThanOrEqual(rows + 1)
    block.end()
    expect(terminal.lines()).toEqual(['before'])
  })
})

test('the newest requests and the cookie chart are there, the count at the right edge', () => {
  const terminal = new Terminal(80, 24)
  wait(terminal)
  expect(terminal.lines().map((line) => line.replace(/[⠀-⣿]/, '*'))).toEqual([
    `  * Requests go on for 15 seconds${' '.repeat(39)}12 of 15`,
    '',
    '        7.0 s   Cookie: token=… sent',
    '        8.0 s   Cookie: token=… sent',
    '        9.0 s   Cookie: token=… sent',
    '       10.0 s   no token in the request',
    '       11.0 s   no token in the request',
    '       12.0 s   no token in the request',
    '',
    expect.stringMatching(/^ {6}token {2}█+░+·+ {3}sent until 9\.0 s, not sent since 10\.0 s$/),
    expect.stringMatching(/^ {13}0 {4}5 {4}10 {3}15$/),
  ])
})

test('waits side by side: the longest in full, the others by a line until they are over', () => {
  const terminal = new Terminal(80, 24)
  const block = wait(terminal)
  const short = {
    type: 'progress',
    scenario: 'Two seconds later',
    total: 2,
    unit: 'requests',
  } as const
  block.progress({ ...short, done: 1 })
  expect(terminal.lines()[0]).toMatch(/ Requests go on for 15 seconds +12 of 15$/)
  expect(terminal.lines()[1]).toMatch(/^ {4}Two seconds later +1 of 2$/)
  expect(terminal.lines()).toContainEqual(expect.stringMatching(/token {2}█+/))
  block.progress({ ...short, done: 2 })
  expect(terminal.lines().join()).not.toContain('Two seconds later')
  expect(terminal.lines()[0]).toMatch(/ Requests go on for 15 seconds +12 of 15$/)
})

test('a terminal that becomes narrower meanwhile is left clean', () => {
  const terminal = new Terminal(80, 24)
  terminal.write('before\n')
  const block = wait(terminal)
  terminal.resize(30)
  vi.advanceTimersByTime(500)
  block.progress(progress(12))
  vi.advanceTimersByTime(500)
  expect(terminal.lines().filter((line) => line.includes('12 of 15'))).toHaveLength(1)
  block.end()
  expect(terminal.lines()).toEqual(['before'])
})

test('a ^C that the terminal wrote is drawn over', () => {
  const terminal = new Terminal(80, 24)
  const block = wait(terminal)
  terminal.write('^C')
  block.end()
  expect(terminal.lines()).toEqual([])
})

test('a lasting line comes before it', () => {
  const terminal = new Terminal(80, 24)
  const block = wait(terminal)
  block.clear()
  terminal.write('  ✓ a check\n')
  vi.advanceTimersByTime(100)
  expect(terminal.lines()[0]).toBe('  ✓ a check')
  expect(terminal.lines()[1]).toContain('12 of 15')
})

test('where the cursor cannot move, each advance is a line of its own, once', () => {
  let written = ''
  const block = createLiveBlock({
    write: (text) => void (written += text),
    columns: 80,
    live: false,
  })
  block.progress(progress(9))
  block.progress(progress(9))
  block.progress(progress(10))
  vi.advanceTimersByTime(1000)
  block.end()
  expect(written).toBe(
    '      9.0 s   Cookie: token=… sent   9 of 15\n     10.0 s   no token in the request   10 of 15\n',
  )
})

/**
 * As much of a terminal as the block relies on: rows that wrap and reflow, a cursor that cannot
 * leave the screen.
 */
class Terminal {
  /** Each character of a row; a row that goes on in the next one ends with no line break. */
  #rows: { text: string; goesOn: boolean }[] = [{ text: '', goesOn: false }]
  #row = 0
  #column = 0
  #columns: number
  #height: number

  constructor(columns: number, height: number) {
    this.#columns = columns
    this.#height = height
  }

  get size() {
    return { columns: this.#columns, rows: this.#height }
  }

  readonly write = (text: string): void => {
    for (const [token, up] of text.matchAll(/\x1b\[(\d*)[AJK]|\r|\n|[^\x1b\r\n]/gu)) {
      if (token === '\r') this.#column = 0
      else if (token === '\n') this.#nextRow(false)
      else if (token.endsWith('A') && token.startsWith('\x1b'))
        this.#row = Math.max(this.#top(), this.#row - Number(up || 1))
      else if (token === '\x1b[J') this.#eraseBelow()
      else if (token === '\x1b[2K') this.#rows[this.#row] = { text: '', goesOn: false }
      else this.#put(token)
    }
  }

  /**
   * Everything that was ever written and not erased, from the first line on, without what is empty
   * at the end.
   */
  lines(): string[] {
    const lines: string[] = ['']
    for (const { text, goesOn } of this.#rows) {
      lines[lines.length - 1] += text
      if (!goesOn) lines.push('')
    }
    while (lines.at(-1) === '') lines.pop()
    return lines.map((line) => line.trimEnd())
  }

  /** Changes the width; lines flow anew and the cursor stays behind the last of them. */
  resize(columns: number): void {
    const lines = this.lines()
    this.#columns = columns
    this.#rows = lines.flatMap((line) => {
      const parts = line.match(new RegExp(`.{1,${columns}}`, 'gu')) ?? ['']
      return parts.map((text, index) => ({ text, goesOn: index < parts.length - 1 }))
    })
    this.#rows.push({ text: '', goesOn: false })
    this.#row = this.#rows.length - 1
    this.#column = 0
  }

  #put(character: string): void {
    if (this.#column === this.#columns) this.#nextRow(true)
    const row = this.#rows[this.#row]!
    row.text =
      row.text.padEnd(this.#column).slice(0, this.#column) +
      character +
      row.text.slice(this.#column + 1)
    this.#column++
  }

  #nextRow(goesOn: boolean): void {
    this.#rows[this.#row]!.goesOn = goesOn
    this.#row++
    this.#column = 0
    if (this.#row === this.#rows.length) this.#rows.push({ text: '', goesOn: false })
  }

  #eraseBelow(): void {
    this.#rows[this.#row]!.text = this.#rows[this.#row]!.text.slice(0, this.#column)
    this.#rows.length = this.#row + 1
  }

  /** The cursor cannot go to what has scrolled away. */
  #top(): number {
    return Math.max(0, this.#rows.length - this.#height)
  }
}
