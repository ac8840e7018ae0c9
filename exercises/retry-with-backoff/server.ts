import type { Asked, Call, Exchange, Kit, Origin, SetUpKit } from '#grader'
import type { Case, Drawing, Step } from './steps.ts'

/** After so many requests a failure without an end is over, so that no program tries for ever. */
export const ENOUGH = 30

const REASONS: Readonly<Record<number, string>> = {
  200: 'OK',
  201: 'Created',
  204: 'No Content',
  400: 'Bad Request',
  401: 'Unauthorized',
  404: 'Not Found',
  409: 'Conflict',
  410: 'Gone',
  422: 'Unprocessable Entity',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
}

/** A type, because what a set-up gives may have any other member. */
type Open = {
  readonly server: Origin
  /** How many requests came to a path so far. */
  readonly countOf: (path: string) => number
}

/** A server that does with each request what its case says. */
export async function openServer<Given extends { readonly cases: readonly Case[] }>(
  { random, listen }: SetUpKit,
  drawCases: (drawing: Drawing) => Given,
): Promise<Given & Open> {
  const drawnWords = new Set<string>()
  const path = (): string => {
    const word = random.word()
    if (drawnWords.has(word)) return path()
    drawnWords.add(word)
    return `/${word}`
  }
  const given = drawCases({ random, path })
  const byPath = new Map(given.cases.map((each) => [each.path, each]))
  const counts = new Map<string, number>()
  const stepFor = (target: string): Step => {
    const count = counts.get(target) ?? 0
    counts.set(target, count + 1)
    const { steps } = byPath.get(target) ?? {}
    if (!steps) return { kind: 'answer', status: 404, content: 'Nothing is at this address.\n' }
    if (count >= ENOUGH) return { kind: 'answer', status: 200, content: 'Enough.\n' }
    return steps[count] ?? steps.at(-1)!
  }
  const server = await listen('the server', async (connection) => {
    for (let asked; (asked = await connection.nextRequest());) {
      const step = stepFor(asked.path)
      if (step.kind === 'reset') return connection.reset()
      const isLast = step.kind !== 'answer' || step.closes === true || asksToClose(asked)
      await connection.write(bytesOf(step, isLast))
      if (isLast) return connection.end()
    }
    connection.end()
  })
  return { ...given, server, countOf: (target) => counts.get(target) ?? 0 }
}

function asksToClose({ headers }: Pick<Asked, 'headers'>): boolean {
  return headers.some(([name, value]) => /^connection$/i.test(name) && /\bclose\b/i.test(value))
}

function bytesOf(step: Step, isLast: boolean): string {
  if (step.kind === 'reset' || step.kind === 'closed') return ''
  const content = step.kind === 'answer' ? step.content : step.half
  const status = step.kind === 'answer' ? step.status : 200
  const length = step.kind === 'answer' ? content.length : content.length * 2
  const hint = step.kind === 'answer' ? hintNow(step.retryAfter) : undefined
  return [
    `HTTP/1.1 ${status} ${REASONS[status] ?? ''}`,
    `Date: ${new Date().toUTCString()}`,
    ...(status === 204 ? [] : ['Content-Type: text/plain', `Content-Length: ${length}`]),
    ...(hint === undefined ? [] : [`Retry-After: ${hint}`]),
    ...(isLast ? ['Connection: close'] : []),
    `\r\n${content}`,
  ].join('\r\n')
}

/** A date is one that is so many milliseconds ahead, or a little more: HTTP counts whole seconds. */
function hintNow(retryAfter: string | undefined): string | undefined {
  const ahead = /^date \+(-?\d+)$/.exec(retryAfter ?? '')?.[1]
  if (ahead === undefined) return retryAfter
  return new Date(Math.ceil((Date.now() + Number(ahead)) / 1000) * 1000).toUTCString()
}

