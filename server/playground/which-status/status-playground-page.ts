import { radio } from '../../ui/choices.ts'
import { html, type Html } from '../../ui/html.ts'
import { playgroundPage, type ShownPlayground } from '../playground-page.ts'
import { cards } from './cards.ts'
import { statuses } from './statuses.ts'

/** The playground "Which status?". What is right for a card is not in it. */
export function statusPage({ base, ...shown }: ShownPlayground): Html {
  const questions = cards.map(({ id, situation, sent }) => ({ id, situation, sent }))
  return playgroundPage({
    name: 'which-status',
    ...shown,
    scripts: ['which-status.js'],
    styles: ['which-status.css'],
    intro: html`You are the server of a shop. Choose the status for each situation. A client in this page then acts on your answer, and on nothing else.`,
    body: html`<section id="card" aria-labelledby="number" data-base="${base}" data-cards="${JSON.stringify(questions)}" hidden>
<p class="turn"><button type="button" id="back" aria-label="Previous card">‹</button> <b id="number"></b> <button type="button" id="on" aria-label="Next card">›</button> <span id="solved"></span></p>
<p id="situation" aria-live="polite"></p>
<pre tabindex="0" aria-label="The request"><code id="request"></code></pre>
</section>
<form id="choice">
<fieldset><legend>The shop answers</legend>${Object.entries(statuses).map(([status, name]) => html`${radio({ name: 'status', value: status, label: `${status} ${name}`, required: true })} `)}</fieldset>
<p class="go"><button type="submit" class="primary" disabled>Answer</button></p>
</form>
<noscript><p class="error">The client is a script of this page; without it there is nothing to see.</p></noscript>
<p id="say" role="status"></p>
<section id="result" aria-label="What the client did" hidden><ol id="steps"></ol></section>`,
  })
}
