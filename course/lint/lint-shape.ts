import { parseHeadings } from '../read/headings.ts'
import { scanFences } from '../read/fences.ts'
import { serverCode, serverPairs } from '../lessons/server-code.ts'
import { proseLines, wordsIn } from './prose.ts'
import type { TextMistake } from './text-mistake.ts'

const WORDS = { lesson: [900, 1300], primer: [400, 700] } as const
const MOST_HEADINGS = 7
const MOST_CODE_LINES = 20
const EXAMPLES = 3

/**
 * Where a lesson leaves the shape that docs/authoring.md describes. A primer is shorter, and shows
 * no server.
 */
export function lintShape(markdown: string, kind: 'lesson' | 'primer'): TextMistake[] {
  const found = [...length(markdown, kind), ...sequence(markdown)]
  if (kind === 'lesson')
    found.push(...headings(markdown), ...servers(markdown), ...examples(markdown))
  return found.map((mistake) => ({ column: 1, ...mistake }))
}

type Unplaced = Omit<TextMistake, 'column'>

/** The lesson as a whole is at fault. */
const WHOLE = 0

function length(markdown: string, kind: 'lesson' | 'primer'): Unplaced[] {
  const words = proseLines(markdown).reduce((sum, { text }) => sum + wordsIn(text), 0)
  const [least, most] = WORDS[kind]
  if (words >= least && words <= most) return []
  const remedy =
    words < least
      ? 'Say more slowly what a beginner would ask about.'
      : 'Fold what few readers need into a [!DEEPER], or leave it out.'
  return [
    {
      index: WHOLE,
      message: `This ${kind} has ${words} words of prose; ${least} to ${most} is the measure.`,
      remedy,
    },
  ]
}

function headings(markdown: string): Unplaced[] {
  const all = parseHeadings(markdown)
  const extra = all[MOST_HEADINGS]
  if (!extra) return []
  return [
    {
      index: extra.index,
      message: `This lesson has ${all.length} headings; ${MOST_HEADINGS} are the most.`,
      remedy: 'Join two that share one idea.',
    },
  ]
}

function servers(markdown: string): Unplaced[] {
  const all = serverCode(markdown).filter(({ library }) => library === 'server')
  if (all.length === 0)
    return [
      {
        index: WHOLE,
        message: 'This lesson shows no code of a server.',
        remedy: `Add a block \`\`\`js server: a whole program on node:http, at most ${MOST_CODE_LINES} lines.`,
      },
    ]
  const paired = new Set(serverPairs(markdown).map(({ server }) => server.index))
  return all.flatMap(({ index, length: lines }) => [
    ...(paired.has(index)
      ? []
      : [
          {
            index,
            message: 'This server is not shown with Express.',
            remedy: 'Put a block ```js express directly after it: the page folds it away.',
          },
        ]),
    ...(lines <= MOST_CODE_LINES
      ? []
      : [
          {
            index,
            message: `This server has ${lines} lines; ${MOST_CODE_LINES} are the most.`,
            remedy: 'Leave out what is not the topic, or show two smaller ones.',
          },
        ]),
  ])
}

function sequence(markdown: string): Unplaced[] {
  const all = scanFences(markdown).fences.filter(({ info }) => /^sequence\b/.test(info))
  if (all.length > 0) return []
  return [
    {
      index: WHOLE,
      message: 'Nothing is drawn in this text.',
      remedy: 'Add a block ```sequence: who sends what to whom, from the top to the bottom.',
    },
  ]
}

function examples(markdown: string): Unplaced[] {
  const prose = proseLines(markdown).map(({ text }) => text)
  const count = prose.join(' ').match(/\bfor example\b/gi)?.length ?? 0
  if (count >= EXAMPLES) return []
  return [
    {
      index: WHOLE,
      message: `This lesson says "for example" ${count === 1 ? 'once' : `${count} times`}.`,
      remedy: `Follow a claim and its reason with an example, at least ${EXAMPLES} times.`,
    },
  ]
}
