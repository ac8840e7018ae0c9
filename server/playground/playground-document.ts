import { asset } from '../http/assets.ts'
import type { Theme } from '../ui/theme.ts'
import { html, type Html } from '../ui/html.ts'

export interface PlaygroundDocument {
  readonly title: string
  readonly body: Html
  /** Whether a lesson shows it in a frame, which says around it what it is. */
  readonly framed?: boolean
  readonly theme?: Theme
  /** Whether what it shows is calculated, and so the same in every browser. */
  readonly isModel?: boolean
  /** Files of `server/public/`, besides those of every page. */
  readonly scripts?: readonly string[]
  readonly styles?: readonly string[]
}

/** A document of a playground's origin: nothing of the course is there but its looks. */
export function playgroundDocument({
  title,
  body,
  framed = false,
  theme = 'system',
  isModel = false,
  scripts = [],
  styles = [],
}: PlaygroundDocument): Html {
  return html`<!doctype html>
<html lang="en"${theme !== 'system' && html` data-theme="${theme}"`}>
<head>
<meta charset="utf-8">
<title>${title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="${theme === 'system' ? 'light dark' : theme}">
<link rel="icon" href="${asset('icon.svg')}">
${['style.css', 'playground.css', ...styles].map((file) => html`<link rel="stylesheet" href="${asset(file)}">`)}
${['frame.js', 'presence.js', ...(isModel ? [] : ['engine.js']), ...scripts].map((file) => html`<script type="module" src="${asset(file)}"></script>`)}
</head>
<body class="playground${framed && html` framed`}">
<main id="main"><div class="playground-page">
${body}
</div></main>
</body>
</html>
`
}
