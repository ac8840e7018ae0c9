import { asset } from '../http/assets.ts'
import { themes, type Theme } from './theme.ts'
import { html, type Html } from './html.ts'
import { icon } from './icon.ts'

/** What every page needs to know besides its own subject. */
export interface Site {
  readonly courseTitle: string
  readonly courseAddress: string
  /** Whether there are others to be chosen from, at `/courses`. */
  readonly severalCourses: boolean
  /** The token a form carries (see security/page-token.ts). */
  readonly token: string
  readonly theme: Theme
  /** Further links beside the course's. */
  readonly links?: Html
}

export interface Page {
  readonly title: string
  /** What the tab's title begins with: how things are with what the page is about. */
  readonly tab?: string
  readonly site?: Site
  /** The colours, on a page without a site. */
  readonly theme?: Theme
  /** A class of the body that chooses the page's layout: `lesson`, `exercise` … */
  readonly kind: string
  readonly script?: 'lesson.js' | 'exercise.js' | 'class.js'
  /** A script without which the first picture would be another one; the page waits for it. */
  readonly firstScript?: 'kept-layout.js'
  readonly body: Html
  /** Sheets besides those of every page. */
  readonly styles?: readonly ('work.css' | 'pictures.css' | 'class.css')[]
  /** Reload after so many seconds where no script can do better. */
  readonly refresh?: number
}

/** A whole document. */
export function layout({
  title,
  tab = '',
  site,
  theme = site?.theme ?? 'system',
  kind,
  script,
  firstScript,
  body,
  styles = [],
  refresh,
}: Page): Html {
  return html`<!doctype html>
<html lang="en"${theme !== 'system' && html` data-theme="${theme}"`}>
<head>
<meta charset="utf-8">
<title>${tab !== '' && `${tab} · `}${site && title !== site.courseTitle ? `${title} · ${site.courseTitle}` : title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="${theme === 'system' ? 'light dark' : theme}">
${site && html`<meta name="token" content="${site.token}">`}
<link rel="icon" href="${asset('icon.svg')}">
${['style.css', 'pages.css', ...styles].map((sheet) => html`<link rel="stylesheet" href="${asset(sheet)}">`)}
${firstScript && html`<script src="${asset(firstScript)}"></script>`}
<script type="module" src="${asset('frame.js')}"></script>
${script && html`<script type="module" src="${asset(script)}"></script>`}
${refresh !== undefined && html`<noscript><meta http-equiv="refresh" content="${refresh}"></noscript>`}
</head>
<body class="${kind}">
<a class="skip" href="#main">Skip to the content</a>
<header class="top">
<a class="brand" href="/"><svg viewBox="0 0 24 24" aria-hidden="true"><path d="M4 8h15m-3.5-3.5L19 8l-3.5 3.5M20 16H5m3.5-3.5L5 16l3.5 3.5"/></svg>Roundtrip</a>
${
  site &&
  html`<a class="course-link" href="${site.courseAddress}">${site.courseTitle}</a>
${site.severalCourses && html`<a class="course-link" href="/courses">All courses</a>`}
${site.links}
<a class="search-link" href="/search" aria-keyshortcuts="/ Control+K">${icon('search')} <span>Search</span> <kbd aria-hidden="true">/</kbd></a>
${themeSwitch(site)}`
}
</header>
<main id="main" tabindex="-1">
${body}
</main>
</body>
</html>
`
}

/**
 * Three buttons that send a form; with the script of every page they change the colours at once.
 */
function themeSwitch(site: Site): Html {
  const button = (theme: Theme) =>
    html`<button name="theme" value="${theme}" aria-pressed="${String(theme === site.theme)}" title="${themeNames[theme]}">${icon(theme)}<span class="sr-only">${themeNames[theme]}</span></button>`
  return html`<form class="themes" method="post" action="/theme" aria-label="Colours">${tokenField(site)}${themes.map(button)}</form>`
}

const themeNames = { system: 'System colours', light: 'Light', dark: 'Dark' } as const

/** The hidden field that ties a form to its page. */
export function tokenField(site: Site): Html {
  return html`<input type="hidden" name="token" value="${site.token}">`
}
