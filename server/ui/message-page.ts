import type { Theme } from './theme.ts'
import { html, type Html } from './html.ts'
import { layout, type Site } from './layout.ts'

interface MessagePage {
  readonly title: string
  readonly text: Html | string
  readonly site?: Site
  readonly theme?: Theme
  readonly back?: { readonly address: string; readonly label: string }
}

/** A page that says one thing: what is not here, or what went wrong, and where to go from it. */
export function messagePage({
  title,
  text,
  site,
  theme,
  back = { address: '/', label: 'To the course' },
}: MessagePage): Html {
  const body = html`<div class="notice-page">
<h1>${title}</h1>
<p>${text}</p>
<p><a class="button" href="${back.address}">${back.label}</a></p>
</div>`
  return layout({ title, ...(site && { site }), ...(theme && { theme }), kind: 'plain', body })
}
