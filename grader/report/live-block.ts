import type { GradeEvent } from '../types.ts'
import { ribbonLines } from './exhibit-text.ts'

/** Lines at the end of the output that are drawn again in place while something is under way, and vanish when it is over. */
export interface LiveBlock {
  show(lines: readonly string[]): void
  preparing(text: string, fraction?: number): void
  progress(event: Extract<GradeEvent, { type: 'progress' }>): void
  /** Takes the block away so that something lasting can be written. It comes back with the next tick. */
  clear(): void
  end(): void
}

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']

/** On a terminal the block is drawn in place; elsewhere only what advances is written, a line each, so that a log is no silence. */
export function createLiveBlock(options: { write: (text: string) => void; columns: number; live: boolean }): LiveBlock {
  return options.live ? drawnInPlace(options) : lineByLine(options)
}

function drawnInPlace({ write, columns }: { write: (text: string) => void; columns: number }): LiveBlock {
  let lines: readonly string[] = []
  let drawn = 0
  let frame = 0
  let timer: NodeJS.Timeout | undefined

  const clear = () => {
    if (drawn > 0) write(`\x1b[${drawn}A\x1b[J`)
    drawn = 0
  }
  const draw = () => {
    clear()
    if (lines.length === 0) return
    const [first, ...rest] = lines
    const block = [`  ${FRAMES[frame++ % FRAMES.length]} ${first}`, ...rest].map((line) => line.slice(0, columns - 1))
    write(`${block.join('\n')}\n`)
    drawn = block.length
  }
  const show = (next: readonly string[]) => {
    lines = next
    timer ??= setInterval(draw, 100).unref()
    draw()
  }
  return {
    show,
    clear,
    preparing: (text, fraction) => show([fraction === undefined ? text : `${text} ${bar(fraction)} ${Math.round(fraction * 100)} %`]),
    progress: ({ scenario, done, total, ribbon }) => {
      const title = `${scenario}`
      const count = `${done} of ${total}`
      const rows = ribbon ? ['', ...recentRows(ribbon), '', ...ribbonLines(ribbon).map((line) => `      ${line}`)] : []
      show([title.padEnd(columns - 6 - count.length) + count, ...rows])
    },
    end() {
      clearInterval(timer)
      clear()
      lines = []
    },
  }
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
    progress({ ribbon, done, total }) {
      const row = ribbon?.samples.at(-1)
      const line = ribbon && row ? `${sampleRow(ribbon.label, row)}   ${done} of ${total}` : `${done} of ${total}`
      if (line !== said) write(`    ${line}\n`)
      said = line
    },
  }
}

const MOST_ROWS = 6

function recentRows(ribbon: NonNullable<Extract<GradeEvent, { type: 'progress' }>['ribbon']>): string[] {
  return ribbon.samples.slice(-MOST_ROWS).map((sample) => `      ${sampleRow(ribbon.label, sample)}`)
}

function sampleRow(label: string, { at, sent }: { at: number; sent: boolean }): string {
  return `${at.toFixed(1).padStart(5)} s   ${sent ? `Cookie: ${label}=… sent` : `no ${label} in the request`}`
}

function bar(fraction: number): string {
  const width = 24
  const full = Math.round(width * Math.min(1, Math.max(0, fraction)))
  return '█'.repeat(full) + '░'.repeat(width - full)
}
