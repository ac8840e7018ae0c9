import type { Found } from '../../course/lessons/search-index.ts'
import { count, html, type Html } from '../ui/html.ts'
import { icon } from '../ui/icon.ts'
import { layout, type Site } from '../ui/layout.ts'

/** What was found for some words, or the empty field to type them in. */
export function searchPage({
  site,
  words,
  found,
}: {
  site: Site
  words: string
  found: readonly Found[]
}): Html {
  const body = html`<div class="search-page">
<h1>Search</h1>
<form class="search-form" role="search" action="/search">
<label class="sr-only" for="words">Words to find in lessons and exercises</label>
<input id="words" name="q" type="search" value="${words}" autocomplete="off"${words === '' && html` autofocus`}>
<button class="primary" type="submit">Search</button>
</form>
${words !== '' && results(words, found)}
</div>`
  return layout({ title: words === '' ? 'Search' : `“${words}”`, site, kind: 'search', body })
}

/** Where something that was found is read. */
export function addressOf({ kind, id, anchor }: Found): string {
  return `/${kind}s/${id}${anchor && `#${anchor}`}`
}

function results(words: string, found: readonly Found[]): Html {
  if (found.length === 0)
    return html`<p class="because" role="status">Nothing in the lessons and exercises has these words. Try fewer words, or the start of one.</p>`
  return html`<p class="facts" role="status">${count(found.length, 'place')} for “${words}”</p>
<ol class="found">${found.map(
    (each) => html`<li><h2><a href="${addressOf(each)}">${each.heading || each.title}</a></h2>
<p class="facts">${icon(each.kind)} ${each.kind === 'exercise' ? 'Exercise' : each.heading ? each.title : 'Lesson'}</p>
<p>${each.snippet.map(({ text, matches }) => (matches ? html`<mark>${text}</mark>` : text))}</p></li>`,
  )}</ol>`
}
