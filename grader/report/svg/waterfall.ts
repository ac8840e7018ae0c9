import { html } from 'hono/html'
import type { Exchange } from '../../types/index.ts'
import {
  inSeconds,
  niceSteps,
  percent,
  widthFor,
  words,
  type Markup,
  type Picture,
} from './picture.ts'

/**
 * The TCP connections of a scenario as lanes under one axis of time; on each the exchanges it
 * carried: asked, waited, answered. `origin`: when the run began.
 */
export function waterfallPicture(
  scenario: string,
  exchanges: readonly Exchange[],
  { id, origin }: { id: string; origin: number },
): Picture {
  const lanes = lanesOf(exchanges)
  const begin = Math.min(...exchanges.map(({ startedAt }) => startedAt))
  const length = Math.max(1, Math.max(...exchanges.map(endOf)) - begin)
  const x = (at: number) => LEFT + ((RIGHT - LEFT) * (at - begin)) / length
  const rows = lanes.map(rowsOf)
  const tops = rows.map((_, index) =>
    rows.slice(0, index).reduce((sum, above) => sum + heightOf(above), 0),
  )
  const axisY = tops.at(-1)! + heightOf(rows.at(-1)!) + 6
  return {
    id,
    title: scenario,
    summary: summaryOf(exchanges, lanes),
    height: axisY + 26,
    minWidth: MIN_WIDTH,
    axis: { from: begin, to: begin + length, left: LEFT, right: RIGHT },
    drawing: html`${ticks(length, axisY)}${lanes.map((lane, index) => laneView(lane, rows[index]!, tops[index]!, x))}`,
    alternative: {
      columns: ['Connection', 'Exchange', 'Asked at', 'First byte after', 'Complete after', 'End'],
      rows: lanes.flatMap((lane) =>
        lane.map((exchange) => ({ cells: cellsOf(exchange, origin), exchange: exchange.id })),
      ),
    },
  }
}

/** Of a lane with one row of exchanges, and of each further row. */
const LANE = 54
const ROW = 30
const LEFT = 0.01
/** In pixels. An exchange whose name does not fit beside the next one is named in the table. */
const MIN_WIDTH = 560
const RIGHT = 0.985

/** In the order in which the connections were first used; the exchanges of each in order. */
function lanesOf(exchanges: readonly Exchange[]): Exchange[][] {
  return [...Map.groupBy(exchanges, ({ connection }) => connection).values()]
}

/** Exchanges that are under way at the same time (HTTP/2, pipelining) stand below each other. */
function rowsOf(lane: readonly Exchange[]): Exchange[][] {
  const rows: Exchange[][] = []
  for (const exchange of lane) {
    const free = rows.find((row) => endOf(row.at(-1)!) <= exchange.startedAt)
    if (free) free.push(exchange)
    else rows.push([exchange])
  }
  return rows
}

function heightOf(rows: readonly unknown[]): number {
  return LANE + (rows.length - 1) * ROW
}

function endOf({ request, response }: Exchange): number {
  return response?.endedAt ?? request.endedAt
}

function laneView(
  lane: readonly Exchange[],
  rows: readonly (readonly Exchange[])[],
  y: number,
  x: (at: number) => number,
): Markup {
  const [first, last] = [lane[0]!, lane.at(-1)!]
  return html`${words({ text: `Connection ${first.connection} · ${lane.length === 1 ? '1 exchange' : `${lane.length} exchanges`}${last.cut === null ? '' : ` · ${last.cut}`}`, className: 'p-lane', from: 0, to: 1, y: y + 14 })}
<line class="p-connection" x1="${percent(x(first.startedAt))}" x2="${percent(x(Math.max(...lane.map(endOf))))}" y1="${y + 28}" y2="${y + 28}"/>
${rows.map((row, number) => row.map((exchange, index) => bar(exchange, y + 21 + number * ROW, x, row[index + 1])))}`
}

/**
 * However short, a bar is three pixels wide: the time in it is in the table, that it happened is
 * here.
 */
function bar(
  exchange: Exchange,
  y: number,
  x: (at: number) => number,
  next: Exchange | undefined,
): Markup {
  const { startedAt, request, response } = exchange
  const part = (className: string, from: number, to: number) =>
    html`<rect class="${className}" x="${percent(x(from))}" y="${y}" width="${percent(Math.max(0, x(to) - x(from)))}" height="14"/>`
  const name = `${request.method} ${request.target}`
  const from = x(startedAt)
  const to = (next ? x(next.startedAt) : 1) - 0.01
  const room = { className: 'p-small', from, to: Math.max(to, from + 0.001) }
  const fits = widthFor(name, room) <= MIN_WIDTH
  return html`<rect class="${response ? 'p-received' : 'p-lost'}" x="${percent(x(startedAt))}" y="${y}" width="3" height="14"/>${part('p-sending', startedAt, request.endedAt)}${response ? html`${part('p-waiting', request.endedAt, response.startedAt)}${part('p-received', response.startedAt, response.endedAt)}` : ''}${fits && words({ text: name, className: 'p-small', from, to, y: y + 27 })}`
}

function ticks(length: number, y: number): Markup {
  return html`<line class="p-axis" x1="${percent(LEFT)}" x2="${percent(RIGHT)}" y1="${y}" y2="${y}"/>${niceSteps(
    length,
    6,
  ).map((at) => {
    const share = LEFT + ((RIGHT - LEFT) * at) / length
    const align = share < 0.05 ? 'start' : share > 0.93 ? 'end' : 'middle'
    return html`<line class="p-grid" x1="${percent(share)}" x2="${percent(share)}" y1="0" y2="${y + 4}"/><text class="p-time" x="${percent(share)}" y="${y + 19}" text-anchor="${align}">${length < 2000 ? `${Math.round(at)} ms` : `${+(at / 1000).toFixed(1)} s`}</text>`
  })}`
}

function summaryOf(exchanges: readonly Exchange[], lanes: readonly unknown[]): string {
  return `${exchanges.length} ${exchanges.length === 1 ? 'exchange' : 'exchanges'} on ${lanes.length === 1 ? 'one connection' : `${lanes.length} connections`}`
}

function cellsOf(
  { connection, startedAt, request, response, cut }: Exchange,
  origin: number,
): string[] {
  const after = (at: number | undefined) =>
    at === undefined ? '' : `${(at - startedAt).toFixed(1)} ms`
  return [
    String(connection),
    `${request.method} ${request.target} → ${response ? response.status : 'no answer'}`,
    inSeconds(startedAt - origin),
    after(response?.startedAt),
    after(response?.endedAt),
    cut ?? 'complete',
  ]
}
