import { alternativeTable, drawn } from '../../runs/picture.ts'
import { radio } from '../../ui/choices.ts'
import { html, type Html } from '../../ui/html.ts'
import { playgroundPage, type ShownPlayground } from '../playground-page.ts'
import { herdChart } from './herd-chart.ts'
import { BACK_MS, CAPACITY, CLIENTS, triesOffered, type HerdRun } from './herd-model.ts'
import { kinds, rowOf, whatHappened, whatHelps, type Ruling } from './herd-words.ts'

/** The playground "The herd", before the server failed. */
export function herdPage({ base, ...shown }: ShownPlayground): Html {
  return playgroundPage({
    name: 'the-herd',
    ...shown,
    isModel: true,
    scripts: ['the-herd.js'],
    styles: ['pictures.css', 'the-herd.css'],
    body: html`<p class="because"><b>This is a model</b>: a browser opens only six connections to a server like this one, so it can’t play ${CLIENTS} clients. All of them ask at second 0. The server is down until second ${BACK_MS / 1000}. Then it serves ${CAPACITY} requests in each quarter of a second, and refuses the rest with 503. Jitter draws the same numbers in every run.</p>
<form id="choice" data-base="${base}">
<fieldset class="prediction"><legend>Which setting serves everybody soonest without a peak above what the server can do?</legend>${Object.entries(kinds).map(([value, label]) => html`${radio({ name: 'prediction', value, label, required: true })} `)}</fieldset>
<fieldset><legend>Wait before the next try</legend>${radio({ name: 'wait', value: 'equal', label: '1 second each time', checked: true })} ${radio({ name: 'wait', value: 'doubling', label: '1, 2, 4, 4 … seconds' })}</fieldset>
<fieldset><legend>Jitter</legend>${radio({ name: 'jitter', value: 'off', label: 'off: the whole wait', checked: true })} ${radio({ name: 'jitter', value: 'on', label: 'on: any part of it' })}</fieldset>
<fieldset><legend>Tries of each client</legend>${triesOffered.map((tries) => html`${radio({ name: 'tries', value: String(tries), label: String(tries), checked: tries === 8 })} `)}</fieldset>
<p class="go"><button type="submit" class="primary" disabled>Let the server fail</button></p>
</form>
<noscript><p class="error">A script of this page shows what comes of a setting; without one there is nothing to see.</p></noscript>
<p id="say" role="status"></p>
<section id="result" aria-label="The last run" hidden></section>
<section id="runs" aria-labelledby="runs-title" hidden><h2 id="runs-title">What you tried</h2>
<div class="scroll" role="group" aria-label="What you tried" tabindex="0"><table>
<thead><tr><th scope="col">Setting</th><th scope="col">Peak</th><th scope="col">Last served</th><th scope="col">Gave up</th></tr></thead>
<tbody id="rows"></tbody>
</table></div></section>`,
  })
}

/** What came of a setting, to be put into that page. */
export function herdResult(run: HerdRun, { answer, say }: Ruling): Html {
  const picture = herdChart(run)
  return html`<div id="run" data-answer="${answer}" data-say="${say}" data-row="${JSON.stringify(rowOf(run))}">
<p id="happened">${whatHappened(run)}</p>
<p id="helps">${whatHelps(run)}</p>
<div class="load">${drawn(picture)}</div>
<p class="legend"><span><svg class="picture" width="12" height="12" aria-hidden="true"><rect class="h-served" width="12" height="12"/></svg> served</span> <span><svg class="picture" width="4" height="12" aria-hidden="true"><rect class="h-refused" width="4" height="12"/></svg> not served</span> <span><svg class="picture" width="20" height="12" aria-hidden="true"><line class="h-limit" x2="20" y1="6" y2="6"/></svg> what the server can serve</span></p>
${alternativeTable(picture.alternative, 'The load', { links: false })}
</div>`
}
