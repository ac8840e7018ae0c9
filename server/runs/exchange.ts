import { anatomyOf, hexRows, type ByteLine, type Part } from '../../grader/report/svg/index.ts'
import { strictFault, type StrictFault } from '../../grader/index.ts'
import type { Exchange, InjectedFault, Message } from '../../grader/types/index.ts'
import { count, html, type Html } from '../ui/html.ts'
import { seconds } from './check.ts'
import { visible } from '../ui/visible.ts'

/**
 * One exchange as it crossed the wire: both messages part by part, as text and as bytes. `origin`
 * is when the run began. The anchor is inside the fold, so that a link to it opens it.
 */
export function exchangeView(exchange: Exchange, origin: number): Html {
  const {
    id,
    connection,
    request,
    response,
    garbage,
    extra,
    cut,
    startedAt,
    injected = [],
  } = exchange
  return html`<details class="exchange">
<summary><code>${visible(`${request.method} ${request.target}`)} → ${response ? response.status : 'no answer'}</code> <span class="facts">${seconds(Math.max(0, startedAt - origin))} <span>connection ${connection}</span></span></summary>
<div class="exchange-body" id="exchange-${id}">
<div class="wire-messages">
${messageView('Request', 'request', request, strictFault(exchange, 'request'))}
${response && messageView('Response', 'response', response, strictFault(exchange, 'response'))}
${garbage && bytesView('Instead of a response', garbage)}
${extra && bytesView(response?.status === 101 || request.method === 'CONNECT' ? 'In the other protocol' : 'After the response, unasked', extra)}
</div>
${response?.refused !== undefined && html`<p class="because">Chromium refuses this response: ${response.refused}.</p>`}
${cut && html`<p class="because">${cuts[cut]}</p>`}
${injected.map((fault) => html`<p class="because">${doneByScenario(fault)}</p>`)}
<p class="because"><a href="#exchange-${id}">Link to this exchange</a></p>
</div>
</details>`
}

const cuts = {
  closed: 'The connection was closed before the response was complete.',
  reset: 'The connection was reset before the response was complete.',
  refused: 'Nothing listened any more.',
  capped: 'Too much was sent: the grader cut it off.',
} as const

function doneByScenario({ kind, moment, at, until }: InjectedFault): string {
  if (kind === 'cut')
    return moment === 'before-response'
      ? "The scenario cut the client's connection, so nothing of the response reached it."
      : 'The scenario cut the connection in the middle of the response.'
  const time = until == null ? 'until its end' : `for ${seconds(until - at)}`
  return kind === 'held-request'
    ? `The scenario held the request ${time} before your program got it.`
    : `The scenario held the response ${time} before the client got it.`
}

function messageView(
  label: string,
  side: 'request' | 'response',
  message: Message,
  fault: StrictFault | null,
): Html {
  const isChunked = message.headers.some(
    ([name, value]) => name.toLowerCase() === 'transfer-encoding' && /chunked/i.test(value),
  )
  return html`<div class="wire-message ${side}"><div class="wire-side">${label}${!message.complete && html` <span class="wire-remark">not complete</span>`}${isChunked && html` <span class="wire-remark">content without the lengths of its chunks</span>`}</div>
${partsView(anatomyOf(message), label)}${message.rest && html`<p class="facts">${count(message.rest.bytes, 'byte')} of content followed that were not kept. Their SHA-256: <code>${message.rest.sha256}</code></p>`}${fault && html`<p class="because">A strict reader refuses this at byte ${fault.at}: ${visible(fault.say)}.</p>`}</div>`
}

function bytesView(label: string, bytes: Uint8Array): Html {
  const part = { name: 'content', offset: 0, bytes, lines: textLines(bytes) } as const
  return html`<div class="wire-message response"><div class="wire-side">${label}</div>${partsView([part], label)}</div>`
}

const shownLines = 400

function partsView(parts: readonly Part[], label: string): Html {
  return html`<dl class="anatomy">${parts.map(({ name, lines, bytes }) => html`<dt>${name}${name === 'content' && html` <span>${count(bytes.length, 'byte')}</span>`}</dt><dd><pre${name === 'content' && html` class="content" tabindex="0" aria-label="${label}, content"`}><code>${lines.slice(0, shownLines).map((line) => html`${lineView(line, name)}\n`)}${elided(lines, bytes, name)}</code></pre></dd>`)}</dl>
${hexView(parts, label)}`
}

/** Line endings are shown, because a bare LF is one of the things that can be wrong. */
function lineView({ text, ending }: ByteLine, part: Part['name']): Html {
  const colon = part === 'fields' ? text.indexOf(':') : -1
  const shown =
    colon > 0
      ? html`<span class="w-name">${visible(text.slice(0, colon))}</span>${visible(text.slice(colon))}`
      : part === 'start line'
        ? html`<b class="w-start">${visible(text)}</b>`
        : html`${visible(text)}`
  return html`${shown}${ending !== '' && html`<span class="w-ending">${ending}</span>`}`
}

const shownContent = 16_384

function elided(lines: readonly ByteLine[], bytes: Uint8Array, part: Part['name']): Html | false {
  if (lines.length > shownLines)
    return html`<span class="w-elided">… ${count(lines.length - shownLines, 'line')} more</span>\n`
  return (
    part === 'content' &&
    bytes.length > shownContent &&
    html`<span class="w-elided">… ${count(bytes.length - shownContent, 'byte')} more</span>\n`
  )
}

const shownHex = 2048

/** The first bytes of each part: where they stand, in hexadecimal, as letters. */
function hexView(parts: readonly Part[], label: string): Html {
  const total = parts.reduce((sum, { bytes }) => sum + bytes.length, 0)
  return html`<details class="hex"><summary>As hex <span class="facts">${count(total, 'byte')}</span></summary>
<pre tabindex="0" aria-label="${label} as hex"><code>${parts.map((part) => {
    const { rows, omitted } = hexRows(part, shownHex)
    return html`<span class="hex-part">${part.name}</span>\n${rows.map((row) => `${row}\n`)}${omitted > 0 && html`<span class="w-elided">      … ${count(omitted, 'byte')} more</span>\n`}`
  })}</code></pre></details>`
}

function textLines(content: Uint8Array): ByteLine[] {
  const text = Buffer.from(
    content.buffer,
    content.byteOffset,
    Math.min(content.byteLength, shownContent),
  ).toString('latin1')
  return text.split('\n').map((line) => ({ text: line.replace(/\r$/, ''), ending: '' }))
}
