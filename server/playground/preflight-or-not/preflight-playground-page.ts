import type { Exchange } from '../../../grader/types/index.ts'
import { methods } from './partner.ts'
import { whatDecided } from './what-decided.ts'
import { html, type Html } from '../../ui/html.ts'
import { playgroundPage, type ShownPlayground } from '../playground-page.ts'
import { box, radio } from '../../ui/choices.ts'
import { recordedMessages } from '../recorded-messages.ts'
import { recordedPicture } from '../recorded-picture.ts'

interface PreflightPage extends ShownPlayground {
  /** The partner's origin. */
  readonly partner: string
}

/** The playground "Preflight or not?". */
export function preflightPage({ base, partner, ...shown }: PreflightPage): Html {
  return playgroundPage({
    name: 'preflight-or-not',
    ...shown,
    scripts: ['preflight-or-not.js'],
    styles: ['pictures.css', 'preflight-or-not.css'],
    intro: html`This page is at <code>localhost</code>. A partner listens at <code>${partner}</code>, which is another origin, and records every byte. Build a request, say whether your browser will ask the partner for permission first, and send it.`,
    body: html`<form id="choice" data-base="${base}">
<fieldset><legend>Method</legend>${methods.map((value) => html`${radio({ name: 'method', value, label: value, checked: value === 'GET' })} `)}</fieldset>
<fieldset><legend>Content-Type</legend>${types.map(([value, label]) => html`${radio({ name: 'type', value, label, checked: value === '' })} `)}</fieldset>
<fieldset><legend>Fields and credentials</legend>${box('Accept', html`<code>Accept: application/json</code>`)} ${box('X-Color', html`<code>X-Color: green</code>`)} ${box('Authorization', html`<code>Authorization: Bearer x</code>`)} ${box('credentials', 'with credentials')}</fieldset>
<fieldset><legend>The partner lets read</legend>${radio({ name: 'permission', value: 'this', label: 'this page', checked: true })} ${radio({ name: 'permission', value: 'any', label: html`anybody (<code>*</code>)` })} ${radio({ name: 'permission', value: 'nobody', label: 'nobody' })}</fieldset>
<fieldset class="prediction whole"><legend>What will your browser do?</legend>${radio({ name: 'prediction', value: 'asks', label: 'ask first, with OPTIONS', required: true })} ${radio({ name: 'prediction', value: 'sends', label: 'send it at once', required: true })}</fieldset>
<p class="go"><button type="submit" class="primary" disabled>Send it</button></p>
</form>
<noscript><p class="error">The requests are made by a script of this page; without one there is nothing to see.</p></noscript>
<p id="say" role="status"></p>
<section id="result" aria-label="The last request" tabindex="-1" hidden></section>
<section id="tries" aria-labelledby="tries-title" hidden><h2 id="tries-title">What you tried</h2>
<div class="scroll" role="group" aria-label="What you tried" tabindex="0"><table>
<thead><tr><th scope="col">Request</th><th scope="col">You said</th><th scope="col">Your browser</th><th scope="col">Why</th><th scope="col">The script could read</th></tr></thead>
<tbody id="rows"></tbody>
</table></div></section>`,
  })
}

const types = [
  ['', 'none'],
  ['text/plain', 'text/plain'],
  ['application/x-www-form-urlencoded', '…/x-www-form-urlencoded'],
  ['multipart/form-data', 'multipart/form-data'],
  ['application/json', 'application/json'],
] as const

/**
 * What came to the partner for one request: the rule that decided, who said what to whom, the
 * messages.
 */
export function tryResult(exchanges: readonly Exchange[]): Html {
  const { asked, sent, because } = whatDecided(exchanges)
  return html`<p class="ruling" data-asked="${String(asked)}" data-sent="${String(sent)}">${asked ? 'Your browser asked first.' : 'Your browser sent it at once.'} ${asked && !sent && 'The answer did not permit it, and the request itself was never sent.'}</p>
<ul id="because">${because.map((sentence) => html`<li>${sentence}</li>`)}</ul>
<p id="read"></p>
${recordedPicture(exchanges, { server: 'the partner', caption: 'The request' })}
${exchanges.map((exchange) => html`<h2><code>${exchange.request.method}</code></h2>${recordedMessages(exchange, tells)}`)}`
}

/** The fields this is about. */
function tells(name: string): boolean {
  return /^(host|origin|accept|authorization|content-type|content-length|vary|x-color|x-remark|access-control-.*)$/.test(
    name,
  )
}
