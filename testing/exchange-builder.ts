import type {
  ConsoleResult,
  Cookie,
  Evidence,
  Exchange,
  Exhibit,
  Headers,
  Jar,
  RefusedCookie,
} from '../grader/types/index.ts'
import type { JudgeContext } from '../grader/judge/judge-check.ts'

/** Recorded things written by hand, for tests: seconds count from this moment. */
export const EPOCH = Date.UTC(2026, 0, 1)

export interface Written {
  readonly id?: number
  readonly method?: string
  readonly target?: string
  /** Fields of the request; `cookie` adds a Cookie field. */
  readonly asks?: Headers
  readonly cookie?: string
  readonly requestBody?: string
  /** 200 when left out; null: no response came. */
  readonly status?: number | null
  readonly reason?: string
  /** Fields of the response; every entry of `sets` adds a Set-Cookie field. */
  readonly answers?: Headers
  readonly sets?: readonly string[]
  readonly body?: string
  /** The content as JSON, instead of `body`. */
  readonly json?: unknown
  readonly complete?: boolean
  readonly garbage?: string
  readonly cut?: Exchange['cut']
  readonly waitedMs?: number
  /** What the scenario had the wire do to it. */
  readonly injected?: Exchange['injected']
  /** Seconds: when the request left, when the answer came (20 ms later when left out). */
  readonly at?: number
  readonly answeredAt?: number
}

/** An exchange as the wire would have recorded it. */
export function exchange(written: Written = {}): Exchange {
  const {
    id = 1,
    method = 'GET',
    target = '/',
    status = 200,
    at = 0,
    answeredAt = at + 0.02,
    garbage,
    cut = null,
  } = written
  const startedAt = EPOCH + at * 1000
  const requestHeaders: Headers = [
    ['Host', '127.0.0.1:4000'],
    ...(written.asks ?? []),
    ...field('Cookie', written.cookie),
  ]
  const request = message(
    `${method} ${target} HTTP/1.1`,
    requestHeaders,
    written.requestBody ?? '',
    true,
    startedAt,
  )
  const body = written.json === undefined ? (written.body ?? '') : JSON.stringify(written.json)
  const responseHeaders: Headers = [
    ...(written.answers ?? []),
    ...(written.sets ?? []).flatMap((line) => field('Set-Cookie', line)),
  ]
  const response = message(
    `HTTP/1.1 ${status} ${written.reason ?? 'OK'}`,
    responseHeaders,
    body,
    written.complete ?? true,
    EPOCH + answeredAt * 1000,
  )
  return {
    kind: 'exchange',
    id,
    connection: 1,
    startedAt,
    request: { ...request, method, target, path: target.split('?', 1)[0]! },
    response:
      status === null || garbage !== undefined
        ? null
        : { ...response, status, reason: written.reason ?? 'OK' },
    garbage: garbage === undefined ? null : Buffer.from(garbage, 'latin1'),
    cut,
    ...(written.waitedMs !== undefined && { waitedMs: written.waitedMs }),
    ...(written.injected && { injected: written.injected }),
  }
}

function field(name: string, value: string | undefined): Headers {
  return value === undefined ? [] : [[name, value]]
}

function message(
  startLine: string,
  headers: Headers,
  body: string,
  complete: boolean,
  startedAt: number,
) {
  const head = `${[startLine, ...headers.map(([name, value]) => `${name}: ${value}`)].join('\r\n')}\r\n\r\n`
  return {
    startLine,
    headers,
    head: Buffer.from(head),
    body: Buffer.from(body),
    complete,
    startedAt,
    endedAt: startedAt,
  }
}

/** A cookie as the jar would list it. `expires`: in seconds. */
export function cookie(
  name: string,
  value: string,
  { expires, ...rest }: Partial<Omit<Cookie, 'expiresAt'>> & { expires?: number } = {},
): Cookie {
  const expiresAt = expires === undefined ? null : EPOCH + expires * 1000
  return {
    name,
    value,
    domain: '127.0.0.1',
    path: '/',
    expiresAt,
    httpOnly: false,
    secure: false,
    sameSite: null,
    ...rest,
  }
}

export function jar(cookies: readonly Cookie[], refused: readonly RefusedCookie[] = []): Jar {
  return { kind: 'jar', at: EPOCH, cookies, refused }
}

export function consoleResult(
  expression: string,
  value: unknown,
  error: string | null = null,
): ConsoleResult {
  return { kind: 'console', page: '/', expression, value, error }
}

/** Evidence of a scenario that recorded this. */
export function evidence(recorded: unknown, rest: Partial<Evidence> = {}): Evidence {
  return { scenario: 'by hand', recorded, exchanges: [], log: '', exit: null, remarks: [], ...rest }
}

/** What a result needs to know beyond the facts. */
export const context: JudgeContext = {
  id: 'the-check',
  atMs: 1234,
  reproduce: { start: 'npm run serve by-hand', address: 'http://127.0.0.1:3000' },
  rereads: (anchor) => ({
    lesson: 'by-hand',
    lessonTitle: 'By hand',
    anchor,
    heading: `About ${anchor}`,
  }),
}

/** What stands above the carets of an exhibit, line by line: `[line, marked characters]`. */
export function underCarets(exhibit: Exhibit | undefined): [line: string, marked: string][] {
  if (exhibit?.kind !== 'message' && exhibit?.kind !== 'text') return []
  return exhibit.lines.flatMap(({ text, mark }) =>
    mark ? [[text, text.slice(...mark)] as [string, string]] : [],
  )
}
