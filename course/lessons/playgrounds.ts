import { scanFences } from '../read/fences.ts'
import { nearest } from '../find.ts'

/**
 * What a lesson can have its reader try out in place, by the name in its block: ```` ```playground
 * cookies ````. The block's text says what can be found out there. Each is a page of its own, too,
 * at `/playground/<name>` (see server/playground/playgrounds.ts).
 */
export const playgrounds = {
  cookies: { title: 'Cookie playground' },
  'break-the-request': { title: 'Break the request' },
  'break-the-response': { title: 'Break the response' },
  'who-speaks-first': { title: 'Who speaks first?' },
  'get-beside-head': { title: 'GET beside HEAD' },
  'the-tunnel': { title: 'The tunnel' },
  'two-editors': { title: 'Two editors, one document' },
  'preflight-or-not': { title: 'Preflight or not?' },
  'which-method-arrives': { title: 'Which method arrives?' },
  'jump-in-a-song': { title: 'Jump in a song' },
  'which-status': { title: 'Which status?' },
  'the-herd': { title: 'The herd' },
} as const satisfies Record<string, { readonly title: string }>

export type PlaygroundName = keyof typeof playgrounds

/** The playground that a block's info string names, or undefined when it names none of ours. */
export function namedPlayground(info: string): PlaygroundName | undefined {
  const name = /^playground[ \t]+([a-z-]+)$/.exec(info.trim())?.[1] ?? ''
  return Object.hasOwn(playgrounds, name) ? (name as PlaygroundName) : undefined
}

/** A mistake in a playground block. `index` is its opening line within the markdown, from 0. */
export interface PlaygroundMistake {
  readonly index: number
  readonly message: string
  readonly remedy: string
}

/** Blocks that name no playground, or say nothing, or stand twice. */
export function playgroundMistakes(markdown: string): PlaygroundMistake[] {
  const blocks = scanFences(markdown).fences.filter(({ info }) => /^playground\b/.test(info))
  return blocks.flatMap(({ info, lines, start: index }, position) => {
    const name = namedPlayground(info)
    if (!name) return [{ index, ...explainName(info.replace(/^playground\s*/, '')) }]
    if (blocks.findIndex((other) => namedPlayground(other.info) === name) < position) {
      return [
        { index, message: `The playground "${name}" stands twice.`, remedy: 'Keep one of them.' },
      ]
    }
    if (lines.join('').trim() !== '') return []
    return [
      {
        index,
        message: 'This playground has no words.',
        remedy:
          'Say in the block what to try and what to look for. Who reads without scripts, or in the book, has these words alone.',
      },
    ]
  })
}

function explainName(name: string): Omit<PlaygroundMistake, 'index'> {
  const known = Object.keys(playgrounds)
  const meant = nearest(name, known)
  const message =
    name === '' ? 'This playground has no name.' : `No playground is called "${name}".`
  return {
    message,
    remedy:
      meant === undefined
        ? `The playgrounds are: ${known.join(', ')}.`
        : `Did you mean "${meant}"?`,
  }
}
