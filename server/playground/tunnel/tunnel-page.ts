import { writtenSequence, type WrittenStep } from '../../../grader/report/svg/index.ts'
import type { Exchange, Headers } from '../../../grader/types/index.ts'
import { alternativeTable, drawn } from '../../runs/picture.ts'
import { box, radio } from '../../ui/choices.ts'
import { count, html, type Html } from '../../ui/html.ts'
import { playgroundPage, type ShownPlayground } from '../playground-page.ts'
import { recordedMessages } from '../recorded-messages.ts'
import { accountOf, later } from './account.ts'
import type { Delivery } from './deliveries.ts'
import { PRICE } from './shop.ts'

/** The playground "The tunnel", before anything was bought. */
export function tunnelPage({ base, ...shown }: ShownPlayground): Html {
  return playgroundPage({
    name: 'the-tunnel',
    ...shown,
    scripts: ['tunnel.js'],
    styles: ['pictures.css', 'two-sides.css', 'tunnel.css'],
    intro: html`Ada buys one lamp for ${PRICE} euros. The button has your browser send a real POST to a small shop on this machine, which records every byte. Say how often it will charge Ada, and press the button.`,
    body: html`<form id="choice" data-base="${base}">
<fieldset><legend>The tunnel</legend>${box('cut', 'cut the line once, after the request was delivered', { checked: true })}</fieldset>
<fieldset><legend>The request has</legend>${radio({ name: 'key', value: 'no', label: 'no key', checked: true })} ${radio({ name: 'key', value: 'yes', label: html`an <code>Idempotency-Key</code>` })}</fieldset>
<fieldset><legend>It goes over</legend>${radio({ name: 'connection', value: 'used', label: 'a connection that is still open', checked: true })} ${radio({ name: 'connection', value: 'new', label: 'a new connection' })}</fieldset>
<fieldset class="prediction"><legend>How often will the shop charge?</legend>${radio({ name: 'prediction', value: '1', label: 'once', required: true })} ${radio({ name: 'prediction', value: '2', label: 'twice', required: true })}</fieldset>
<p class="go"><button type="submit" class="primary" disabled>Pay ${PRICE} euros</button></p>
</form>
<noscript><p class="error">The requests are made by a script of this page; without one there is nothing to see.</p></noscript>
<p id="say" role="status"></p>
<section id="result" aria-label="The last payment" tabindex="-1" hidden></section>`,
  })
}

/** What the shop recorded for one lamp, to be put into that page. */
export function paymentRecord({
  exchanges,
  deliveries,
  clicks,
}: {
  exchanges: readonly Exchange[]
  deliveries: readonly Delivery[]
  clicks: number
}): Html {
  const { charged, answered, because } = accountOf(deliveries)
  const picture = writtenSequence(deliveries.flatMap(stepsOf), {
    id: 'sequence',
    title: 'Your browser and the lamp shop',
    parties: { client: 'your browser', server: 'lamp shop' },
  })
  return html`<div id="account" data-charged="${charged}" data-answered="${String(answered)}" data-because="${because}" class="two-sides">
<section><h2>What your browser shows</h2>
<ul><li>You pressed the button ${times(clicks)}, so the page called <code>fetch()</code> ${times(clicks)}.</li>
<li id="listed"></li>
<li id="told"></li></ul></section>
<section><h2>The shop’s order book</h2>
<ol>${deliveries.map((delivery) => html`<li>${entryOf(delivery)}</li>`)}</ol>
<p class="sum">${count(charged, 'order')}, ${charged * PRICE} euros</p></section>
</div>
${
  deliveries.length > 0 &&
  html`${drawn(picture)}
${alternativeTable(picture.alternative, 'The payment', { links: false })}
<details class="messages"><summary>Every message</summary>${exchanges.map((exchange) => recordedMessages(exchange, tells))}</details>`
}`
}

function entryOf({ order, charged, answered, by, afterMs, reused }: Delivery): string {
  const where = `on a ${reused ? 'used' : 'new'} connection`
  const when = by === 'click' ? where : `${later(afterMs)}, ${where}`
  const what = charged
    ? `order ${order}, ${PRICE} euros taken`
    : `order ${order} again, nothing taken`
  const answer = charged ? 'Answered.' : 'Answered as before.'
  return `${capitalised(when)}: ${what}. ${answered ? answer : 'The answer was lost.'}`
}

function times(number: number): string {
  return ['never', 'once', 'twice'][number] ?? `${number} times`
}

/** A payment as it is drawn. The letters of a note have to fit a phone: 36 at most. */
function stepsOf({ order, charged, answered, by, key }: Delivery): WrittenStep[] {
  return [
    { kind: 'request', title: `POST /payments · ${SENT_BY[by]}`, headers: keyField(key) },
    {
      kind: 'note',
      text: charged ? `The shop takes ${PRICE} euros: order ${order}.` : 'The shop knows the key.',
    },
    answered
      ? { kind: 'response', title: '201 Created', headers: [['Location', `/receipts/${order}`]] }
      : { kind: 'note', text: 'The line is cut. The answer is lost.' },
  ]
}

const SENT_BY: Readonly<Record<Delivery['by'], string>> = {
  click: 'your click',
  'click again': 'your next click',
  browser: 'your browser by itself',
}

/** Shortened, so that a phone has room for it. */
function keyField(key: string | undefined): Headers {
  return key === undefined ? [] : [['Idempotency-Key', `${key.slice(0, 9)}…`]]
}

/** The fields this is about. */
function tells(name: string): boolean {
  return /^(host|idempotency-key|content-type|content-length|location|connection)$/.test(name)
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
