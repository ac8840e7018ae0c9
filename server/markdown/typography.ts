import type { MarkedExtension } from 'marked'

/** Curly quotes, apostrophes and dashes in the prose; code stays as it was typed. */
export const typography: MarkedExtension = {
  walkTokens(token) {
    if (token.type === 'text' && !('tokens' in token && token.tokens))
      token.text = setQuotes(token.text)
  },
}

/**
 * The same for a text that is no markdown: a title, an objective. A quote at the very start or end
 * may belong to code beside it: before a word or after a space it opens, else it closes.
 */
export function setQuotes(text: string): string {
  return text
    .replace(/(?<=[\p{L}\p{N}])'|^'(?=s\b)/gu, '’')
    .replace(/(?<=^|[\s(])'(?=[\p{L}\p{N}])/gu, '‘')
    .replace(/(?<=^|[\s(])"(?=[\p{L}\p{N}…])|(?<=[\s(])"$/gu, '“')
    .replace(/(?<=\S)"|^"(?=[\s,.;:?)]|$)/g, '”')
    .replace(/(?<=\S) - (?=\S)/g, ' – ')
}
