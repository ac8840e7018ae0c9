import { parseHeadings } from '../read/headings.ts'
import { codeBlocks } from './lint-code.ts'
import { playgroundMistakes } from '../lessons/playgrounds.ts'
import { lintLinks, lintWireBlocks, type LinkTargets } from './lint-links.ts'
import { paragraphs, proseLines, sentencesOf } from './prose.ts'
import type { TextMistake } from './text-mistake.ts'

/** What is wrong with the words an author wrote: links, pictures, headings, callouts, sources. */
export function lintMarkdown(markdown: string, targets: LinkTargets): TextMistake[] {
  return [
    ...lintLinks(markdown, targets),
    ...lintWireBlocks(markdown, targets),
    ...headingOrder(markdown),
    ...codeBlocks(markdown),
    ...playgroundBlocks(markdown),
    ...callouts(markdown),
    ...sourceTags(markdown),
    ...demandsWithoutSource(markdown),
  ]
}

function headingOrder(markdown: string): TextMistake[] {
  const headings = parseHeadings(markdown)
  return headings.flatMap(({ level, index }, position) => {
    if (level === 1) {
      return [
        {
          index,
          column: 1,
          message: 'This heading is of level 1.',
          remedy: 'The title is the page\'s only one. Begin sections with "##".',
        },
      ]
    }
    const before = headings[position - 1]?.level ?? 1
    if (level <= Math.max(before, 1) + 1) return []
    return [
      {
        index,
        column: 1,
        message: `A heading of level ${level} stands below one of level ${before}.`,
        remedy: `Write it with ${'#'.repeat(before + 1)}: no level is left out.`,
      },
    ]
  })
}

function playgroundBlocks(markdown: string): TextMistake[] {
  return playgroundMistakes(markdown).map((mistake) => ({ column: 1, ...mistake }))
}

const KINDS = ['WIRE', 'SURPRISE', 'TRAP', 'LATER', 'NOTE']
const MOST_CALLOUTS = 4
const MOST_DEEPER = 2

function callouts(markdown: string): TextMistake[] {
  const all = proseLines(markdown).flatMap(({ text, index }) => {
    const match = /^( {0,3}>[ \t]*)\[!([^\]]*)\](.*)/.exec(text)
    return match ? [{ index, column: match[1]!.length + 1, kind: match[2]!, rest: match[3]! }] : []
  })
  const found = all.filter(({ kind }) => kind !== 'DEEPER')
  return [...foldedCallouts(all.filter(({ kind }) => kind === 'DEEPER')), ...shown(found)]
}

interface Callout {
  readonly index: number
  readonly column: number
  readonly kind: string
  /** What stands after its mark. */
  readonly rest: string
}

function foldedCallouts(found: readonly Callout[]): TextMistake[] {
  return found.flatMap(({ index, column, rest }, position) => [
    ...(position < MOST_DEEPER
      ? []
      : [
          {
            index,
            column,
            message: `This is callout [!DEEPER] ${position + 1} of this text.`,
            remedy: `Keep at most ${MOST_DEEPER}: leave out what fewest readers need.`,
          },
        ]),
    ...(rest.trim() === ''
      ? []
      : [
          {
            index,
            column,
            message: 'Words stand after [!DEEPER] on its line.',
            remedy: 'Write the title on the next line, and the text below it.',
          },
        ]),
  ])
}

function shown(found: readonly Callout[]): TextMistake[] {
  return found.flatMap(({ index, column, kind }, position) => {
    const place = { index, column }
    if (!KINDS.includes(kind))
      return [
        {
          ...place,
          message: `There is no callout [!${kind}].`,
          remedy: `The kinds are: ${KINDS.join(', ')}, DEEPER.`,
        },
      ]
    const first = found.findIndex((other) => other.kind === kind)
    if (first < position)
      return [
        {
          ...place,
          message: `The callout [!${kind}] stands twice.`,
          remedy:
            'Keep one of each kind: what is called out often is not heard. Make the other a paragraph.',
        },
      ]
    if (position >= MOST_CALLOUTS)
      return [
        {
          ...place,
          message: `This is callout ${position + 1} of this text.`,
          remedy: `Keep at most ${MOST_CALLOUTS}. Make it a paragraph.`,
        },
      ]
    return []
  })
}

/** As the pages understand them; another one would be shown as it was written. */
const TAG =
  /^\{\{(?:rfc \d{3,5}(?:#[A-Za-z0-9.]+)?|6265bis #?[A-Za-z0-9.]+|fetch [a-z][a-z0-9-]*|mdn [\w./:-]+(?:#[\w.-]+)?|seen V\d+(?: [A-Z][a-z]+ \d+)?)\}\}$/

function sourceTags(markdown: string): TextMistake[] {
  return proseLines(markdown).flatMap(({ text, index }) =>
    [...text.matchAll(/\{\{[^{}]*(?:\}\}|$)/g)]
      .filter(([tag]) => !TAG.test(tag))
      .map(({ 0: tag, index: at }) => ({
        index,
        column: at + 1,
        message: `${tag} isn't a source.`,
        remedy:
          'Write {{rfc 9110#9.3.2}}, {{6265bis 5.6}}, {{fetch http-cors-protocol}}, {{mdn Web/HTTP/Reference/Status/204}} or {{seen V10}}, on one line.',
      })),
  )
}

function demandsWithoutSource(markdown: string): TextMistake[] {
  return paragraphs(markdown).flatMap((paragraph) =>
    sentencesOf(paragraph).flatMap(({ text, at }) => {
      const demand = /\b(MUST|SHOULD|REQUIRED|SHALL)\b/.exec(text)
      if (!demand || text.includes('{{')) return []
      return [
        {
          ...at(demand.index),
          message: `The sentence says ${demand[0]} and no source.`,
          remedy:
            'Name the place that demands it: {{rfc 9110#9.3.2}}. In your own words write it small.',
        },
      ]
    }),
  )
}
