import type { TokenizerAndRendererExtension, Tokens } from 'marked'

/**
 * `> [!DEEPER]`, then a line that is its title, then what few readers need: folded away until one
 * of them opens it.
 */
export const deeper: TokenizerAndRendererExtension = {
  name: 'deeper',
  level: 'block',
  start: (source) => source.match(/^ {0,3}>[ \t]*\[!DEEPER\]/m)?.index,
  tokenizer(source) {
    const found = /^ {0,3}>[ \t]*\[!DEEPER\][ \t]*(?:\n(?: {0,3}>.*(?:\n|$))*|$)/.exec(source)
    if (!found) return undefined
    const [, ...lines] = found[0].split('\n').map((line) => line.replace(/^ {0,3}> ?/, ''))
    const at = lines.findIndex((line) => line.trim() !== '')
    return {
      type: 'deeper',
      raw: found[0],
      title: this.lexer.inlineTokens(lines[at]?.trim() ?? ''),
      tokens: this.lexer.blockTokens(lines.slice(at + 1).join('\n'), []),
    }
  },
  renderer(token) {
    const title = this.parser.parseInline((token as Tokens.Generic)['title'])
    const content = this.parser.parse(token.tokens ?? [])
    return `<details class="callout deeper"><summary><span class="callout-kind">Deeper</span> ${title}</summary>\n${content}</details>\n`
  },
}
