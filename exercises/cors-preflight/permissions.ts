import { fields, matching, nearField, sentField, type Exchange, type Fetched } from '#grader'

export const ORIGIN = 'Access-Control-Allow-Origin'
export const METHODS = 'Access-Control-Allow-Methods'
export const FIELDS = 'Access-Control-Allow-Headers'
export const MAX_AGE = 'Access-Control-Max-Age'

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
  /** What fetch() threw: `Failed to fetch`. */
  readonly error: string | null
}

export function asAttempt({ preflight, exchange, seen, corsError, error }: Fetched): Attempt {
  const reason = corsError ?? error ?? 'no answer'
  return {
    preflight,
    exchange,
    sent: exchange ? 'sent it' : `did not send it (${reason})`,
    seen: seen ? `status ${seen.status}` : `nothing (${reason})`,
    refusal: corsError,
    error: error?.replace(/^TypeError: /, '') ?? null,
  }
}

/** The preflight, when this is Chromium's reason for refusing what was asked. */
export function refusedFor(reason: string, { preflight, refusal }: Attempt): Exchange | null {
  return refusal === reason ? preflight : null
}

/** What a page saw of an answer that Chromium withheld. */
export const nothing = matching('nothing', (seen: string) => seen.startsWith('nothing'))

/** What Chromium did with a request that was refused. */
export const notSent = matching('did not send it', (sent: string) => sent !== 'sent it')

/** The methods in Allow. */
export const putAndDelete = matching(
  'PUT and DELETE among them',
  (methods: readonly string[]) => methods.includes('PUT') && methods.includes('DELETE'),
)

/** The list of todos, with this one among them. */
export function listWith(text: string) {
  return matching(
    `a list with the todo "${text}"`,
    (todos: unknown) =>
      Array.isArray(todos) && JSON.stringify(todos).includes(JSON.stringify(text)),
  )
}

/** What an answer says to pages of that origin; `none` when it does not let them read. */
export function permission(answer: Exchange | null, origin: string): string {
  const origins = fields(answer, ORIGIN)
  return origins.includes('*') || origins.includes(origin) ? origins.join(', ') : 'none'
}

/** The names in Access-Control-Request-Headers, as Chromium sent them. */
export function requestedFields(preflight: Exchange): string {
  return sentField(preflight, 'Access-Control-Request-Headers') ?? 'no fields'
}

/** `your answer said Access-Control-Allow-Methods: GET`, or had no such field. */
export function said(answer: Exchange | null, name: string): string {
  const values = fields(answer, name)
  if (values.length > 0) return `your answer said ${name}: ${values.join(', ')}`
  const near = nearField(answer?.response?.headers ?? [], name)
  return `your answer had no ${name}${near === undefined ? '' : `; ${near} is another name`}`
}

/** Whether a list of the answer has that name, in capitals or not. */
export function lists(answer: Exchange | null, name: string, wanted: string): boolean {
  return listed(answer, name).some((item) => item.toLowerCase() === wanted)
}

/** The items of a list, from all fields of that name (RFC 9110 §5.6.1). */
export function listed(answer: Exchange | null, name: string): string[] {
  return fields(answer, name)
    .flatMap((value) => value.split(/[\s,]+/))
    .filter((item) => item !== '')
}
