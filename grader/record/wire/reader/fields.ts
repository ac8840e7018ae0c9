import type { Headers } from '../../../types/index.ts'
import { headers } from '../../../types/helpers/header-fields.ts'
import { trimBlanks } from '../../../types/helpers/blanks.ts'
import { fieldText } from '../field-value.ts'

/** A head in lines, as Chromium takes it apart. */
export interface HeadLines {
  readonly startLine: string
  readonly headers: Headers
}

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/

/**
 * Fields whose lines Chromium does not continue (HttpUtil::IsNonCoalescingHeader): commas or line
 * ends would change what they say.
 */
const NEVER_CONTINUED = new Set([
  'date',
  'expires',
  'last-modified',
  'location',
  'retry-after',
  'set-cookie',
  'set-cookie2',
  'www-authenticate',
  'proxy-authenticate',
  'strict-transport-security',
])

/**
 * Reads a head from its start line on, one character a byte, as Chromium does
 * (HttpUtil::AssembleRawHeaders, HeadersIterator): any CR or LF ends a line; a line that begins
 * with a blank continues the field before it; what has no colon or no valid name before it is no
 * field; blanks around names and values go, and no other white space.
 */
export function readHeadLines(latin1: string): HeadLines {
  const [startLine = '', ...lines] = latin1.split(/[\r\n]+/).filter((line) => line !== '')
  const fields: [name: string, value: string][] = []
  let continues = false
  for (const line of lines) {
    if (/^[ \t]/.test(line) && continues) {
      const last = fields.at(-1)!
      last[1] = trimBlanks(`${last[1]} ${trimBlanks(line)}`)
      continue
    }
    const colon = line.indexOf(':')
    const name = colon === -1 ? '' : trimBlanks(line.slice(0, colon))
    const isField = !/^[ \t]/.test(line) && TOKEN.test(name)
    continues = isField && !NEVER_CONTINUED.has(name.toLowerCase())
    if (isField) fields.push([name, trimBlanks(line.slice(colon + 1))])
  }
  return { startLine, headers: fields.map(([name, value]) => [name, fieldText(value)]) }
}

/** The values of a field, lists taken apart at their commas. */
export function listOf(list: Headers, name: string): string[] {
  return headers(list, name)
    .flatMap((value) => value.split(','))
    .map(trimBlanks)
    .filter((item) => item !== '')
}
