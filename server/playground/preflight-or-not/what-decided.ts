import type { Exchange, Message } from '../../../grader/types/index.ts'

/** What the recording of one request to another origin says. */
export interface Decided {
  /** Whether OPTIONS came first. */
  readonly asked: boolean
  /** Whether the request itself came. */
  readonly sent: boolean
  /**
   * The rules of the Fetch standard that decided, each in a sentence: more than one when several
   * would have been enough.
   */
  readonly because: readonly string[]
}

/**
 * Reads off the wire whether the browser asked first, and why: a preflight names the method and the
 * fields it is about (Fetch, "CORS-preflight fetch"), and what it does not name needs none.
 */
export function whatDecided(exchanges: readonly Exchange[]): Decided {
  const preflight = exchanges.find(({ request }) => request.method === 'OPTIONS')?.request
  const main = exchanges.find(({ request }) => request.method !== 'OPTIONS')?.request
  if (!preflight)
    return {
      asked: false,
      sent: main !== undefined,
      because: main ? [whyNot(main.method, field(main, 'content-type'))] : [],
    }
  const method = field(preflight, 'access-control-request-method') ?? ''
  const names = (field(preflight, 'access-control-request-headers') ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter(Boolean)
  const because = [
    ...(safelisted.includes(method) ? [] : [`${method} isn't GET, HEAD or POST.`]),
    ...names.map((name) =>
      name === 'content-type'
        ? "Its Content-Type isn't one of the three that a form can send."
        : `${fieldNames[name] ?? name} isn't a field that a page may set without a preflight.`,
    ),
  ]
  return {
    asked: true,
    sent: main !== undefined,
    because:
      because.length > 0
        ? because
        : [
            'The preflight names neither a method nor a field that needs one: your browser asks more often than the standard says.',
          ],
  }
}

const safelisted = ['GET', 'HEAD', 'POST']

const fieldNames: Readonly<Record<string, string>> = {
  'x-color': 'X-Color',
  authorization: 'Authorization',
  accept: 'Accept',
}

function whyNot(method: string, type: string | undefined): string {
  const content = type === undefined ? '' : ', its Content-Type is one that a form can send'
  return `${method} is one of GET, HEAD and POST${content}, and the script set no field but those that a page may always set.`
}

function field({ headers }: Message, name: string): string | undefined {
  return headers.find(([key]) => key.toLowerCase() === name)?.[1]
}
