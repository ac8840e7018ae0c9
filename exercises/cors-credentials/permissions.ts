import {
  deletesCookie,
  field,
  fields,
  matching,
  sentField,
  setCookies,
  type Exchange,
  type Fetched,
} from '#grader'

export const ORIGIN = 'Access-Control-Allow-Origin'
export const CREDENTIALS = 'Access-Control-Allow-Credentials'
export const METHODS = 'Access-Control-Allow-Methods'
export const FIELDS = 'Access-Control-Allow-Headers'
export const EXPOSED = 'Access-Control-Expose-Headers'

/** A fetch() of a page, and what Chromium made of it. */
export interface Attempt {
  readonly preflight: Exchange | null
  /** The request itself; null when Chromium did not send it. */
  readonly exchange: Exchange | null
  /** What Chromium did with the request: `sent it`. */
  readonly sent: string
  /** What the page's script got of the answer: `status 200`. */
  readonly seen: string
  /** Chromium's reason for not sending the request or withholding its answer. */
  readonly refusal: string | null
}

export function asAttempt({ preflight, exchange, seen, corsError, error }: Fetched): Attempt {
  const reason = corsError ?? error ?? 'no answer'
  return {
    preflight,
    exchange,
    sent: exchange ? 'sent it' : `did not send it (${reason})`,
    seen: seen ? `status ${seen.status}` : `nothing (${reason})`,
    refusal: corsError,
  }
}

/** The cookie that a login gave out; a cookie that it deletes does not count. */
export function sessionCookie(login: Exchange | null) {
  return setCookies(login).find(({ name }) => !deletesCookie(name)(login))
}

/** The cookie of a request without a session: that there was none, or that it was made up. */
export function cookieOf(exchange: Exchange): string {
  const cookie = sentField(exchange, 'Cookie')
  return cookie === undefined ? 'no cookie' : 'a session that the client made up'
}

/** A field of the answer, as the page's script could read it. */
export function fieldSeen({ seen }: Fetched, name: string): string | undefined {
  return seen?.headers.find(([each]) => each.toLowerCase() === name.toLowerCase())?.[1]
}

/** The preflight, when this is Chromium's reason for refusing the request. */
export function refusedFor(reason: string, { preflight, refusal }: Attempt): Exchange | null {
  return refusal === reason ? preflight : null
}

/** What a page saw of an answer that Chromium withheld. */
export const nothing = matching('nothing', (seen: string) => seen.startsWith('nothing'))

/** The origins in an answer's permission, whoever asked. */
export function permitted(answer: Exchange | null): string {
  return fields(answer, ORIGIN).join(', ') || 'none'
}

/** What an answer says to pages of that origin; `none` when it does not let them read. */
export function permission(answer: Exchange | null, origin: string): string {
  const origins = permitted(answer)
  return origins === '*' || origins.split(/,\s*/).includes(origin) ? origins : 'none'
}

/** The number of logins so far, with or without blanks around it. */
export const oneLogin = matching('1, for one login so far', (total: string) => total.trim() === '1')

/** JSON with whatever in it. */
export const anyJson = matching('JSON of any kind', () => true)

/** A cache may keep the answer, for a minute. */
export const oneMinute = matching(
  'max-age=60',
  (value: string) =>
    /(?:^|[\s,])max-age=60(?:[\s,]|$)/i.test(value) && !/no-store|no-cache/i.test(value),
)

/** A list of field names with this one or a star: for the value of Vary. */
export function naming(name: string) {
  const isNamed = (item: string) => item === name.toLowerCase() || item === '*'
  return matching(name, (value: string) =>
    value.split(',').some((item) => isNamed(item.trim().toLowerCase())),
  )
}

/** Whether caches keep copies of an answer for different origins apart. */
export function varies(answer: Exchange | null): boolean {
  return fields(answer, 'Vary').some(naming('Origin').test)
}

/** `your answer said Access-Control-Allow-Methods: GET`, or had no such field. */
export function said(answer: Exchange | null, name: string): string {
  const values = fields(answer, name)
  if (values.length === 0) return `your answer had no ${name}`
  return `your answer said ${name}: ${values.join(', ')}`
}

/** Whether the answer's field of that name is a star. */
export function isStar(answer: Exchange | null, name: string): boolean {
  return field(answer, name)?.trim() === '*'
}
