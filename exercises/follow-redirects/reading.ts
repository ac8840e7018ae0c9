import { bytesExhibit, matching, table, type Exhibit } from '#grader'
import { isDone, isRejection, type Asked, type Row } from './servers.ts'

/** How many requests of a long chain are shown. */
const MOST_SHOWN = 8
/** How much of what a program says is shown. */
const LONGEST = 120

/** All requests of a call, with their answers. */
export function seen({ asked, call }: Row): Exhibit {
  const rows = asked.map(({ method, url, exchange: { response } }) => {
    const location = response?.headers.find(([name]) => name.toLowerCase() === 'location')?.[1]
    const status = String(response?.status ?? 'none')
    return [
      `${method} ${url}`,
      location === undefined ? status : `${status}, Location: ${location}`,
    ]
  })
  const shown = rows.length > MOST_SHOWN ? [...rows.slice(0, MOST_SHOWN), ['…', '…']] : rows
  if (call.error !== null && isRejection(call.error))
    shown.push(['then follow rejected', beginning(call.error)])
  const title = `What the servers saw: ${asked.length} ${asked.length === 1 ? 'request' : 'requests'}`
  return table(title, ['request', 'answer'], shown)
}

/** One request, byte by byte. */
export function sent({ exchange: { request } }: Asked): Exhibit {
  return bytesExhibit('What your program sent', Buffer.concat([request.head, request.body]))
}

export function contentOf({ exchange }: Asked): string {
  return Buffer.from(exchange.request.body).toString('latin1')
}

/** The fields of a request that describe content. A length of 0 says that there is none. */
export function contentFields({ exchange }: Asked): string[] {
  return exchange.request.headers
    .filter(([name, value]) => /^content-/i.test(name) && !isZeroLength(name, value))
    .map(([name]) => name)
}

function isZeroLength(name: string, value: string): boolean {
  return name.toLowerCase() === 'content-length' && value.trim() === '0'
}

export const NOT_SENT = 'not sent'

/** The value of a field in a request. */
export function fieldOf({ exchange }: Asked, name: string): string {
  const field = exchange.request.headers.find(([each]) => each.toLowerCase() === name.toLowerCase())
  return field?.[1] ?? NOT_SENT
}

/** Names of fields that open a door. */
export function isSecret(name: string): boolean {
  return /^(authorization|cookie)$/i.test(name)
}

/** What `follow` gave, member by member: of any program, so it may be anything. */
export function givenBy({ call: { value } }: Row): Readonly<Record<string, unknown>> {
  return isObject(value) ? value : {}
}

/** What came of a call, in one line: `status 200, body "gilaki toveza\\n"`, or its error. */
export function resultOf(row: Row): string {
  const { value, error } = row.call
  if (error !== null) return beginning(error)
  if (!isObject(value)) return `${beginning(quoted(value))}, and no object`
  const { status, body } = value
  return `status ${quoted(status)}, body ${beginning(quoted(body))}`
}

/** The same for the answer that is last in the chain. */
export function rightResult({ steps }: Row): string {
  const { status, content } = steps.at(-1)!
  return `status ${status}, body ${JSON.stringify(content)}`
}

export function isResultRight(row: Row): boolean {
  return resultOf(row) === rightResult(row)
}

/** A text in quotation marks, so that it is no number. */
function quoted(value: unknown): string {
  return JSON.stringify(value) ?? 'undefined'
}

function beginning(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text
}

/** The entries of `chain`, each in one line: `GET http://127.0.0.1:40123/a → 302`. */
export function chainOf(row: Row): string[] {
  const { chain } = givenBy(row)
  return Array.isArray(chain) ? chain.map(lineOf) : []
}

function lineOf(entry: unknown): string {
  if (!isObject(entry)) return String(entry)
  const { method, url, status } = entry
  return `${String(method)} ${withoutFragment(String(url))} → ${quoted(status)}`
}

/** As it was sent, where it is an address. */
function withoutFragment(address: string): string {
  const url = URL.parse(address)
  if (url === null) return address
  url.hash = ''
  return url.href
}

/** What `chain` has to say. */
export function rightChain({ steps }: Row): string[] {
  return steps.map(({ method, url, status }) => `${method} ${url} → ${status}`)
}

/** For toThrow: neither a call that was given up nor a program that ended. */
export const anError = matching('whatever it says', isRejection)

export function hasRejected({ call }: Row): boolean {
  return call.error !== null && isDone(call)
}

export function isHanging({ call, asked }: Row): boolean {
  return asked.length > 0 && (call.error ?? '').includes(' was not done after ')
}

export function ordinal(index: number): string {
  return ['first', 'second', 'third', 'fourth'][index] ?? `${index + 1}th`
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
