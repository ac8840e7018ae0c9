import type { RenderedMarkdown } from './render-markdown.ts'

/**
 * A document for a reader whose browser is on another machine than the server, which does not reach
 * the ports of a playground: its words, and how to use it, instead of a link that leads nowhere.
 */
export function playgroundsElsewhere(content: RenderedMarkdown): RenderedMarkdown {
  return {
    ...content,
    playgrounds: [],
    parts: content.parts.map((part) => ('html' in part ? { html: elsewhere(part.html) } : part)),
  }
}

function elsewhere(html: string): string {
  return html
    .replaceAll(LINK, '<figcaption>$1</figcaption>')
    .replaceAll(PLACE, `<p class="because">${ELSEWHERE}</p></figure>`)
    .replaceAll(MARK, '$1')
}

// As playground-block.ts writes them. Code in a document is escaped and looks like none of these.
const LINK = /<figcaption><a href="\/playground\/[a-z-]+">([^<]*)<\/a><\/figcaption>/g
const PLACE = '<div class="embed-frame"></div></figure>'
const MARK = /(<figure class="embed" id="playground-[a-z-]+") data-playground="[a-z-]+"/g
const ELSEWHERE =
  'To try it, start the course on your own machine with <code>npm start</code> and open this lesson there.'
