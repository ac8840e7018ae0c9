import type { Exchange, Message } from '../../grader/types/index.ts'
import { html, type Html } from '../ui/html.ts'
import { visible } from '../ui/visible.ts'

/** Which of a message's fields are shown. The others are told by their number. */
type Shown = (name: string) => boolean

/** The messages of an exchange as text, as they were recorded. */
export function recordedMessages(
  { request, response }: Exchange,
  isShown: Shown = () => true,
): Html {
  return html`<div class="wire-messages">${side('Request', request, isShown)}${response ? side('Response', response, isShown) : ''}</div>`
}

function side(label: string, message: Message, isShown: Shown): Html {
  const fields = message.headers.filter(([name]) => isShown(name.toLowerCase()))
  const left = message.headers.length - fields.length
  const content = Buffer.from(message.body).toString('utf8').trimEnd()
  return html`<div class="wire-message ${label.toLowerCase()}"><div class="wire-side">${label}</div>
<pre tabindex="0" aria-label="${label}"><code><b class="w-start">${visible(message.startLine)}</b>
${fields.map(([name, value]) => html`<span class="w-name">${visible(name)}</span>: ${visible(value)}\n`)}${left > 0 && html`<span class="w-elided">… ${left} more</span>\n`}${content !== '' && html`\n${content.split('\n').map((line) => `${visible(line)}\n`)}`}</code></pre></div>`
}
