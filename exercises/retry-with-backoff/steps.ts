import type { Kit } from '#grader'

/** What the server does with one request. */
export type Step = AnswerStep | LostStep

export interface AnswerStep {
  readonly kind: 'answer'
  readonly status: number
  readonly content: string
  readonly retryAfter?: string
  /** The server ends the connection after it. */
  readonly closes?: true
}

/** `broken` ends the connection in the middle of the content of a 200. */
export interface LostStep {
  readonly kind: 'reset' | 'closed' | 'broken'
  /** What comes of the content before that. */
  readonly half: string
}

export interface Message {
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

export interface Limits {
  readonly tries?: number
  readonly base?: number
  readonly cap?: number
}

/** A call of sendWithRetry(), and how many requests have to come of it. */
export interface Case extends Message {
  readonly name: string
  readonly path: string
  /** Null: the argument is left out. */
  readonly limits: Limits | null
  /** What the server does, request by request; the last step again and again. */
  readonly steps: readonly [Step, ...Step[]]
  readonly times: number
  /** The path of the case beside which this one is called, once the last wait there begins. */
  readonly follows?: string
}

export type Random = Kit['random']

/** What a case is drawn with: the values, and a path that no other case has. */
export interface Drawing {
  readonly random: Random
  readonly path: () => string
}

/** An outcome in short: a status, or how the connection was lost. */
export type Short = number | LostStep['kind']

/** `POST, key: 503, 201` */
export function draw(
  drawing: Drawing,
  message: Message,
  outcomes: readonly [Short, ...Short[]],
  { times = outcomes.length, limits = { base: 3 } as Limits | null, note = '' } = {},
): Case {
  const steps = outcomes.map((each) => step(drawing, message.method, each)) as [Step, ...Step[]]
  const kind = message.method + (hasKey(message) ? ', key' : '')
  const name = `${kind}: ${outcomes.map(inWords).join(', ')}${note}`
  return { ...message, name, path: drawing.path(), limits, steps, times }
}

export function step({ random }: Drawing, method: string, outcome: Short): Step {
  const content = `${random.word()} ${random.word()}\n`
  if (typeof outcome !== 'number') return { kind: outcome, half: content }
  const hasContent = method !== 'HEAD' && outcome !== 204
  return { kind: 'answer', status: outcome, content: hasContent ? content : '' }
}

export function inWords(outcome: Short): string {
  return typeof outcome === 'number' ? String(outcome) : IN_WORDS[outcome]
}

const IN_WORDS = { reset: 'reset', closed: 'closed', broken: 'broken off' }

export function shortOf(each: Step): Short {
  return each.kind === 'answer' ? each.status : each.kind
}

export function hasKey({ headers }: Message): boolean {
  return Object.keys(headers).some((name) => name.toLowerCase() === 'idempotency-key')
}

export function get(): Message {
  return { method: 'GET', headers: {} }
}

export function bare(method: string): Message {
  return { method, headers: {} }
}

/** A request with content, and a field of its own. */
export function withContent({ random }: Drawing, method: string): Message {
  return {
    method,
    headers: { 'Content-Type': 'text/plain', 'X-Request-Id': random.token(8) },
    body: `order=${random.word()}&pieces=${random.integer(2, 99)}`,
  }
}

export function withKey(drawing: Drawing, method: string, name = 'Idempotency-Key'): Message {
  const { headers, ...message } = withContent(drawing, method)
  return { ...message, headers: { ...headers, [name]: `"${drawing.random.uuid()}"` } }
}
