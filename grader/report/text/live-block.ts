import type { GradeEvent } from '../../types/index.ts'
import { beginning, columnsOf, padToColumns } from './columns.ts'
import { chartLines } from './exhibit-text.ts'

type Progress = Extract<GradeEvent, { type: 'progress' }>

/**
 * Lines at the end of the output that are drawn again in place while something is under way, and
 * vanish when it is over.
 */
export interface LiveBlock {
  show(lines: readonly string[]): void
  preparing(text: string, fraction?: number): void
  progress(event: Progress): void
  /**
   * Takes the block away so that something lasting can be written. It comes back with the next
   * tick.
   */
  clear(): void
  end(): void
}

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']

export interface LiveBlockOptions {
  readonly write: (text: string) => void
  readonly columns: number
  readonly live: boolean
  /**
   * The terminal as it is at this moment; a person may make it smaller. Without it 24 rows are
   * taken for granted.
   */
  readonly size?: () => { readonly columns: number; readonly rows: number }
}

/**
 * On a terminal the block is drawn in place; elsewhere only what advances is written, a line each,
 * so that a log is no silence.
 */
export function createLiveBlock(options: LiveBlockOptions): LiveBlock {
  return options.live ? drawnInPlace(options) : lineByLine(options)
}

function drawnInPlace({
  write,
  columns,
  size = () => ({ columns, rows: 24 }),
}: LiveBlockOptions): LiveBlock {
  const waits = new Map<string, Progress>()
  let linesFor: (width: number) => readonly string[] = () => []
  let drawn: readonly string[] = []
  let frame = 0
  let timer: NodeJS.Timeout | undefined

  // \r, for the terminal may have written ^C where the cursor stood.
  const back = () => (drawn.length === 0 ? '' : `\r\x1b[${heightOf(drawn, size())}A`)
  const clear = () => {
    if (drawn.length > 0) write(`${back()}\x1b[J`)
    drawn = []
  }
  const draw = () => {
    const { columns: available, rows } = size()
    const width = Math.min(columns, available)
    const [first, ...rest] = linesFor(width)
    if (first === undefined) return clear()
    // What does not fit would scroll away and could not be drawn over. The newest stands at the
    // end.
    const fitting = rest.slice(Math.max(0, rest.length - Math.max(0, rows - 2)))
    const block = [`  ${FRAMES[frame++ % FRAMES.length]} ${first}`, ...fitting].map((line) =>
      beginning(line, width),
    )
    write(`${back()}${block.map((line) => `\x1b[2K${line}\n`).join('')}\x1b[J`)
    drawn = block
  }
  const show = (lines: typeof linesFor) => {
    linesFor = lines
    timer ??= setInterval(draw, 100).unref()
    draw()
  }
  return {
    show: (lines) => show(() => lines),
    clear,
    preparing: (text, fraction) =>
      show(() => [
        fraction === undefined ? text : `${text} ${bar(fraction)} ${Math.round(fraction * 100)} %`,
      ]),
    progress(event) {
      waits.set(event.scenario, event)
      const under = [...waits.values()].filter(({ done, total }) => done < total)
      // Several waits go on side by side: the longest in full, the others by a line each.
      const [longest = event, ...others] = under.toSorted((a, b) => b.total - a.total)
      const { chart } = longest
      const rows = chart
        ? ['', ...recentRows(chart), '', ...chartLines(chart).map((line) => `      ${line}`)]
        : []
      show((width) => [
        waitTitle(longest, width),
        ...others.map((other) => `    ${waitTitle(other, width)}`),
        ...rows,
      ])
    },
    end() {
      clearInterval(timer)
      clear()
      linesFor = () => []
      waits.clear()
    },
  }
}

function waitTitle({ scenario, done, total }: Progress, width: number): string {
  const count = `${done} of ${total}`
  const room = width - 4 - count.length
  return padToColumns(beginning(scenario, room - 2), room) + count
}

/**
 * In how many rows the lines stand now: in a terminal that became narrower each may take several.
 */
function heightOf(
  lines: readonly string[],
  { columns, rows }: { columns: number; rows: number },
): number {
  const height = lines.reduce(
    (sum, line) => sum + Math.max(1, Math.ceil(columnsOf(line) / columns)),
    0,
  )
  return Math.min(height, Math.max(1, rows - 1))
}

function lineByLine({ write }: { write: (text: string) => void }): LiveBlock {
  let said = ''
  return {
    show: () => {},
    clear: () => {},
    end: () => {},
    preparing(text, fraction) {
      const line = fraction === undefined ? text : `${text} ${Math.floor(fraction * 4) * 25} %`
      if (line !== said) write(`  ${line}\n`)
      said = line
    },
    progress({ chart, done, total }) {
      const row = chart?.samples.at(-1)
      const line =
        chart && row
          ? `${sampleRow(chart.label, row)}   ${done} of ${total}`
          : `${done} of ${total}`
      if (line !== said) write(`    ${line}\n`)
      said = line
    },
  }
}

const MOST_ROWS = 6

function recentRows(chart: NonNullable<Progress['chart']>): string[] {
  return chart.samples.slice(-MOST_ROWS).map((sample) => `      ${sampleRow(chart.label, sample)}`)
}

function sampleRow(label: string, { at, sent }: { at: number; sent: boolean }): string {
  return `${at.toFixed(1).padStart(5)} s   ${sent ? `Cookie: ${label}=… sent` : `no ${label} in the request`}`
}

function bar(fraction: number): string {
  const width = 24
  const full = Math.round(width * Math.min(1, Math.max(0, fraction)))
  return '█'.repeat(full) + '░'.repeat(width - full)
}
