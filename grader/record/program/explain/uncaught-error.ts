import { existsSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readOrdinaryText } from '../../../../course/read/read-file.ts'

/** An error that ended a program, as Node printed it. */
export interface UncaughtError {
  /** `TypeError: no such port`, without the stack; several lines where the message has them. */
  readonly headline: string
  readonly message: string
  /** `ERR_MODULE_NOT_FOUND` */
  readonly code: string | undefined
  /** True when the program had not begun: a file could not be read as JavaScript. */
  readonly isBeforeRun: boolean
  /** What it says caused it: `Error: connect ECONNREFUSED 127.0.0.1:9`. */
  readonly cause: string | undefined
}

/** A place in the learner's own files. */
export interface Place {
  /** `server.ts` */
  readonly file: string
  readonly path: string
  readonly line: number
  /** The line there and a caret, where Node printed them, and the error. */
  readonly excerpt: string[]
}

const HEADLINE = /^(?:Uncaught )?\[?((?:[A-Z][\w$]*\.)*[A-Z][\w$]*(?: \[\w+\])?): .*/
const CARET = /^\s*\^+\s*$/
const FRAME = /^\s+at /
const ENDS_MESSAGE = /^\s+at |^\s*$|^\(Use `node /

/**
 * Reads the error that Node printed last before a program ended; undefined when it printed none.
 * What a program prints of an error that it caught is no such one.
 */
export function uncaughtError(text: string): UncaughtError | undefined {
  const lines = text.split('\n')
  const start = headlineIndex(lines)
  if (start === -1) return undefined
  const isProperty = (index: number) => /^ {2}\[?\w+\]?: /.test(lines[index] ?? '')
  const length = lines
    .slice(start)
    .findIndex((line, index) => ENDS_MESSAGE.test(line) || isProperty(start + index + 1))
  const end = start + Math.max(1, length + Number(isProperty(start + length + 1)))
  const headline = lines
    .slice(start, end)
    .join('\n')
    .replace(isProperty(end) ? / \{$/ : '', '')
    .replace(/^Uncaught /, '')
    .replace(/^\[(.*)\]$/s, '$1')
    .trim()
  const frames = lines.slice(start + 1).filter((line) => FRAME.test(line))
  const rest = lines.slice(start).join('\n')
  const isSyntax = headline.startsWith('SyntaxError')
  return {
    headline,
    message: headline.replace(/^[^:]*: /, ''),
    code: /\[(ERR_\w+)\]/.exec(headline)?.[1] ?? /^\s*code: '(\w+)'/m.exec(rest)?.[1],
    isBeforeRun: isSyntax && (frames[0] === undefined || READS_FILES.test(frames[0])),
    cause: /\[cause\]: (.*)/.exec(rest)?.[1]?.replace(/ \{$/, ''),
  }
}

/** Frames of what reads a program's files, and not of what it does: JSON.parse, RegExp. */
const READS_FILES =
  /node:internal\/(?:modules|vm|process|deps\/amaro)|node:vm|\b(?:wrapSafe|compileSourceTextModule|parseTypeScript)\b/

/** After the place and a caret comes the error; a rejection is told with a line of Node's own. */
function headlineIndex(lines: readonly string[]): number {
  const caret = lines.findLastIndex(
    (line, index) => CARET.test(line) && isPlace(lines.slice(Math.max(0, index - 4), index)),
  )
  const after = (isIt: (line: string) => boolean) =>
    lines.findIndex((line, index) => index > caret && index < caret + 8 && isIt(line))
  // More of the source may follow the caret. What was thrown need not be an error.
  const named = after((line) => HEADLINE.test(line))
  const told = named === -1 ? after((line) => line.trim() !== '') : named
  if (caret !== -1 && told !== -1) return told
  // Without a place: only when Node ends with it.
  const end = lines.findLastIndex((line) => /^Node\.js v\d/.test(line))
  return end === -1
    ? -1
    : lines.findLastIndex((line, index) => index < end && HEADLINE.test(line) && !/^\s/.test(line))
}

function isPlace(lines: readonly string[]): boolean {
  return lines.some((line) => /^\S.*:\d+$/.test(line.trimEnd()))
}

/**
 * Where in the learner's own files it happened. Node prints the file, the line and a caret first
 * for an uncaught error; in a stack the first frame counts that is neither Node's, nor a package's,
 * nor Roundtrip's.
 */
export function placeInSource(text: string): Place | null {
  const lines = text.split('\n')
  const headline = uncaughtError(text)?.headline.split('\n')[0]
  const message = lines.find((line) => headline !== undefined && line.includes(headline))
  const header = lines.findIndex((line) => {
    const path = /^((?:file:\/\/)?\/?.*\.(?:ts|mts|js|mjs|cjs|cts)):\d+$/.exec(line.trim())?.[1]
    return path !== undefined && isLearners(path)
  })
  if (header !== -1) {
    const [, path, line] = /^(.*):(\d+)$/.exec(lines[header]!.trim())!
    const excerpt = lines
      .slice(header + 1, header + 4)
      .filter((candidate) => candidate.trim() !== '' && !FRAME.test(candidate))
    if (message && !excerpt.includes(message)) excerpt.push(message)
    return { ...fileAt(path!), line: Number(line), excerpt }
  }
  const frames = lines.flatMap((line) => {
    const [, path, at] =
      /^\s+at (?:.*\()?(?:async )?((?:file:|[A-Za-z]:\\|\/)[^\s()]*):(\d+):\d+\)?(?: \{)?$/.exec(
        line,
      ) ?? []
    return path !== undefined && isLearners(path) ? [{ ...fileAt(path), line: Number(at) }] : []
  })
  return frames[0] ? { ...frames[0], excerpt: message ? [message] : [] } : null
}

const OURS = dirname(import.meta.dirname)

function isLearners(path: string): boolean {
  return !path.startsWith('node:') && !path.includes('/node_modules/') && !path.includes(OURS)
}

function fileAt(path: string): { file: string; path: string } {
  const asPath = path.startsWith('file:') ? fileURLToPath(path) : path
  return { file: basename(asPath), path: asPath }
}

/** The package.json by which Node decides what a file is, where it makes it CommonJS. */
export function commonJsPackage(file: string): string | undefined {
  for (let dir = dirname(file); ; dir = dirname(dir)) {
    const path = join(dir, 'package.json')
    if (existsSync(path)) {
      try {
        const { type } = JSON.parse(readOrdinaryText(path)) as { type?: unknown }
        return type === 'commonjs' ? path : undefined
      } catch {
        return undefined
      }
    }
    if (dirname(dir) === dir) return undefined
  }
}

/** True for UTF-16, with or without a byte order mark: every second byte of ASCII is NUL. */
export function isUtf16(bytes: Uint8Array): boolean {
  const [first, second] = bytes
  const hasMark = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)
  return hasMark || bytes.subarray(0, 100).includes(0)
}
