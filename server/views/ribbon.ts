import type { RibbonExhibit, RibbonSample } from '../../grader/types.ts'
import { count, html, type Html } from './html.ts'

/**
 * A cookie's life as a picture: an axis of seconds, one mark per request (a bar where the cookie was sent, a ring where it was
 * not), and the end the browser's jar had written down. The same stands beside it as a sentence and as a table; while it is
 * `live`, as one row per request.
 */
export function ribbon(exhibit: RibbonExhibit, { live = false } = {}): Html {
  const { label, seconds, samples, expiry } = exhibit
  return html`<figure class="ribbon">
<figcaption>The life of <code>${label}</code>: ${summary(exhibit, live)}</figcaption>
<svg role="img" aria-label="${label}: ${summary(exhibit, live)}" width="100%" height="96">
${expiry !== null && expiry > 0 && html`<rect class="held" x="${x(0, seconds)}" y="12" width="${width(Math.min(expiry, seconds), seconds)}" height="46" rx="2"/>`}
<line class="axis" x1="${x(0, seconds)}" x2="${x(seconds, seconds)}" y1="70" y2="70"/>
${ticks(seconds)}
${samples.filter(({ at }) => at <= seconds).map((sample) => mark(sample, seconds))}
${expiry !== null && expiry <= seconds && html`<line class="expiry" x1="${x(expiry, seconds)}" x2="${x(expiry, seconds)}" y1="4" y2="70"/>`}
</svg>
<p class="legend">${key('sent')} sent ${key('unsent')} not sent${expiry !== null && html` ${key('end')} end in the browser’s jar: ${expiry.toFixed(1)} s`}</p>
${live ? rows(exhibit) : twin(exhibit)}
</figure>`
}

/** What the picture shows, in one sentence. */
export function summary({ samples, expiry }: RibbonExhibit, live = false): string {
  const sent = samples.filter((sample) => sample.sent)
  const unsent = samples.filter((sample) => !sample.sent)
  if (samples.length === 0) return 'no request yet'
  const first = sent.length > 0 ? `sent with ${count(sent.length, 'request')}, last at ${sent.at(-1)!.at.toFixed(1)} s` : 'never sent'
  const lastSent = sent.at(-1)?.at ?? -1
  const after = unsent.find(({ at }) => at > lastSent)
  const second = after ? `; not sent from ${after.at.toFixed(1)} s on` : ''
  return `${first}${second}${expiry === null && !live ? '; the browser’s jar has no end for it' : ''}`
}

// The picture keeps 4 % free on each side, so that the outermost marks are whole at any width.
function x(at: number, seconds: number): string {
  return `${(4 + (92 * Math.max(at, 0)) / seconds).toFixed(2)}%`
}

function width(duration: number, seconds: number): string {
  return `${((92 * duration) / seconds).toFixed(2)}%`
}

function ticks(seconds: number): Html[] {
  const step = seconds <= 5 ? 1 : seconds <= 20 ? 5 : Math.ceil(seconds / 4)
  return Array.from({ length: Math.floor(seconds) + 1 }, (_, at) => {
    const isLabelled = at % step === 0
    if (!isLabelled && seconds > 60) return html``
    const line = html`<line class="axis" x1="${x(at, seconds)}" x2="${x(at, seconds)}" y1="70" y2="${isLabelled ? 77 : 74}"/>`
    return isLabelled ? html`${line}<text x="${x(at, seconds)}" y="92" text-anchor="middle">${at} s</text>` : line
  })
}

function mark({ at, sent }: RibbonSample, seconds: number): Html {
  const place = x(at, seconds)
  return sent
    ? html`<line class="sent" x1="${place}" x2="${place}" y1="20" y2="50"/>`
    : html`<circle class="unsent" cx="${place}" cy="35" r="5"/>`
}

function key(kind: 'sent' | 'unsent' | 'end'): Html {
  const shapes = {
    sent: html`<line class="sent" x1="8" x2="8" y1="2" y2="14"/>`,
    unsent: html`<circle class="unsent" cx="8" cy="8" r="5"/>`,
    end: html`<line class="expiry" x1="8" x2="8" y1="0" y2="16"/>`,
  }
  return html`<svg class="key" width="16" height="16" aria-hidden="true">${shapes[kind]}</svg>`
}

function rows({ samples }: RibbonExhibit): Html {
  return html`<ol class="request-rows">${samples.map(({ at, sent }) => html`<li><span class="at">${at.toFixed(1)} s</span> ${key(sent ? 'sent' : 'unsent')} ${sent ? 'sent' : 'not sent'}</li>`)}</ol>`
}

function twin({ label, samples }: RibbonExhibit): Html {
  return html`<details class="twin"><summary>The same as a table</summary>
<div class="scroll" role="group" aria-label="Requests" tabindex="0"><table>
<thead><tr><th scope="col">Time</th><th scope="col">Cookie <code>${label}</code></th></tr></thead>
<tbody>${samples.map(({ at, sent }) => html`<tr><td>${at.toFixed(1)} s</td><td>${sent ? 'sent' : 'not sent'}</td></tr>`)}</tbody>
</table></div></details>`
}
