import type { Call, Exchange, Kit, SetUpKit } from '#grader'
import type { Case, Drawing, Side, Step } from './steps.ts'

/** What a server answers. */
export type Reply = {
  readonly status?: number
  readonly headers?: Record<string, string>
  readonly body?: string
}

interface Drawn {
  readonly cases: readonly Case[]
  /** What answers beside the steps of the cases. */
  readonly answer?: (target: string) => Reply | undefined
}

interface Open {
  readonly servers: Readonly<Record<Side, string>>
  readonly exchanges: () => readonly Exchange[]
  /** What each connection carried. */
  readonly connections: () => readonly Uint8Array[]
}

/** Two servers that answer as the cases say. They need their addresses for it, so they come first. */
export async function openServers<Given extends Drawn>(
  { random, origin }: SetUpKit,
  draw: (drawing: Drawing) => Given,
): Promise<Given & { readonly open: Open }> {
  const steps: Step[] = []
  let more: Drawn['answer']
  const answering =
    (side: Side) =>
    ({ method, target }: Pick<Asked, 'method' | 'target'>): Reply => {
      const reply = more?.(target)
      if (reply) return reply
      const here = steps.filter((step) => step.at === side && step.target === target)
      // Another method than the right one is answered, too: only what comes next is judged.
      const step = here.find((each) => each.method === method) ?? here[0]
      if (step === undefined) return { status: 404, body: 'Nothing is at this address.\n' }
      const { status, location, content } = step
      const headers = location === undefined ? {} : { location }
      return { status, headers, body: content }
    }
  const a = await origin('server A', answering('A'))
  const b = await origin('server B', answering('B'))
  const servers = { A: a.url, B: b.url }
  const drawnWords = new Set<string>()
  const path = (): string => {
    const word = random.word()
    if (drawnWords.has(word)) return path()
    drawnWords.add(word)
    return `/${word}`
  }
  const given = draw({ random, servers, path })
  more = given.answer
  steps.push(...given.cases.flatMap((each) => each.steps))
  const exchanges = () => [...a.exchanges(), ...b.exchanges()]
  const connections = () => [...a.connections(), ...b.connections()].map(({ bytes }) => bytes)
  return { ...given, open: { servers, exchanges, connections } }
}

interface Recorded {
  readonly servers: Readonly<Record<Side, string>>
  readonly cases: readonly Case[]
  readonly calls: readonly (Call | null)[]
  readonly exchanges: readonly Exchange[]
  readonly connections: readonly Uint8Array[]
}

/** One call after the other, up to the first that isn't done in time. */
export async function callAll(
  { call }: Kit,
  cases: readonly Case[],
  { servers, exchanges, connections }: Open,
): Promise<Recorded> {
  const calls: (Call | null)[] = []
  for (const { method, headers, body, steps } of cases) {
    if (calls.length > 0 && !isDone(calls.at(-1) ?? null)) {
      calls.push(null)
      continue
    }
    const [{ at, target }] = steps
    const options = {
      ...(method !== 'GET' && { method }),
      ...(Object.keys(headers).length > 0 && { headers }),
      ...(body !== undefined && { body }),
    }
    calls.push(await call('follow', `${servers[at]}${target}`, options))
  }
  return { servers, cases, calls, exchanges: exchanges(), connections: connections() }
}

/** Whether it came to an end, be it with an error. */
export function isDone(call: Call | null): boolean {
  return call !== null && isRejection(call.error ?? '')
}

/** Whether `follow` itself said so: the grader has words for a call that is not done. */
export function isRejection(error: string): boolean {
  return !/ was not done after |^the program ended |^it was not called /.test(error)
}

/** A call, and what came of it. */
export interface Row extends Omit<Case, 'steps'> {
  readonly servers: Readonly<Record<Side, string>>
  readonly call: Call
  /** What had to come. */
  readonly steps: readonly (Step & { readonly url: string })[]
  /** What came, in its order. */
  readonly asked: readonly Asked[]
}

/** A request that came to one of the servers. */
export interface Asked {
  readonly at: Side
  readonly method: string
  readonly target: string
  readonly url: string
  readonly exchange: Exchange
  /** Whether the body follows the request, which says of no content. */
  readonly isBodyUnannounced: boolean
}

/** Each call with the requests that came while it was under way. */
export function rowsOf({ servers, cases, calls, exchanges, connections }: Recorded): Row[] {
  const sorted = exchanges.toSorted((one, other) => one.startedAt - other.startedAt)
  return cases.map((each, index) => {
    const call = calls[index] ?? notCalled
    const until = calls[index + 1]?.startedAt ?? Infinity
    const own = calls[index]
      ? sorted.filter(({ startedAt }) => startedAt >= call.startedAt && startedAt < until)
      : []
    return {
      ...each,
      servers,
      call,
      steps: each.steps.map((step) => ({ ...step, url: `${servers[step.at]}${step.target}` })),
      asked: own.map((exchange) => {
        const at = exchange.origin === 'server A' ? 'A' : 'B'
        const { method, target } = exchange.request
        const following = bytesAfter(exchange, connections)
        return {
          at,
          method,
          target,
          url: `${servers[at]}${target}`,
          exchange,
          isBodyUnannounced: each.body !== undefined && following.startsWith(each.body),
        }
      }),
    }
  })
}

/** What the connection carried after the head of a request that announced no content. */
function bytesAfter({ request }: Exchange, connections: readonly Uint8Array[]): string {
  if (request.body.length > 0) return ''
  for (const bytes of connections) {
    const at = Buffer.from(bytes).indexOf(request.head)
    if (at !== -1) return Buffer.from(bytes.subarray(at + request.head.length)).toString('latin1')
  }
  return ''
}

/** What is said of a call that was never made. */
const notCalled: Call = {
  kind: 'call',
  call: 'follow(…)',
  value: undefined,
  error: 'it was not called any more, because the call before it was not done',
  startedAt: 0,
  endedAt: 0,
}
