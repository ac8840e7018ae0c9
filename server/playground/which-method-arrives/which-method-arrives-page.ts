import { radio } from '../../ui/choices.ts'
import { html, type Html } from '../../ui/html.ts'
import { visible } from '../../ui/visible.ts'
import { playgroundPage, type ShownPlayground } from '../playground-page.ts'
import { reasons, type Ruling } from './redirect-words.ts'
import { hasContent, methods, statuses, type Cell, type RedirectStatus } from './redirects.ts'

/** The playground "Which method arrives?". */
export function whichMethodArrivesPage({ base, ...shown }: ShownPlayground): Html {
  return playgroundPage({
    name: 'which-method-arrives',
    ...shown,
    scripts: ['which-method-arrives.js'],
    styles: ['which-method-arrives.css'],
    intro: html`A server redirects from old addresses to new ones. Choose its status, and predict what your browser makes of it. Then your browser sends each method twice, and the table shows what arrived.`,
    body: html`<form id="choice" data-base="${base}">
<fieldset class="whole"><legend>The server redirects with</legend>${statuses.map((status) => html`${radio({ name: 'status', value: String(status), label: String(status), checked: status === 301 })} `)}</fieldset>
${guess('post', 'A POST arrives as', [
  ['same', 'POST, with content'],
  ['get', 'GET, without'],
])}
${guess('put', 'A PUT arrives as', [
  ['same', 'PUT, with content'],
  ['get', 'GET, without'],
])}
${guess('second', 'A second GET', [
  ['asked', 'asks the old address'],
  ['skipped', 'skips it'],
])}
<p class="go"><button type="submit" class="primary" disabled>Send them</button></p>
</form>
<noscript><p class="error">The requests are made by a script of this page; without one there is nothing to see.</p></noscript>
<p id="say" role="status"></p>
<section id="result" aria-label="What you predicted" hidden></section>
<section aria-labelledby="matrix-title"><h2 id="matrix-title">What arrived at the new address</h2>
<div class="scroll" role="group" aria-label="What arrived" tabindex="0"><table id="matrix">
<thead><tr><th scope="col"><span class="sr-only">Status</span></th>${methods.map((method) => html`<th scope="col">${method}</th>`)}</tr></thead>
<tbody>${statuses.map((status) => html`<tr data-status="${status}">${arrivedCells(status, [])}</tr>`)}</tbody>
</table></div>
<p class="because">Each method is sent twice to the same address. “2nd” says what happened the second time: the old address was asked again, or skipped.</p>
<p id="rest" hidden><button type="button">Fill in the rest</button></p>
<p id="sum" role="status"></p>
</section>`,
  })
}

function guess(
  name: string,
  legend: string,
  choices: readonly (readonly [value: string, label: string])[],
): Html {
  return html`<fieldset class="prediction"><legend>${legend}</legend>${choices.map(([value, label]) => html`${radio({ name, value, label, required: true })} `)}</fieldset>`
}

/** The cells of one row of the matrix; empty ones where nothing was tried. */
export function arrivedCells(status: RedirectStatus, cells: readonly Cell[]): Html {
  return html`<th scope="row">${status}</th>${methods.map((method) => {
    const cell = cells.find(({ sent }) => sent === method)
    return html`<td>${cell && arrivedCell(cell)}</td>`
  })}`
}

function arrivedCell({ sent, arrived, withContent, second }: Cell): Html {
  if (arrived === null) return html`<span class="nothing">nothing</span>`
  const method = visible(arrived)
  return html`<b>${arrived === sent ? method : html`<mark>${method}</mark>`}</b>${hasContent(sent) && html`<span>${withContent ? 'with content' : 'no content'}</span>`}<span>${second === 'skipped' ? html`<mark>2nd: skipped</mark>` : `2nd: ${second ?? 'nothing'}`}</span>`
}

/** What each part of a guess was worth, and why the status has this effect. */
export function ruledOn(status: RedirectStatus, rulings: readonly Ruling[]): Html {
  return html`<ul class="rulings">${rulings.map(({ right, words }) => html`<li data-answer="${right ? 'right' : 'wrong'}">${words}</li>`)}</ul>
<p>${reasons[status]}</p>`
}
