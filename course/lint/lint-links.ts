import { nearest } from '../find.ts'
import { playgrounds } from '../lessons/playgrounds.ts'
import type { Heading } from '../types.ts'
import { parseWireBlocks } from '../read/wire-blocks.ts'
import { serverCode } from '../lessons/server-code.ts'
import type { TextMistake } from './text-mistake.ts'
import { proseLines } from './prose.ts'

/** Where a link of a course can lead. */
export interface LinkTargets {
  /** The anchors of the text itself. */
  readonly own: readonly Pick<Heading, 'id'>[]
  /** The headings of each lesson by its id. */
  readonly lessons: ReadonlyMap<string, readonly Pick<Heading, 'id'>[]>
  readonly exercises: readonly string[]
}

/** Links that lead nowhere, and pictures without words. */
export function lintLinks(markdown: string, targets: LinkTargets): TextMistake[] {
  return proseLines(markdown).flatMap(({ text, index }) => [
    ...[...text.matchAll(/!\[([^\]]*)\]\(/g)]
      .filter(([, alt]) => alt!.trim() === '')
      .map(({ index: at }) => ({
        index,
        column: at + 1,
        message: 'This picture has no words.',
        remedy:
          'Say in the brackets what it shows: ![The request on the wire](…). Pages give the words to who cannot see it.',
      })),
    ...hrefs(text).flatMap(({ href, column }) =>
      explain(href, targets).map((mistake) => ({ index, column, ...mistake })),
    ),
  ])
}

/** Blocks recorded from an exercise that is missing. `server` is the lesson's own. */
export function lintWireBlocks(markdown: string, { exercises }: LinkTargets): TextMistake[] {
  const known = serverCode(markdown).length > 0 ? [...exercises, 'server'] : exercises
  return parseWireBlocks(markdown)
    .filter(({ exercise }) => !known.includes(exercise))
    .map(({ exercise, index }) => {
      const meant = nearest(exercise, exercises)
      return {
        index,
        column: 1,
        message: `This block is from "${exercise}", but no exercise is called that.`,
        remedy: meant === undefined ? 'Name one of the course.' : `Did you mean "${meant}"?`,
      }
    })
}

/** `[text](href "title")`, `[name]: href` and `<href>`. */
function hrefs(line: string): { href: string; column: number }[] {
  const patterns = [/\]\(\s*<?([^\s)>]*)>?[^)]*\)/dg, /^ {0,3}\[[^\]^]+\]:[ \t]*<?([^\s>]+)/dg]
  return patterns.flatMap((pattern) =>
    [...line.matchAll(pattern)].map((match) => ({
      href: match[1]!,
      column: match.indices![1]![0] + 1,
    })),
  )
}

type Explained = Pick<TextMistake, 'message' | 'remedy'>

function explain(href: string, targets: LinkTargets): Explained[] {
  if (href === '')
    return [
      {
        message: 'This link has no address.',
        remedy: 'Write it in the parentheses: [a lesson](/lessons/its-id).',
      },
    ]
  if (/^https?:\/\//i.test(href))
    return URL.canParse(href)
      ? []
      : [{ message: `${href} isn't an address.`, remedy: 'Copy it again from your browser.' }]
  if (href.startsWith('#')) return anchor(href.slice(1), targets.own, 'This text')
  if (/^\/(#.*)?$/.test(href)) return []
  const [, playground] = /^\/playground\/(.*)$/.exec(href) ?? []
  if (playground !== undefined)
    return Object.hasOwn(playgrounds, playground)
      ? []
      : unknown('playground', playground, Object.keys(playgrounds))
  const [, kind, id, at] = /^\/(lessons|exercises)\/([^/#?]+)(?:#(.*))?$/.exec(href) ?? []
  if (kind === 'lessons') {
    const headings = targets.lessons.get(id!)
    if (!headings) return unknown('lesson', id!, [...targets.lessons.keys()])
    return at === undefined ? [] : anchor(at, headings, `The lesson ${id}`)
  }
  if (kind === 'exercises')
    return targets.exercises.includes(id!) ? [] : unknown('exercise', id!, targets.exercises)
  return [
    {
      message: `The link ${href} leads to no page of a course.`,
      remedy:
        'Write #anchor, /lessons/<id>, /lessons/<id>#anchor, /exercises/<id>, or a whole address with https://.',
    },
  ]
}

function anchor(id: string, headings: readonly Pick<Heading, 'id'>[], where: string): Explained[] {
  const anchors = headings.map((heading) => heading.id)
  return anchors.includes(id)
    ? []
    : [
        {
          message: `${where} has no heading #${id}.`,
          remedy: advice(id, anchors, 'The anchors are'),
        },
      ]
}

function unknown(what: string, id: string, known: readonly string[]): Explained[] {
  return [
    { message: `No ${what} is called "${id}".`, remedy: advice(id, known, `The ${what}s are`) },
  ]
}

function advice(id: string, known: readonly string[], list: string): string {
  const meant = nearest(id, known)
  return meant === undefined
    ? `${list}: ${known.join(', ') || 'none yet'}.`
    : `Did you mean "${meant}"?`
}
