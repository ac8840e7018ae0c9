import { field, hasStatus, json, matching, path, sentField, type Exchange } from '#grader'

/** What a visitor types into the form. */
export interface Signature {
  readonly name: string
  readonly message: string
}

/** What GET /entries says of one entry. */
interface Listed {
  readonly id?: unknown
  readonly name?: unknown
  readonly message?: unknown
}

/** The entries that GET /entries lists; undefined when it gave no list of objects. */
export function listed(answer: Exchange | null): readonly Listed[] | undefined {
  const list = json(answer)
  return isList(list) ? list : undefined
}

function isList(list: unknown): list is Listed[] {
  return Array.isArray(list) && list.every((entry) => typeof entry === 'object' && entry !== null)
}

/** A JSON list with exactly these entries in any order, each with an id of its own. */
export function entriesOf(signatures: readonly Signature[]) {
  const wanted = inOrder(signatures)
  const what =
    signatures.length === 1
      ? 'a list of this entry, with an id'
      : 'a list of these entries, each with an id'
  return matching(
    `${what}: ${wanted}`,
    (list: unknown) => isList(list) && hasIds(list) && inOrder(list) === wanted,
  )
}

/** `[{"name":"Ada","message":"Hello"}]`, without the ids. */
function inOrder(entries: readonly Listed[]): string {
  const texts = entries.map(({ name, message }) => JSON.stringify({ name, message }))
  return `[${texts.toSorted().join()}]`
}

function hasIds(entries: readonly Listed[]): boolean {
  const ids = entries.map(({ id }) => id)
  return (
    new Set(ids).size === ids.length &&
    ids.every((id) => typeof id === 'string' || typeof id === 'number')
  )
}

export function mentioning(words: string) {
  return matching(`a text with “${words}”`, (text: string) => text.includes(words))
}

export const aGet = matching('a GET', (asked: string) => asked.startsWith('GET '))

export const aRedirect = matching(
  'a redirect, from 300 to 399',
  (code: number | undefined) => code !== undefined && code >= 300 && code < 400,
)

/** A reload may ask whether the page has changed, with If-None-Match (RFC 9110 §13.1.2). */
export const found = matching('200 or 304', (code: number) => [200, 304].includes(code))

/** POST among the methods, and none that only asks. */
export const onlyForPost = matching('POST in it, but neither GET nor HEAD', (value: string) => {
  const methods = value.split(',').map((method) => method.trim())
  return methods.includes('POST') && !methods.includes('GET') && !methods.includes('HEAD')
})

export function isPost(exchange: Exchange | null): boolean {
  return exchange?.request.method === 'POST'
}

export const isRedirect = hasStatus(301, 302, 303, 307, 308)

/** The path and query that Location names, read from /sign; undefined where it names none. */
export function pathOfLocation(post: Exchange | null | undefined): string | undefined {
  const location = field(post, 'Location')
  if (location === undefined) return undefined
  const address = URL.parse(location, `http://127.0.0.1${post?.request.target ?? '/sign'}`)
  return address ? address.pathname + address.search : undefined
}

/** The server that Location names, where it isn't the one that was asked. */
export function otherServer(post: Exchange): string | undefined {
  const [, server] = /^https?:\/\/([^/]*)/i.exec(field(post, 'Location') ?? '') ?? []
  return server === sentField(post, 'Host') ? undefined : server
}

/** One of several people, and the page that they were sent to. */
interface Person {
  readonly exchange: Exchange
  readonly message: string
  readonly shown: string | undefined
}

/** Whether somebody with another message was sent to the same page, which shows that message. */
export function isTaken(person: Person, people: readonly Person[]): boolean {
  return people.some(
    ({ exchange, message }) =>
      message !== person.message &&
      message === person.shown &&
      path(exchange) === path(person.exchange) &&
      exchange !== person.exchange,
  )
}
