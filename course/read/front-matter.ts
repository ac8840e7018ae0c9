import { isNode, LineCounter, parseDocument, type YAMLError } from 'yaml'

export interface FrontMatter {
  /** What the YAML says. An empty object when there is none, or it is broken. */
  readonly data: unknown
  /** The markdown after the front matter. Line endings are `\n`. */
  readonly body: string
  /** Line of the file on which the body starts, from 1. */
  readonly bodyLine: number
  /**
   * The line of the file on which a key or list entry stands: `lineOf(['hints', 1])`. The first
   * line when it is not there.
   */
  lineOf(path: readonly PropertyKey[]): number
  /** The id as far as it can be told when the rest is broken. */
  readonly looseId: string | undefined
  /** Why the front matter cannot be used. Empty when it can. */
  readonly mistakes: readonly FrontMatterMistake[]
}

export interface FrontMatterMistake {
  /** From 1, in the file. */
  readonly line: number
  readonly column: number
  readonly message: string
  readonly remedy: string
  readonly excerpt: string
}

/** Splits a markdown file into the YAML between its first two `---` lines and the rest. */
export function splitFrontMatter(file: string): FrontMatter {
  const text = file.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n')
  const match = /^---[ \t]*\n((?:.*\n)*?)---[ \t]*(?:\n|$)/.exec(text)
  if (!match) return withoutFrontMatter(text)

  const counter = new LineCounter()
  const source = match[1]!
  const document = parseDocument(source, { lineCounter: counter, prettyErrors: false })
  const mistakes = document.errors.map((error) => describe(error, source, counter))
  let data: unknown = {}
  try {
    if (mistakes.length === 0) data = document.toJS() ?? {}
  } catch (error) {
    // An alias without its anchor is found only here.
    const message = `The front matter cannot be read: ${error instanceof Error ? error.message : String(error)}`
    mistakes.push({
      line: 2,
      column: 1,
      message,
      remedy: 'Write the value out.',
      excerpt: firstLine(source),
    })
  }
  return {
    data,
    body: text.slice(match[0].length),
    bodyLine: match[0].split('\n').length,
    lineOf: (path) => {
      const key = path.length === 1 ? keyNode(document.contents, path[0]!) : undefined
      const node = key ?? document.getIn(path, true)
      const start = isNode(node) ? node.range?.[0] : undefined
      return start === undefined ? 1 : counter.linePos(start).line + 1
    },
    looseId: /^id:[ \t]*["']?([\w-]+)/m.exec(source)?.[1],
    mistakes,
  }
}

function withoutFrontMatter(text: string): FrontMatter {
  const opened = /^---[ \t]*\n/.test(text)
  return {
    data: {},
    body: text,
    bodyLine: 1,
    lineOf: () => 1,
    looseId: undefined,
    mistakes: [
      {
        line: 1,
        column: 1,
        message: opened ? 'The front matter is never closed.' : 'The front matter is missing.',
        remedy: opened
          ? 'End it with a line that holds only "---".'
          : 'Start the file with a line "---", then the fields, then a line "---".',
        excerpt: firstLine(text),
      },
    ],
  }
}

/** The key itself, not its value: a list's value starts a line below its key. */
function keyNode(contents: unknown, key: PropertyKey): unknown {
  const items =
    typeof contents === 'object' && contents !== null && 'items' in contents ? contents.items : []
  if (!Array.isArray(items)) return undefined
  return items.find((item) => String(item?.key) === String(key))?.key
}

function describe(error: YAMLError, source: string, counter: LineCounter): FrontMatterMistake {
  const { line, col } = counter.linePos(error.pos[0])
  const [message, remedy] = inPlainWords(error)
  return {
    line: line + 1,
    column: col,
    message,
    remedy,
    excerpt: source.split('\n')[line - 1] ?? '',
  }
}

function inPlainWords(error: YAMLError): readonly [message: string, remedy: string] {
  switch (error.code) {
    case 'DUPLICATE_KEY':
      return ['This key stands twice in the front matter.', 'Keep one of the two.']
    case 'TAB_AS_INDENT':
      return ['The front matter is indented with a tab.', 'Indent with spaces.']
    case 'BLOCK_AS_IMPLICIT_KEY':
      return [
        'The front matter has a second ": " on one line.',
        'Put the value in quotes: title: "Cookies: the state".',
      ]
    default:
      return [
        `The front matter is not valid YAML: ${error.message.replace(/[.:]?\s*$/, '')}.`,
        'Fix the line above the caret. A value with : # [ ] { } or quotes in it goes in quotes.',
      ]
  }
}

function firstLine(text: string): string {
  return text.slice(0, text.indexOf('\n') === -1 ? undefined : text.indexOf('\n'))
}
