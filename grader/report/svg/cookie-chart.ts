import { html } from 'hono/html'
import type { CookieChart, CookieChartSample } from '../../types/index.ts'
import { percent, type Markup, type Picture } from './picture.ts'

/**
 * A cookie's life: an axis of seconds, one mark per request (a bar where the cookie was sent, a
 * ring where it was not), and the end the browser's jar had written down. The axis grows with a
 * request that left late, so that none falls off it.
 */
export function chartPicture(
  exhibit: CookieChart,
  { id, live = false }: { id: string; live?: boolean },
): Picture {
  const { label, samples, expiry } = exhibit
  const seconds = lengthOf(exhibit)
  return {
    id,
    title: `The life of ${label}`,
    summary: chartSummary(exhibit, live),
    height: 96,
    drawing: html`${expiry !== null && expiry > 0 && html`<rect class="held" x="${x(0, seconds)}" y="12" width="${percent((0.92 * Math.min(expiry, seconds)) / seconds)}" height="46" rx="2"/>`}
<line class="axis" x1="${x(0, seconds)}" x2="${x(seconds, seconds)}" y1="70" y2="70"/>
${ticks(seconds)}
${samples.map((sample) => mark(sample, seconds))}
${expiry !== null && expiry <= seconds && html`<line class="expiry" x1="${x(expiry, seconds)}" x2="${x(expiry, seconds)}" y1="4" y2="70"/>`}`,
    alternative: {
      columns: ['Time', `Cookie ${label}`],
      rows: samples.map(({ at, sent, exchange }) => ({
        cells: [`${at.toFixed(1)} s`, sent ? 'sent' : 'not sent'],
        exchange,
      })),
    },
  }
}

/** What the picture shows, in one sentence. */
export function chartSummary({ samples, expiry }: CookieChart, live = false): string {
  const sent = samples.filter((sample) => sample.sent)
  const unsent = samples.filter((sample) => !sample.sent)
  if (samples.length === 0) return 'no request yet'
  const first =
    sent.length > 0
      ? `sent with ${sent.length === 1 ? '1 request' : `${sent.length} requests`}, last at ${sent.at(-1)!.at.toFixed(1)} s`
      : 'never sent'
  const lastSent = sent.at(-1)?.at ?? -1
  const after = unsent.find(({ at }) => at > lastSent)
  const second = after ? `; not sent from ${after.at.toFixed(1)} s on` : ''
  return `${first}${second}${expiry === null && !live ? '; the browser’s jar has no end for it' : ''}`
}

function lengthOf({ seconds, samples }: CookieChart): number {
  return Math.max(seconds, ...samples.map(({ at }) => at))
}

// The picture keeps 4 % free on each side, so that the outermost marks are whole at any width.
function x(at: number, seconds: number): string {
  return percent(0.04 + (0.92 * Math.max(at, 0)) / seconds)
}

function ticks(seconds: number): Markup[] {
  const step = seconds <= 5 ? 1 : seconds < 21 ? 5 : Math.ceil(seconds / 4)
  return Array.from({ length: Math.floor(seconds) + 1 }, (_, at) => {
    const isLabelled = at % step === 0
    if (!isLabelled && seconds > 60) return html``
    const line = html`<line class="axis" x1="${x(at, seconds)}" x2="${x(at, seconds)}" y1="70" y2="${isLabelled ? 77 : 74}"/>`
    return isLabelled
      ? html`${line}<text class="p-time" x="${x(at, seconds)}" y="92" text-anchor="middle">${at} s</text>`
      : line
  })
}

function mark({ at, sent }: CookieChartSample, seconds: number): Markup {
  const place = x(at, seconds)
  return sent
    ? html`<line class="sent" x1="${place}" x2="${place}" y1="20" y2="50"/>`
    : html`<circle class="unsent" cx="${place}" cy="35" r="5"/>`
}
