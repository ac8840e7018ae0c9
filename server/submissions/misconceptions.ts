import type { Misconception } from '../../course/mutants/misconceptions.ts'
import { diffView } from '../ui/diff.ts'
import { count, html, type Html } from '../ui/html.ts'
import type { Side } from '../ui/side.ts'
import { visible } from '../ui/visible.ts'

export interface WrongAnswer extends Misconception {
  /** Whether an earlier submission of the learner's got this very diagnosis. */
  readonly met: boolean
  /** The files that differ: the reference's and the mutant's. */
  readonly changes: readonly { path: string; reference: Side; wrong: Side }[]
}

/**
 * What others get wrong here: what one believes, what the wire then shows, and the lines that make
 * the difference.
 */
export function misconceptionsView(all: readonly WrongAnswer[]): Html | undefined {
  if (all.length === 0) return undefined
  const met = all.filter((each) => each.met).length
  return html`<section class="misconceptions" aria-labelledby="misconceptions"><h2 id="misconceptions">What others get wrong here</h2>
<p>${count(all.length, 'common misconception')}, and how the checks respond.${met > 0 && html` You have met ${met === 1 ? 'one' : met} of them yourself.`}</p>
<ol>${all.map(misconceptionView)}</ol>
</section>`
}

function misconceptionView({ id, belief, failed, why, feedback, met, changes }: WrongAnswer): Html {
  return html`<li id="wrong-${id}">
<p class="belief">${beliefView(belief)}${met && html` <span class="met">you met this one</span>`}</p>
${why !== undefined && html`<p>${withCode(why)}</p>`}
${failed !== undefined && html`<p class="because">Fails: ${visible(failed)}</p>`}
<details class="whole"><summary>The lines that make the difference</summary>${changes.map(({ path, reference, wrong }) => html`${changes.length > 1 && html`<h3><code>${path}</code></h3>`}${diffView(wrong, reference)}`)}</details>
${feedback !== undefined && html`<details class="whole"><summary>Terminal output</summary><pre class="recorded" tabindex="0"><code>${visibleLines(feedback)}</code></pre></details>`}
</li>`
}

/** A belief in its author's words, as a quotation. */
export function beliefView(belief: string): Html {
  return html`“${withCode(sentence(belief))}”`
}

/** What is between backticks is code. */
function withCode(text: string): Html[] {
  return text
    .split('`')
    .map((part, index) =>
      index % 2 === 1 ? html`<code>${visible(part)}</code>` : html`${visible(part)}`,
    )
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function visibleLines(text: string): string {
  return text.trimEnd().split('\n').map(visible).join('\n')
}
