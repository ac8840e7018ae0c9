import type { MarkedExtension } from 'marked'
import { createAnchors, splitAnchor } from '../../course/read/headings.ts'
import { attribute } from './escape.ts'

export interface RenderedHeading {
  readonly id: string
  readonly level: number
  /** The heading's words, without markup. */
  readonly text: string
}

/**
 * Headings that can be linked to, with the anchors the course knows them by. Each one is appended
 * to `found`.
 */
export function headingAnchors(found: RenderedHeading[]): MarkedExtension {
  const anchorOf = createAnchors()
  return {
    renderer: {
      heading(token) {
        const { id, text } = anchorOf(token.text)
        const html = splitAnchor(this.parser.parseInline(token.tokens)).text
        found.push({ id, level: token.depth, text })
        const anchor = `<a class="anchor" href="#${attribute(id)}" aria-hidden="true" tabindex="-1">#</a>`
        return `<h${token.depth} id="${attribute(id)}">${html}${anchor}</h${token.depth}>\n`
      },
    },
  }
}
