import type { Kit } from '#grader'

/** One of the two servers. */
export type Side = 'A' | 'B'

/** A request that has to come, and what is answered to it. */
export interface Step {
  readonly at: Side
  /** Path and query. */
  readonly target: string
  readonly method: string
  readonly status: number
  readonly location?: string
  readonly content: string
}

/** A call of follow(), and the requests that have to come of it. */
export interface Case {
  readonly name: string
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  readonly steps: readonly [Step, ...Step[]]
}

/** What cases are drawn with. */
export interface Drawing {
  readonly random: Kit['random']
  /** Where the two servers are: `http://127.0.0.1:40123`. */
  readonly servers: Readonly<Record<Side, string>>
  /** A path that no other case has: `/fegabi`. */
  readonly path: () => string
}

export const CODES = [301, 302, 303, 307, 308]

/** How often `follow` may go on. */
export const MOST_REDIRECTS = 20

export function redirect(
  at: Side,
  target: string,
  method: string,
  status: number,
  location: string,
): Step {
  return { at, target, method, status, location, content: method === 'HEAD' ? '' : 'Moved.\n' }
}

export function answer({ random }: Drawing, at: Side, target: string, method: string): Step {
  const content = method === 'HEAD' ? '' : `${random.word()} ${random.word()}\n`
  return { at, target, method, status: 200, content }
}

/** A body, and the fields that describe it. */
export function withContent({ random }: Drawing, headers: Readonly<Record<string, string>> = {}) {
  return {
    headers: { ...headers, 'Content-Type': 'text/plain', 'content-language': 'en' },
    body: `order=${random.word()}&piece=${random.token(8)}`,
  }
}

export function secrets({ random }: Drawing) {
  return { Authorization: `Bearer ${random.token()}`, Cookie: `id=${random.token()}` }
}

export function others({ random }: Drawing) {
  return { 'X-Request-Id': random.token(8), 'accept-language': 'en' }
}
