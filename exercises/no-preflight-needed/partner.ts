import { sentField, type Exchange, type Exhibit } from '#grader'

/** What Chromium refused the page: a request to this path, or its answer. */
interface Refused {
  readonly path: string
  readonly error: string
}

/** The preflight that Chromium sent, and what it asked for. */
export interface Preflight {
  readonly exchange: Exchange
  readonly method: string
  /** The names of the fields, in small letters. */
  readonly fields: readonly string[]
  /** `the POST was never sent (PreflightInvalidStatus)` */
  readonly outcome: string
}

/** The message as the partner got it. */
export interface Sent {
  readonly exchange: Exchange
  readonly type: string
  readonly text: string
  /** The text in it, when the content is JSON of the right shape. */
  readonly msg: string | undefined
}

export function isFeedback({ request }: Exchange): boolean {
  return request.method === 'POST' && request.path === '/feedback'
}

export function isQuotes({ request }: Exchange): boolean {
  return request.method === 'GET' && request.path === '/quotes'
}

export function isPreflight({ request }: Exchange): boolean {
  return request.method === 'OPTIONS'
}

export function asPreflight(
  exchange: Exchange | undefined,
  refused: readonly Refused[],
): Preflight | undefined {
  if (!exchange) return undefined
  const method = sentField(exchange, 'Access-Control-Request-Method') ?? 'request'
  const names = sentField(exchange, 'Access-Control-Request-Headers') ?? ''
  const reason = refused.find(({ path }) => path === exchange.request.path)?.error
  return {
    exchange,
    method,
    fields: names
      .split(',')
      .map((name) => name.trim().toLowerCase())
      .filter((name) => name !== ''),
    outcome: `the ${method} was never sent (${reason ?? 'no reason given'})`,
  }
}

export function asSent(exchange: Exchange | undefined): Sent | undefined {
  if (!exchange) return undefined
  const text = new TextDecoder().decode(exchange.request.body)
  const type = sentField(exchange, 'Content-Type') ?? ''
  return { exchange, type, text, msg: msgIn(text) }
}

function msgIn(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text)
    const hasMsg = typeof value === 'object' && value !== null && 'msg' in value
    return hasMsg && typeof value.msg === 'string' ? value.msg : undefined
  } catch {
    return undefined
  }
}

/** What a script got of one path: `the answer`, unless Chromium withheld every one. */
export function seen(asked: readonly Exchange[], refused: readonly Refused[]): string {
  const [first, ...more] = refused.filter(({ path }) => path === asked[0]?.request.path)
  return first && 1 + more.length >= asked.length ? `nothing (${first.error})` : 'the answer'
}

export function nameOf({ request }: Exchange): string {
  return `${request.method} ${request.target}`
}

/** The preflight's own fields and the answer's first line: the rest explains nothing here. */
export function bothSides({ exchange: { request, response } }: Preflight): Exhibit {
  return exhibit('The preflight, and what the partner answered', [
    ...head(request, /^(?:origin|access-control-request-.*)$/i),
    '',
    response?.startLine ?? 'no answer',
  ])
}

/** How a request was sent. */
export function sentFields({ request }: Exchange): Exhibit {
  return exhibit('What the partner got', head(request, /^(?:origin|content-type|sec-fetch-mode)$/i))
}

/** What a request had in its content. */
export function sentContent({ exchange: { request }, text }: Sent): Exhibit {
  const lines = text.split(/\r?\n/).slice(0, 8)
  return exhibit('What the partner got', [...head(request, /^content-type$/i), '', ...lines])
}

function exhibit(title: string, lines: readonly string[]): Exhibit {
  return { kind: 'text', title, lines: lines.map((text) => ({ text })) }
}

function head({ startLine, headers }: Exchange['request'], names: RegExp): string[] {
  const fields = headers.filter(([name]) => names.test(name))
  return [startLine, ...fields.map(([name, value]) => `${name}: ${value}`)]
}
