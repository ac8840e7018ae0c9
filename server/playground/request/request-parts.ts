import type { IncomingMessage } from 'node:http'
import { explainField } from '../../markdown/field-explanations.ts'

/** A run of characters of a request, with what it is where that can be told. */
export interface RequestPart {
  readonly text: string
  /** Of its explanation, unique among all parts that differ. */
  readonly id?: string
  readonly about?: string
}

/**
 * The head of a request as it came, cut into its parts, line by line. What cookies and credentials
 * say is left out.
 */
export function requestParts({
  method = 'GET',
  url = '/',
  httpVersion,
  rawHeaders,
}: Pick<IncomingMessage, 'method' | 'url' | 'httpVersion' | 'rawHeaders'>): RequestPart[][] {
  const fields = rawHeaders.flatMap((name, index) =>
    index % 2 === 0 ? [[name, withoutSecrets(name, rawHeaders[index + 1]!)] as const] : [],
  )
  const space: RequestPart = {
    text: ' ',
    id: 'space',
    about: 'One space, the byte 20. Nothing else separates the three parts of the first line.',
  }
  return [
    [
      { text: method, id: 'method', about: aboutMethod },
      space,
      { text: url, id: 'target', about: aboutTarget(url) },
      space,
      { text: `HTTP/${httpVersion}`, id: 'version', about: aboutVersion },
      lineEnd,
    ],
    ...fields.map(([name, value]): RequestPart[] => [
      { text: name, id: `field-${name.toLowerCase()}`, about: aboutField(name) },
      colon,
      { text: ` ${value}` },
      lineEnd,
    ]),
    [{ text: '\\r\\n', id: 'empty-line', about: aboutEmptyLine(fields) }],
  ]
}

/** The same as it would be typed (see typed-bytes.ts). */
export function partsAsTyped(lines: readonly (readonly RequestPart[])[]): string {
  return lines
    .map(
      (parts) =>
        `${parts.map(({ text }) => (text === lineEnd.text ? text : text.replaceAll('\\', '\\\\'))).join('')}\n`,
    )
    .join('')
}

const lineEnd: RequestPart = {
  text: '\\r\\n',
  id: 'line-end',
  about:
    'A carriage return and a line feed, the bytes 0d 0a, which most languages write \\r\\n: every line of the head ends in these two.',
}
const colon: RequestPart = {
  text: ':',
  id: 'colon',
  about:
    'The colon comes right after the name: a space before it is an error. The space after it doesn’t belong to the value.',
}
const aboutMethod =
  'The method: what is to be done with the target. GET asks for its content and changes nothing. Methods are case-sensitive.'
const aboutVersion = 'The version of the grammar this message is written in.'

function aboutTarget(url: string): string {
  const query = url.includes('?')
    ? ` Before the question mark is the path, after it the query, here “${url.slice(url.indexOf('?') + 1)}”.`
    : ''
  return `The target: the path and query of the address, as the browser escaped them.${query} A fragment, # and what follows, is never sent.`
}

function aboutEmptyLine(fields: readonly (readonly [string, string])[]): string {
  const announced = fields.some(([name]) => /^(content-length|transfer-encoding)$/i.test(name))
  return `An empty line: a line end that follows a line end. The head is over.${announced ? ' The content follows.' : ' Nothing announced any content, so the request is over, too.'}`
}

function aboutField(name: string): string {
  const known = explainField(name)
  if (known) return `A field. ${known.text}`
  if (/^sec-ch-/i.test(name))
    return 'A field. A client hint: one fact about the browser or the device, in a field of its own. No page can set it.'
  if (/^sec-/i.test(name))
    return 'A field. Its name begins with Sec-, so no page can set it: the browser alone writes it.'
  return 'A field: a name, a colon, a value. A server that does not know the name ignores it.'
}

const HIDDEN = '…'

function withoutSecrets(name: string, value: string): string {
  if (/^cookie$/i.test(name)) return value.replace(/=[^;]*/g, `=${HIDDEN}`)
  return /^(proxy-)?authorization$/i.test(name) ? HIDDEN : value
}
