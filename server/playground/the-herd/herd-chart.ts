import type { Picture } from '../../../grader/report/svg/index.ts'
import { html, type Html } from '../../ui/html.ts'
import { BACK_MS, CAPACITY, CLIENTS, END_MS, SLICE_MS, type HerdRun } from './herd-model.ts'
import { whatHappened } from './herd-words.ts'

/**
 * The load curve: a column for each quarter of a second, broad where requests were served and thin
 * where they weren't, and a line at what the server can serve.
 */
export function herdChart(run: HerdRun): Picture {
  return {
    id: 'load',
    title: 'The load',
    summary: whatHappened(run),
    height: BASE + 24,
    drawing: html`<rect class="h-down" x="${x(0)}" y="${TOP}" width="${share(BACK_MS)}" height="${BASE - TOP}"/>
<text class="p-muted" x="${x(0)}" y="${TOP - 6}">the server is down</text>
${[CAPACITY, CLIENTS].map((requests) => html`<text class="p-time" x="${x(-LABEL_MS)}" y="${y(requests) + 4}" text-anchor="end">${requests}</text><line class="p-axis" x1="${x(-LABEL_MS)}" x2="${x(0)}" y1="${y(requests)}" y2="${y(requests)}"/>`)}
${run.load.map(column)}
<line class="h-limit" x1="${x(BACK_MS)}" x2="${x(END_MS)}" y1="${y(CAPACITY)}" y2="${y(CAPACITY)}"/>
<line class="p-axis" x1="${x(0)}" x2="${x(END_MS)}" y1="${BASE}" y2="${BASE}"/>
${ticks.map((at) => html`<line class="p-axis" x1="${x(at)}" x2="${x(at)}" y1="${BASE}" y2="${BASE + 4}"/><text class="p-time" x="${x(at)}" y="${BASE + 18}" text-anchor="${at === END_MS ? 'end' : 'middle'}">${at / 1000} s</text>`)}`,
    alternative: {
      columns: ['From second', 'Requests', 'Served', 'Most in a quarter'],
      rows: rowsOf(run),
    },
  }
}

/** Pixels: where the highest column ends, and where all columns stand. */
const [TOP, BASE] = [22, 172]
/** More than all clients: with jitter, some have tried twice within the first slice. */
const MOST = 70
/** Shares of the width: where time begins, and how much of it there is. */
const [LEFT, ALL] = [0.08, 0.91]
const LABEL_MS = 300
const TICK_MS = 4000
const ticks = Array.from({ length: END_MS / TICK_MS + 1 }, (_, index) => index * TICK_MS)

function column({ asked, served }: HerdRun['load'][number], index: number): Html {
  const at = index * SLICE_MS
  const bar = (name: string, from: number, to: number, breadth: number) =>
    to > from &&
    html`<rect class="${name}" x="${x(at + (SLICE_MS * (1 - breadth)) / 2)}" y="${y(to)}" width="${share(SLICE_MS * breadth)}" height="${(y(from) - y(to)).toFixed(1)}"/>`
  return html`${bar('h-served', 0, served, 0.9)}${bar('h-refused', served, asked, 0.4)}`
}

function x(ms: number): string {
  return `${(100 * (LEFT + (ALL * ms) / END_MS)).toFixed(2)}%`
}

function share(ms: number): string {
  return `${((100 * ALL * ms) / END_MS).toFixed(2)}%`
}

function y(requests: number): number {
  return Number((BASE - (requests * (BASE - TOP)) / MOST).toFixed(1))
}

/** The seconds in which any request came. */
function rowsOf({ load }: HerdRun): Picture['alternative']['rows'] {
  const inSecond = 1000 / SLICE_MS
  return Array.from({ length: END_MS / 1000 }, (_, second) => {
    const slices = load.slice(second * inSecond, (second + 1) * inSecond)
    const sum = (key: 'asked' | 'served') => slices.reduce((all, slice) => all + slice[key], 0)
    const most = Math.max(...slices.map(({ asked }) => asked))
    return { cells: [second, sum('asked'), sum('served'), most].map(String), most }
  }).filter(({ most }) => most > 0)
}
