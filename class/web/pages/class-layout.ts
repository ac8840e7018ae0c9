import { html, layout, type Html, type Site } from '../../../server/for-class.ts'

/** The teacher's pages, in the order of their tabs. */
const TABS = [
  ['/class', 'Overview'],
  ['/class/people', 'People'],
  ['/class/gradebook', 'Gradebook'],
  ['/class/stuck', 'Who is stuck'],
  ['/class/assignments', 'Assignments'],
  ['/class/regrade', 'Regrade'],
] as const

export interface ClassPage {
  readonly title: string
  readonly site: Site
  /** The tab that this page belongs to. */
  readonly tab: (typeof TABS)[number][0]
  readonly body: Html
  /** What was just done, for the top of the page. */
  readonly notice?: string | undefined
  /** Read again after so many seconds. */
  readonly refresh?: number
}

/** A page of the teacher's, with the tabs that lead to the others. */
export function classPage({ title, site, tab, body, notice, refresh }: ClassPage): Html {
  return layout({
    title,
    site,
    kind: 'class',
    styles: ['class.css'],
    ...(refresh !== undefined && { refresh, script: 'class.js' }),
    body: html`<nav class="tabs" aria-label="Class">${TABS.map(
      ([address, label]) =>
        html`<a href="${address}"${address === tab && html` aria-current="page"`}>${label}</a>`,
    )}</nav>
<h1>${title}</h1>
${notice !== undefined && html`<p class="notice" role="status">${notice}</p>`}
<div id="live"${refresh !== undefined && html` data-refresh="${refresh}"`}>${body}</div>`,
  })
}
