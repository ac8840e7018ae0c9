import { playgrounds } from '../../../course/lessons/playgrounds.ts'
import { radio } from '../../ui/choices.ts'
import { html, type Html } from '../../ui/html.ts'
import type { Theme } from '../../ui/theme.ts'
import { playgroundDocument } from '../playground-document.ts'
import { cards } from './cards.ts'
import { statuses } from './statuses.ts'

const TITLE = playgrounds['which-status'].title

/** The playground "Which status?". What is right for a card is not in it. */
export function statusPage({
  base,
  framed,
  theme,
}: {
  base: string
  framed: boolean
  theme: Theme
}): Html {
  const shown = cards.map(({ id, situation, sent }) => ({ id, situation, sent }))
  return playgroundDocument({
    title: TITLE,
    theme,
    framed,
    scripts: ['which-status.js'],
    styles: ['which-status.css'],
    body: html`<h1${framed && html` class="sr-only"`}>${TITLE}</h1>
${!framed && html`<p>You are the server of a shop. Choose the status for each situation. A client in this page then acts on your answer, and on nothing else.</p>`}
<section id="card" aria-labelledby="number" data-base="${base}" data-cards="${JSON.stringify(shown)}" hidden>
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
