import { createHash } from 'node:crypto'
import { Marked, type Token } from 'marked'
import markedFootnote from 'marked-footnote'
import type { PlaygroundName } from '../../course/lessons/playgrounds.ts'
import { callouts } from './callouts.ts'
import { deeper } from './deeper.ts'
import { codeBlock, highlightBlocks, type HighlightedBlocks } from './code-block.ts'
import { fieldList, fieldNames } from './explained-fields.ts'
import { headingAnchors, type RenderedHeading } from './heading-anchors.ts'
import { plainHtml } from './plain-html.ts'
import { safeLinks } from './safe-links.ts'
import { scrollingTables } from './scrolling-tables.ts'
import { sourceTags } from './source-tags.ts'
import { typography } from './typography.ts'

export interface RenderedMarkdown {
  /** The document in order: HTML, and the places of its quiz questions. */
  readonly parts: readonly Part[]
  readonly headings: readonly RenderedHeading[]
  /** What of it a reader may try out in place. */
  readonly playgrounds: readonly PlaygroundName[]
  /** Something in it is drawn, so the page needs `pictures.css`. */
  readonly pictures: boolean
}

type Part = { readonly html: string } | { readonly question: string }

/**
 * Markdown of a course as HTML: highlighted code, drawn `http` blocks with their fields explained,
 * callouts, footnotes, source tags, heading anchors. Raw HTML in the markdown is shown as text.
 * Kept in memory by the hash of its content.
 */
export function renderMarkdown(markdown: string): Promise<RenderedMarkdown> {
  const key = createHash('sha256').update(markdown).digest('base64')
  const known = rendered.get(key)
  if (known) return known
  const rendering = renderAnew(markdown)
  rendered.set(key, rendering)
  rendering.catch(() => rendered.delete(key))
  return rendering
}

/** Inline markdown (a question, an option, a hint) as HTML, without a surrounding paragraph. */
export function renderInline(markdown: string): string {
  return inline.parseInline(markdown, { async: false })
}

const rendered = new Map<string, Promise<RenderedMarkdown>>()

const inlineExtensions = [{ extensions: [sourceTags] }, safeLinks, plainHtml, typography]
const inline = new Marked(...inlineExtensions)

async function renderAnew(markdown: string): Promise<RenderedMarkdown> {
  const blocks = await highlightBlocks(codeTokens(markdown))
  const headings: RenderedHeading[] = []
  // From here on nothing waits: the extensions keep state between lexing and rendering.
  const fields = new Set<string>()
  const playgrounds: PlaygroundName[] = []
  let pictures = false
  const onPicture = () => void (pictures = true)
  const md = parser(blocks, headings, fields, playgrounds, onPicture)
  const html = md.parse(markdown, { async: false })
  return { parts: splitAtQuestions(html + fieldList(fields)), headings, playgrounds, pictures }
}

function codeTokens(markdown: string): { lang: string; text: string }[] {
  const found: { lang: string; text: string }[] = []
  const collect = (token: Token) => {
    if (token.type === 'code') found.push({ lang: token['lang'] ?? '', text: token['text'] })
  }
  const md = parser(new Map(), [], new Set(), [], () => {})
  md.walkTokens(md.lexer(markdown), collect)
  return found
}

function parser(
  blocks: HighlightedBlocks,
  headings: RenderedHeading[],
  fields: Set<string>,
  playgrounds: PlaygroundName[],
  onPicture: () => void,
): Marked {
  return new Marked(
    ...inlineExtensions,
    markedFootnote({
      footnoteDivider: false,
      description: 'Notes',
      backRefLabel: 'Back to the text, note {0}',
    }),
    ...callouts(),
    { extensions: [deeper] },
    headingAnchors(headings),
    scrollingTables,
    codeBlock(blocks, fieldNames(fields), (name) => playgrounds.push(name), onPicture),
  )
}

function splitAtQuestions(html: string): Part[] {
  // The slot cannot be forged: raw HTML in markdown is escaped.
  const pieces = html.split(/<quiz-slot id="([a-z0-9-]+)"><\/quiz-slot>\n?/)
  return pieces
    .map((piece, index) => (index % 2 ? { question: piece } : { html: piece }))
    .filter((part) => !('html' in part) || part.html.trim())
}
