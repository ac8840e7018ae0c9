import type { Theme } from '../theme.ts'
import { html, type Html } from './html.ts'
import { layout, type Site } from './layout.ts'

/** A page that says one thing: what is not here, or what went wrong, and where to go from it. */
export function messagePage({ title, text, site, theme }: { title: string; text: Html | string; site?: Site; theme?: Theme }): Html {
  const body = html`<div class="notice-page">
<h1>${title}</h1>
<p>${text}</p>
<p><a class="button" href="/">To the course</a></p>
</div>`
  return layout({ title, ...(site && { site }), ...(theme && { theme }), kind: 'plain', body })
}
