import type { Exchange } from '../types/index.ts'
import { cookiesSent, setCookies } from './read/cookie-fields.ts'
import { header } from '../types/helpers/header-fields.ts'
import { wasTriedAgain } from '../types/helpers/tried-again.ts'

/** Requests that have to come before another one, so that a fresh program answers as it did. */
export interface LeadUp {
  readonly requests: readonly Exchange[]
  /** Whether cookies that the program issued have to be carried from one to the next. */
  readonly needsJar: boolean
}

/** RFC 9110 §9.2.1 and RFC 10008 §2. */
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS', 'QUERY', 'TRACE'])
/** More than this is no longer something that a person types. */
const MOST = 4
/** A part of a path that is longer than a count, or no word: a fresh program draws another one. */
const DRAWN = /\d{5}|(?=[a-z]*\d)(?=\d*[a-z])[a-z\d]{8}|[\w-]{20}/i

/**
 * What led to a request: the ones that issued the cookies it sends, and the unsafe ones that came
 * with such a cookie, went to its path or below it (`/todos/1/done` for `/todos/1`), or whose
 * Location has its path or one that it is below, with those that were counted before. Where an
 * answer without credentials succeeded, the last login to its path is one of them. Null when
 * commands would not show the same again: a fresh program issues other sessions and draws other
 * names, so one that had been replaced, ended or belonged to somebody else cannot be sent.
 */
export function leadUp(exchange: Exchange, all: readonly Exchange[]): LeadUp | null {
  // The connections of an author's server are counted by themselves.
  const own = all.filter(({ origin }) => origin === undefined)
  const before = own.filter(
    (each) =>
      each.id !== exchange.id && each.startedAt < exchange.startedAt && !wasTriedAgain(each, own),
  )
  const sent = issuedCookies(exchange, before)
  const issuers = before.filter((each) => sent.some((pair) => issues(each, pair)))
  const { path } = exchange.request
  const changes = before.filter(({ request }) => !SAFE.has(request.method))
  const made = changes.findLast((each) => isAtOrBelow(path, pathOfLocation(each)))
  const unsafe = changes.filter(
    (each) =>
      isAtOrBelow(each.request.path, path) ||
      (made && each.request.path === made.request.path && each.startedAt <= made.startedAt) ||
      issuedCookies(each, before).some((pair) => sent.includes(pair)),
  )
  const drawn = changes.map(pathOfLocation).filter((to) => DRAWN.test(to?.split('/').at(-1) ?? ''))
  const isDrawn = ({ request }: Exchange) => drawn.some((to) => isAtOrBelow(request.path, to))
  if ([...unsafe, exchange].some(isDrawn)) return null
  const login = loginBefore(exchange, before)
  // Each command has a connection of its own.
  if (login?.connection === exchange.connection) return null
  const requests = before.filter(
    (each) => issuers.includes(each) || unsafe.includes(each) || each === login,
  )
  const ofOneVisitor = requests.every((each) =>
    issuedCookies(each, before).every((pair) => sent.includes(pair)),
  )
  const isHeld = sent.every((pair) => !requests.some((each) => endsOrReplaces(each, pair)))
  return requests.length > MOST || !ofOneVisitor || !isHeld
    ? null
    : { requests, needsJar: sent.length > 0 }
}

/** The last request for the same path that got in with credentials, where this one got in without. */
function loginBefore(exchange: Exchange, before: readonly Exchange[]): Exchange | undefined {
  const isLoggedIn = ({ request }: Exchange) =>
    header(request.headers, 'Authorization') !== undefined
  if (isLoggedIn(exchange) || !hasSucceeded(exchange)) return undefined
  return before.findLast(
    (each) => each.request.path === exchange.request.path && isLoggedIn(each) && hasSucceeded(each),
  )
}

function hasSucceeded({ response }: Exchange): boolean {
  return Math.floor((response?.status ?? 0) / 100) === 2
}

function isAtOrBelow(path: string, above: string | undefined): boolean {
  return path === above || path.startsWith(`${above}/`)
}

/** Where the answer sends its client, or says that something was made (RFC 9110 §10.2.2). */
function pathOfLocation({ request, response }: Exchange): string | undefined {
  const location = header(response?.headers ?? [], 'Location')
  return location && URL.parse(location, `http://localhost${request.path}`)?.pathname
}

/** The cookies of a request, as `name=value`, that an earlier answer had issued. */
export function issuedCookies(exchange: Exchange, before: readonly Exchange[]): string[] {
  return cookiesSent(exchange)
    .map(({ name, value }) => `${name}=${value}`)
    .filter((pair) =>
      before.some((each) => each.startedAt < exchange.startedAt && issues(each, pair)),
    )
}

function issues(exchange: Exchange, pair: string): boolean {
  return setCookies(exchange).some(({ name, value }) => value !== '' && `${name}=${value}` === pair)
}

/** Whether a jar would hold something else under that name afterwards. */
function endsOrReplaces(exchange: Exchange, pair: string): boolean {
  const last = setCookies(exchange).findLast(({ name }) => pair.startsWith(`${name}=`))
  if (last === undefined) return false
  const isEnded = (last.maxAge ?? 1) <= 0 || (last.expires ?? Infinity) <= exchange.startedAt
  return `${last.name}=${last.value}` !== pair || isEnded
}
