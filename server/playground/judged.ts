import { bytesView } from './bytes-view.ts'
import { html, type Html } from '../ui/html.ts'

/** What one reader made of some bytes. */
export interface Judged {
  readonly who: string
  readonly verdict: 'accepted' | 'refused' | 'waiting'
  /** The verdict in a word or two. */
  readonly word: string
  readonly say: string
  /** The bytes to show, and the one in question. */
  readonly bytes?: Uint8Array
  readonly at?: number
  /** What the bytes are, for those who cannot see where they stand. */
  readonly label?: string
}

/**
 * Verdicts side by side. `summary` is what a reader is told first, `before` a verdict that is still
 * to come.
 */
export function judgedSideBySide(summary: string, all: readonly Judged[], before?: Html): Html {
  return html`<div class="side-by-side" data-summary="${summary}">${before}${all.map(judgedBy)}</div>`
}

function judgedBy({ who, verdict, word, say, bytes, at, label = '' }: Judged): Html {
  return html`<section class="judged ${verdict}"><h3>${who}</h3>
<p><strong>${word}</strong> ${say}</p>
${bytes && html`<p class="legend">${label}</p>${bytesView(bytes, { label: `${who}: ${label}`, ...(at !== undefined && { at }) })}`}
</section>`
}
