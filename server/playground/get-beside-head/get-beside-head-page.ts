import type { Exchange, Printed, Response } from '../../../grader/types/index.ts'
import { highlightLines } from '../../markdown/highlight.ts'
import { box, radio } from '../../ui/choices.ts'
import { count, html, raw, type Html } from '../../ui/html.ts'
import { visible } from '../../ui/visible.ts'
import { playgroundPage, type ShownPlayground } from '../playground-page.ts'
import { recordedPicture } from '../recorded-picture.ts'
import { whatCameAhead } from './ahead-words.ts'
import { compareHeads, differences, isDifferent, type Difference } from './compare-heads.ts'
import { ruleOnHeads } from './head-words.ts'
import { lampServers, type LampServer } from './lamp-servers.ts'

/** The playground "GET beside HEAD". */
export async function getBesideHeadPage({ base, ...shown }: ShownPlayground): Promise<Html> {
  const servers = Object.entries<LampServer>(lampServers)
  const codes = await Promise.all(
    servers.map(async ([name, { code }], index) => {
      const lines = await highlightLines(code, 'js')
      return html`<pre class="recorded" data-server="${name}" tabindex="0" aria-label="The server’s code"${index > 0 && html` hidden`}><code>${raw(lines.join('\n'))}</code></pre>`
    }),
  )
  return playgroundPage({
    name: 'get-beside-head',
    ...shown,
    scripts: ['get-beside-head.js'],
    styles: ['pictures.css', 'get-beside-head.css'],
    intro: html`Your browser sends GET and HEAD for the same address to a real server. Choose how the server answers, and predict what HEAD will get. Every byte is recorded.`,
    body: html`<form id="choice" data-base="${base}">
<fieldset class="whole"><legend>Who answers <code>/lamps</code></legend>${servers.map(([value, { label }], index) => html`${radio({ name: 'server', value, label, checked: index === 0 })} `)}
${codes}</fieldset>
<fieldset class="prediction whole"><legend>How will the answer to HEAD differ from GET’s head?</legend>${Object.entries(differences).map(([value, label]) => html`${radio({ name: 'said', value, label, required: true })} `)}</fieldset>
<p class="go"><button type="submit" class="primary" disabled>Send GET and HEAD</button></p>
</form>
<noscript><p class="error">The requests are made by a script of this page; without one there is nothing to see.</p></noscript>
<p id="say" role="status"></p>
<section id="result" aria-label="Both answers" hidden></section>
<section aria-labelledby="ahead-title">
<h2 id="ahead-title">GETs that nobody clicks</h2>
<p>A catalogue has a delete link for each lamp, and its page asks browsers to load these links in advance.</p>
<form id="ahead">
<p class="go">${box('postOnly', 'Delete only with POST')} <button type="submit" disabled>Open the catalogue</button></p>
</form>
<p id="say-ahead" role="status"></p>
<div id="catalogue" hidden></div>
<div id="timeline"></div>
</section>`,
  })
}

/** Both answers side by side, and what the guess was worth. */
export function comparedHeads(
  { get, head }: { readonly get: Response; readonly head: Response },
  said: Difference,
  { why }: LampServer,
): Html {
  const comparison = compareHeads(get, head)
  const { right, words } = ruleOnHeads(said, comparison, why)
  return html`<p class="ruling" data-answer="${right ? 'right' : 'wrong'}">${words}</p>
<div class="scroll" role="group" aria-label="Both answers" tabindex="0"><table class="heads">
<thead><tr><th scope="col"><span class="sr-only">Field</span></th><th scope="col">GET got</th><th scope="col">HEAD got</th></tr></thead>
<tbody>${comparison.lines.map(
    (line) => html`<tr${isDifferent(line) && html` class="differs"`}>
<th scope="row">${visible(line.name)}</th><td>${cell(line.get)}</td><td>${isDifferent(line) ? html`<mark>${visible(line.head ?? 'missing')}<span class="sr-only"> (differs)</span></mark>` : cell(line.head)}</td></tr>`,
  )}
<tr><th scope="row">Content</th><td>${content(get)}</td><td>${content(head)}</td></tr></tbody>
</table></div>
<p class="because">Date, Connection and Keep-Alive are left out. They’re about one moment or one connection, not about the page.</p>`
}

function cell(value: string | null): Html | string {
  return value === null ? html`<span class="nothing">missing</span>` : visible(value)
}

function content({ body }: Response): Html {
  return body.length === 0
    ? html`<span class="nothing">none</span>`
    : html`${count(body.length, 'byte')}`
}

/** What a browser sent to a catalogue, as a timeline. */
export function aheadTimeline({
  exchanges,
  printed,
  left,
}: {
  readonly exchanges: readonly Exchange[]
  readonly printed: readonly Printed[]
  readonly left: number
}): Html {
  return html`<p class="came">${whatCameAhead(exchanges, left)}</p>
${recordedPicture(exchanges, { server: 'the catalogue', caption: 'The timeline', printed })}`
}