export async function callFor({ call }: Kit, { url }: Origin, each: Case): Promise<Call> {
  const { method, headers, body, path, limits } = each
  const message = {
    ...(method !== 'GET' && { method }),
    ...(Object.keys(headers).length > 0 && { headers }),
    ...(body !== undefined && { body }),
  }
  const isPlain = limits === null && Object.keys(message).length === 0
  return call(
    'sendWithRetry',
    `${url}${path}`,
    ...(isPlain ? [] : limits === null ? [message] : [message, limits]),
  )
}

export interface Recorded {
  readonly cases: readonly Case[]
  readonly calls: readonly (Call | null)[]
  readonly exchanges: readonly Exchange[]
}

type Calls = Open & { readonly cases: readonly Case[] }

/** One call after the other, up to the first that has no end. */
export async function callInTurn(kit: Kit, { cases, server, countOf }: Calls): Promise<Recorded> {
  const calls: (Call | null)[] = []
  let isOver = false
  for (const each of cases) {
    const call: Call | null = isOver ? null : await callFor(kit, server, each)
    calls.push(call)
    isOver ||= !isDone(call) || countOf(each.path) > ENOUGH
  }
  return { cases, calls, exchanges: server.exchanges() }
}

/**
 * Calls that go on side by side. Each is made when the first request of the one before has come: a
 * program that is asked for everything in one moment is late with all of it. A case with a
 * companion has that called when its last request has come.
 */
export async function callTogether(kit: Kit, { cases, server, countOf }: Calls): Promise<Recorded> {
  const calls = new Map<Case, Promise<Call | null>>()
  let isAsking = true
  const companions = new Map(cases.flatMap((each) => (each.follows ? [[each.follows, each]] : [])))
  const call = (each: Case) => {
    const made = callFor(kit, server, each)
    calls.set(each, made)
    return made
  }
  for (const each of cases) {
    if (each.follows) continue
    const made = call(each)
    const hasAsked = kit.until(() => countOf(each.path) > 0)
    if (isAsking) isAsking = (await Promise.race([hasAsked, made])) !== null
    const companion = companions.get(each.path)
    if (!companion) continue
    const isLast = () => countOf(each.path) >= each.times - 1
    const hasCome = isAsking ? kit.until(isLast) : Promise.resolve(null)
    calls.set(
      companion,
      hasCome.then((has) => (has ? callFor(kit, server, companion) : null)),
    )
  }
  const made = await Promise.all(cases.map((each) => calls.get(each) ?? null))
  // On a busy machine a call may take longer than one is waited for.
  const hinted = cases.filter(({ steps: [first] }) => first.kind === 'answer' && first.retryAfter)
  await kit.until(() => hinted.every(({ path, times }) => [0, times].includes(countOf(path))))
  return { cases, calls: made, exchanges: server.exchanges() }
}

/** Whether it came to an end, be it with an error. */
export function isDone(call: Call | null): boolean {
  return call !== null && !NOT_DONE.test(call.error ?? '')
}

/** Whether the function itself said so: these are the grader's words for a call. */
export function isRejection(error: string): boolean {
  return !NOT_DONE.test(error) && !error.startsWith('it gave ')
}

const NOT_DONE = / was not done after |^the program ended |^it was not called /

/** Whether it was made, and neither gave anything nor rejected for as long as was waited. */
export function hasNoEnd({ error }: Call): boolean {
  return error?.includes(' was not done after ') === true
}

export function wasMade(call: Call): boolean {
  return call !== notCalled
}

/** A call, and the requests that came of it, in their order. */
export interface Row extends Case {
  readonly call: Call
  readonly asked: readonly Exchange[]
}

export function rowsOf({ cases, calls, exchanges }: Recorded): Row[] {
  return cases.map((each, index) => ({
    ...each,
    call: calls[index] ?? notCalled,
    asked: exchanges
      .filter(({ request }) => request.path === each.path)
      .toSorted((one, other) => one.startedAt - other.startedAt),
  }))
}

/** What is said of a call that was never made. */
const notCalled: Call = {
  kind: 'call',
  call: 'sendWithRetry(…)',
  value: undefined,
  error: 'it was not called any more, because a call before it had no end',
  startedAt: 0,
  endedAt: 0,
}
