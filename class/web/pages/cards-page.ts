import { count, html, type Html, type Site } from '../../../server/for-class.ts'
import type { Card } from '../../people/roster.ts'
import { classPage } from './class-layout.ts'

export interface CardsPage {
  readonly site: Site
  /** Where the course is read, as it is printed. */
  readonly address: string
  readonly cards: readonly Card[]
  /** What did not become a card, a sentence each. */
  readonly remarks: readonly string[]
  /** The same cards as CSV, as a `data:` address. */
  readonly csv: string
}

/**
 * Cards to print and cut, a code each. They are shown once, because only their hashes are kept.
 */
export function cardsPage({ site, address, cards, remarks, csv }: CardsPage): Html {
  return classPage({
    title: 'Cards',
    site,
    tab: '/class/people',
    body: html`${remarks.length > 0 && html`<ul class="remarks">${remarks.map((remark) => html`<li>${remark}</li>`)}</ul>`}
${
  cards.length > 0 &&
  html`<p class="print-hide">${count(cards.length, 'card')}. <strong>These codes are shown only now:</strong> print this page, or save the CSV. If a card gets lost, give out a new code.</p>
<p class="print-hide"><a class="button" download="cards.csv" href="${csv}">Save as CSV</a></p>
<ul class="cards">${cards.map((card) => cardOf(card, address))}</ul>`
}
<p class="print-hide"><a href="/class/people">Back to the people</a></p>`,
  })
}

function cardOf({ name, rosterId, code }: Card, address: string): Html {
  return html`<li><strong dir="auto">${name}</strong>${rosterId !== null && html` <span>${rosterId}</span>`}
<span class="where">${address}</span>
<code>${code}</code></li>
`
}
