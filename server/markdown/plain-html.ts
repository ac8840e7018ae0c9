import type { MarkedExtension } from 'marked'
import { escape } from './escape.ts'

/**
 * Shows raw HTML in markdown as the text it is, and a bare address in the prose, which is an
 * example here, as no link.
 */
export const plainHtml: MarkedExtension = {
  tokenizer: { url: () => undefined },
  renderer: {
    html: ({ text }) => escape(text),
    text(token) {
      // marked passes text after a raw <pre> or <script> on unescaped: `<pre><img/src=x onerror=…>`
      // would come alive.
      if (token.type === 'text' && token.escaped && !token.tokens) return escape(token.text)
      return false
    },
  },
}
