import type { Term } from '../../course/lessons/glossary.ts'
import { renderInline } from '../markdown/render-markdown.ts'
import { html, raw, type Html } from '../ui/html.ts'
import { layout, type Site } from '../ui/layout.ts'

/** Every term of the lessons: what it means, and where to read on. */
export function glossaryPage({ site, terms }: { site: Site; terms: readonly Term[] }): Html {
  const body = html`<div class="intro"><h1>Glossary</h1>
${terms.length === 0 ? html`<p class="lede">The lessons define no terms yet.</p>` : glossaryList(terms, ({ lesson, anchor }) => `/lessons/${lesson.id}${anchor && `#${anchor}`}`)}
</div>`
  return layout({ title: 'Glossary', site, kind: 'glossary', body })
}

/** The terms as a list. `addressOf` says where a place is read. */
export function glossaryList(
  terms: readonly Term[],
  addressOf: (place: Term['places'][number]) => string,
): Html {
  return html`<dl class="term-list">${terms.map(
    ({ term, id, meaning, places }) => html`<dt id="${id}">${raw(renderInline(term))}</dt>
<dd><p>${raw(renderInline(meaning))}</p><p class="facts">${places.map((place, at) => html`${at > 0 && ', '}<a href="${addressOf(place)}">${place.lesson.title}</a>`)}</p></dd>`,
  )}</dl>`
}
