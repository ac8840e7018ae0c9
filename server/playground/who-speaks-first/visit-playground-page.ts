import {
  sequencePicture,
  sequenceSteps,
  waterfallPicture,
} from '../../../grader/report/svg/index.ts'
import type { Evidence } from '../../../grader/types/index.ts'
import { reasonFor } from './small-site.ts'
import { sides, turnsOf, type Turn } from './turns.ts'
import { count, html, type Html } from '../../ui/html.ts'
import { drawn, alternativeTable } from '../../runs/picture.ts'
import { visible } from '../../ui/visible.ts'
import { playgroundPage, type ShownPlayground } from '../playground-page.ts'
import { recordedMessages } from '../recorded-messages.ts'

/** The playground "Who speaks first?", before anything was visited. */
export function visitPage({ base, ...shown }: ShownPlayground): Html {
  return playgroundPage({
    name: 'who-speaks-first',
    ...shown,
    scripts: ['who-speaks-first.js'],
    styles: ['pictures.css', 'who-speaks-first.css'],
    intro: html`The button opens a small site: one address, as if you had typed it. Every byte between your browser and that site is recorded, and replayed as slowly as you like.`,
    body: html`<p class="go" id="go" data-base="${base}" hidden><a class="button primary" id="open" href="${base}" target="_blank" rel="noopener noreferrer">Open the small site</a> <label><input type="checkbox" id="ask" checked> <span>Ask me on the way</span></label></p>
<noscript><p class="error">The visit is replayed by a script of this page; without one there is nothing to see.</p></noscript>
<p id="say" role="status">Nothing is recorded yet. The small site opens in a tab of its own; come back after five seconds, and the replay is here.</p>
<section id="replay" aria-label="The replay" hidden></section>`,
  })
}

/**
 * What was recorded, to be put into that page: pictures of which its script shows as much as has
 * happened, and questions on the way.
 */
export function visitReplay(evidence: Evidence): Html {
  const { exchanges } = evidence
  if (exchanges.length === 0)
    return html`<p>Nothing came. Open the small site once more, and leave its tab open.</p>`
  const origin = exchanges[0]!.startedAt
  const steps = sequenceSteps(evidence)
  const sequence = sequencePicture(evidence, {
    id: 'sequence',
    origin,
    parties: { client: 'your browser', server: 'the site' },
  })
  const connections = waterfallPicture('Connections', exchanges, { id: 'connections', origin })
  const { from, to, left, right } = connections.axis!
  const lanes = connections.height - 26
  const moments = steps.map(({ at }, index) => ({
    x: left + ((right - left) * (Math.min(at, to) - from)) / (to - from),
    words: visible(inWords(sequence.alternative.rows[index]!.cells)),
  }))
  return html`<div class="player">
<button type="button" id="play">Play</button>
<button type="button" id="back" aria-label="One step back">‹</button><button type="button" id="on" aria-label="One step on">›</button>
<input type="range" id="time" min="0" max="${steps.length}" value="0" step="1" aria-label="Time" data-moments="${JSON.stringify(moments)}">
</div>
<p id="now" role="status"></p>
<div id="turns" aria-live="polite">${turnsOf(steps).map(turnForm)}</div>
<div id="sum" hidden>${sumOf(evidence)}</div>
<div id="sequence" role="group" aria-label="The sequence so far" tabindex="0">${drawn(sequence)}</div>
<h2>Connections and time</h2>
<div id="connections">${drawn({ ...connections, drawing: html`${connections.drawing}<rect id="cover" class="p-paper" x="0" y="0" width="100%" height="${lanes}"/><line id="hand" class="p-axis" x1="0" x2="0" y1="0" y2="${lanes}"/>` })}</div>
${alternativeTable(sequence.alternative, 'The visit', { links: false })}
<details class="messages"><summary>Every message</summary>${exchanges.map((exchange) => recordedMessages(exchange))}</details>`
}

function inWords([time, who, what]: readonly string[]): string {
  return `${time} · ${who}: ${what}`
}

const labels = {
  client: 'The client’s',
  server: 'The server’s',
  nobody: 'Nobody’s: the server may only wait',
} as const

function turnForm({ after, situation, right, why }: Turn): Html {
  return html`<form class="turn" data-after="${after}" data-right="${right}" hidden>
<fieldset><legend>${situation} Whose turn is it now?</legend>
${sides.map((side) => html`<button type="submit" value="${side}">${labels[side]}</button>`)}
</fieldset>
${sides.map((side) => html`<p class="why" data-side="${side}" hidden><b>${side === right ? 'Right.' : 'No.'}</b> ${why[side]}</p>`)}
</form>`
}

/** One address was opened: what came of it, and who wanted each part. */
function sumOf({ exchanges }: Evidence): Html {
  const connections = new Set(exchanges.map(({ connection }) => connection)).size
  const icon = exchanges.some(({ request }) => request.path === '/favicon.ico')
  return html`<h2>One address, ${count(exchanges.length, 'exchange')}</h2>
<p>You asked for one thing. Your browser made ${count(exchanges.length, 'request')} over ${count(connections, 'connection')}, and it began every one of them.${!icon && ' It did not ask for /favicon.ico this time; many browsers do.'}</p>
<div class="scroll" role="group" aria-label="Who wanted what" tabindex="0"><table>
<thead><tr><th scope="col">Exchange</th><th scope="col">Who wanted it</th></tr></thead>
<tbody>${exchanges.map(({ request, response }) => html`<tr><td>${visible(`${request.method} ${request.path}`)} → ${response ? response.status : 'no answer'}</td><td>${reasonFor(request.path)}</td></tr>`)}</tbody>
</table></div>`
}
