import type { Exchange, Message } from '../../grader/types.ts'
import { count, html, type Html } from './html.ts'
import { seconds } from './check.ts'
import { textOf, visible } from './visible.ts'

/** One exchange as it crossed the wire: both heads byte for byte, both contents as far as they can be read. `origin` is when the run began. */
export function exchangeView(exchange: Exchange, origin: number): Html {
  const { id, connection, request, response, garbage, cut, startedAt } = exchange
  return html`<details class="exchange" id="exchange-${id}">
<summary><code>${visible(`${request.method} ${request.target}`)} → ${response ? response.status : 'no answer'}</code> <span class="facts">${seconds(Math.max(0, startedAt - origin))} <span>connection ${connection}</span></span></summary>
<div class="wire-messages">
${messageView('Request', 'request', request)}
${response && messageView('Response', 'response', response)}
${garbage && html`<div class="wire-message response"><div class="wire-side">Instead of a response</div>${bytes(garbage)}</div>`}
</div>
${cut && html`<p class="because">${cuts[cut]}</p>`}
</details>`
}

const cuts = {
  closed: 'The connection was closed before the response was complete.',
  reset: 'The connection was reset before the response was complete.',
  refused: 'Nothing listened any more.',
  capped: 'Too much was sent: the recording stopped.',
} as const

function messageView(label: string, side: 'request' | 'response', message: Message): Html {
  const lines = Buffer.from(message.head).toString('latin1').split('\n')
  return html`<div class="wire-message ${side}"><div class="wire-side">${label}${!message.complete && html` <span class="wire-remark">not complete</span>`}</div>
<pre tabindex="0"><code>${lines.slice(0, -1).map((line, index) => headLine(line, index))}${lines.at(-1) !== '' && headLine(lines.at(-1)!, lines.length)}${message.body.length > 0 && content(message.body)}</code></pre></div>`
}

/** Line endings are shown, because a bare LF is one of the things that can be wrong. */
function headLine(line: string, index: number): Html {
  const ending = line.endsWith('\r') ? 'CRLF' : 'LF'
  const text = line.replace(/\r$/, '')
  const colon = index > 0 ? text.indexOf(':') : -1
  const shown = colon > 0 ? html`<span class="w-name">${visible(text.slice(0, colon))}</span>${visible(text.slice(colon))}` : html`<b class="w-start">${visible(text)}</b>`
  return html`${shown}<span class="w-ending">${ending}</span>\n`
}

const shownBytes = 16_384

function content(body: Uint8Array): Html {
  const { text, omitted } = textOf(body, shownBytes)
  const lines = text.split('\n').map((line) => visible(line.replace(/\r$/, ''))).join('\n')
  return html`${lines}${omitted > 0 && html`\n<span class="w-elided">… ${count(omitted, 'byte')} more</span>`}\n`
}

function bytes(garbage: Uint8Array): Html {
  return html`<pre tabindex="0"><code>${content(garbage)}</code></pre>`
}
