import type { MarkedExtension } from 'marked'
import type { PlaygroundName } from '../../course/lessons/playgrounds.ts'
import { attribute, escape } from './escape.ts'
import type { fieldNames } from './explained-fields.ts'
import { highlightLines } from './highlight.ts'
import { renderHttpBlock } from './http-block.ts'
import { renderSequence } from './sequence-block.ts'
import { renderPlayground } from './playground-block.ts'

/** Fenced code by its info string and text: lines as HTML. */
export type HighlightedBlocks = ReadonlyMap<string, readonly string[]>

/** Highlights every block once, ahead of a rendering that cannot wait. */
export async function highlightBlocks(
  blocks: readonly { lang: string; text: string }[],
): Promise<HighlightedBlocks> {
  const entries = blocks.map(
    async ({ lang, text }) =>
      [key(lang, text), await highlightLines(text, parseInfo(lang).language)] as const,
  )
  return new Map(await Promise.all(entries))
}

/**
 * Fenced code: ```` ```ts {2,4-5} server.ts ```` is highlighted, with marked lines and a caption;
 * `http` and `sequence` are drawn; `quiz` leaves its place, `playground` its words and a way to it.
 * A server's code is `js server`; the same as `js express` is folded away.
 */
export function codeBlock(
  blocks: HighlightedBlocks,
  fields: ReturnType<typeof fieldNames>,
  onPlayground: (name: PlaygroundName) => void,
  onPicture: () => void,
): MarkedExtension {
  return {
    renderer: {
      code({ lang = '', text }) {
        const info = parseInfo(lang)
        if (info.language === 'quiz')
          return /^[a-z0-9-]+$/.test(info.quiz) ? `<quiz-slot id="${info.quiz}"></quiz-slot>\n` : ''
        if (info.language === 'playground') return renderPlayground(lang, text, onPlayground)
        if (info.language === 'http') return renderHttpBlock(text, fields.newBlock())
        if (info.language === 'sequence') {
          onPicture()
          return renderSequence(lang, text)
        }
        return renderCode(blocks.get(key(lang, text)) ?? text.split('\n').map(escape), info)
      },
    },
  }
}

interface Info {
  readonly language: string
  readonly lines: ReadonlySet<number>
  readonly caption: string
  readonly quiz: string
}

function parseInfo(info: string): Info {
  const [language = '', ...rest] = withoutAttributes(info).trim().split(/\s+/)
  const marked = rest.find((word) => /^\{[\d,-]+\}$/.test(word))
  const quiz = rest.find((word) => word.startsWith('id='))?.slice(3) ?? ''
  const caption = rest.filter((word) => word !== marked && !word.startsWith('id=')).join(' ')
  return { language: language.toLowerCase(), lines: lineNumbers(marked), caption, quiz }
}

/** `try="GET /"` is for the program's test, so a reader does not see it. */
function withoutAttributes(info: string): string {
  return info.replace(/\s[a-z]+=(?:"[^"]*"|'[^']*')/g, '')
}

function lineNumbers(ranges: string | undefined): ReadonlySet<number> {
  const numbers = new Set<number>()
  for (const range of ranges?.slice(1, -1).split(',') ?? []) {
    const [first = 0, last = first] = range.split('-').map(Number)
    for (let number = first; number <= Math.min(last, first + 1000); number++) numbers.add(number)
  }
  return numbers
}

function renderCode(lines: readonly string[], { lines: marked, caption, language }: Info): string {
  const html = lines
    .map((line, index) => (marked.has(index + 1) ? `<mark class="line">${line}</mark>` : line))
    .join('\n')
  const words = caption === 'server' ? 'The server' : caption === 'express' ? '' : caption
  const title = words ? `<figcaption>${escape(words)}</figcaption>` : ''
  const kind = language ? ` data-language="${attribute(language)}"` : ''
  const figure = `<figure class="code"${kind}>${title}<pre tabindex="0"><code>${html}\n</code></pre></figure>`
  if (caption !== 'express') return `${figure}\n`
  return `<details class="express"><summary>The same with Express</summary>${figure}</details>\n`
}

function key(lang: string, text: string): string {
  return `${lang}\n${text}`
}
