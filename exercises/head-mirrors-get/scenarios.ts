import {
  field,
  fields,
  isAnswered,
  present,
  scenario,
  text,
  type Exchange,
  type Kit,
  type SetUpKit,
} from '#grader'

const drawRows = ({ random }: SetUpKit) => ({
  environment: { ROWS: String(random.integer(20, 400)) },
})

export const report = scenario(
  'A client asks for /report with GET, HEAD and GET on one connection, then for an unknown address',
  {
    setUp: drawRows,
    async record(kit, { environment }) {
      const unknown = `/${kit.random.word()}`
      const ask = createClient(kit)
      return {
        rows: Number(environment.ROWS),
        get: await ask('GET', '/report'),
        head: await ask('HEAD', '/report'),
        again: await ask('GET', '/report'),
        getUnknown: await ask('GET', unknown),
        headUnknown: await ask('HEAD', unknown),
      }
    },
    facts: ({ rows, get, head, again, getUnknown, headUnknown }) => {
      const isSteady = ([name, value]: Field) => fields(again, name).includes(value)
      return {
        ...asPair(present(get, 'GET /report'), head, again),
        rows,
        again,
        lines: linesIn(get),
        linesAgain: linesIn(again),
        toMirror: fieldsOf(get, NOT_MIRRORED, isSteady),
        unknown: asPair(getUnknown, headUnknown, null),
      }
    },
  },
)

export const stream = scenario(
  'A client asks for /stream with HEAD, for /report on the same connection, then GET /stream',
  {
    setUp: drawRows,
    async record(kit) {
      const ask = createClient(kit)
      const [head, next] = await kit.critical(async () => [
        await ask('HEAD', '/stream'),
        await ask('GET', '/report'),
      ])
      return { head, next, get: await ask('GET', '/stream') }
    },
    facts: ({ head, next, get }) => ({
      ...asPair(get, present(head, 'HEAD /stream'), next),
      next,
      // It was got once, seconds later, so nobody knows which other values change with the time.
      toMirror: fieldsOf(get, KNOWN_LATE, ([name]) => /^content-type$/i.test(name)),
    }),
  },
)

/** What GET and HEAD got for one path. */
export interface Pair {
  /** `HEAD /report` */
  readonly name: string
  /** The answer to HEAD, which is judged. */
  readonly exchange: Exchange | null
  readonly get: Exchange | null
  /** What followed the head of the answer to HEAD. */
  readonly content: Uint8Array
}

/** A field of the answer to GET that the answer to HEAD has to have. */
export interface FieldToMirror {
  readonly name: string
  /** Undefined where it may be another one. */
  readonly value: string | undefined
}

type Field = readonly [name: string, value: string]

/** Content-Length has a check of its own; the others are about this message or this moment. */
const NOT_MIRRORED = /^(content-length|date|connection|keep-alive|transfer-encoding|trailer)$/i
/** RFC 9110 §9.3.2 lets HEAD leave out what is known only when the content is there. */
const KNOWN_LATE = new RegExp(`${NOT_MIRRORED.source}|^(etag|last-modified)$`, 'i')

/** Seconds from the first byte of a request until its answer was whole; 0 when it never was. */
export function secondsTaken(exchange: Exchange | null): number {
  if (!exchange?.response?.complete) return 0
  return (exchange.response.endedAt - exchange.startedAt) / 1000
}

/** How many bytes GET sent as content. */
export function lengthOf({ get }: Pair): number {
  const { body, rest } = get?.response ?? {}
  return (body?.length ?? 0) + (rest?.bytes ?? 0)
}

/** The number of lines, whether or not the last one is ended. */
function linesIn(get: Exchange | null): number {
  return text(get)
    .split(/\r?\n/)
    .filter((line) => line !== '').length
}

function asPair(get: Exchange | null, exchange: Exchange | null, next: Exchange | null): Pair {
  const path = get?.request.path ?? exchange?.request.path ?? ''
  return { name: `HEAD ${path}`, exchange, get, content: contentAfter(exchange, next) }
}

/** What comes late was taken for the beginning of the next answer on the connection. */
function contentAfter(head: Exchange | null, next: Exchange | null): Uint8Array {
  const isSame = head !== null && head.connection === next?.connection
  return head?.extra ?? (isSame ? next.garbage : null) ?? new Uint8Array()
}

function fieldsOf(
  get: Exchange | null,
  without: RegExp,
  isSteady: (field: Field) => boolean,
): FieldToMirror[] {
  const all = get?.response?.headers ?? []
  return all
    .filter(([name]) => !without.test(name))
    .map((each) => ({ name: each[0], value: isSteady(each) ? each[1] : undefined }))
}

/**
 * A client that keeps its connection for as long as the program does, and asks again on another one
 * where it was closed just then (RFC 9112 §9.3.1). It gives up when its first request is not
 * answered.
 */
function createClient({ connect, wait }: Kit) {
  let connection: Awaited<ReturnType<typeof connect>> | null = null
  let isFirst = true
  let isGivenUp = false

  return async (method: string, path: string): Promise<Exchange | null> => {
    if (isGivenUp) return null
    const kept = connection
    connection ??= await connect()
    let exchange = await connection.request({ method, path })
    if (kept && wasTooLate(exchange)) {
      connection = await connect()
      const again = await connection.request({ method, path })
      // Of a program that has gone, the request that it went at tells more.
      exchange = again?.cut === 'refused' ? (exchange ?? again) : again
    }
    // What follows a head that is over would be taken for the next answer.
    if (method === 'HEAD' && isAnswered(exchange))
      await (isClosing(exchange) ? connection.receive() : wait(0.2))
    if (isFirst && !isAnswered(exchange)) isGivenUp = true
    isFirst = false
    // Bytes that nobody asked for leave a client in doubt where the next answer begins.
    const isClean = isAnswered(exchange) && exchange?.extra === undefined
    const mayGoOn = isClean && !isClosing(exchange)
    if (!mayGoOn || connection.record().ended !== null) {
      connection.reset()
      connection = null
    }
    return exchange
  }
}

/** The program had closed the connection before it could read the request. */
function wasTooLate(exchange: Exchange | null): boolean {
  if (exchange === null) return true
  const { response, garbage, cut } = exchange
  return response === null && garbage === null && (cut === 'closed' || cut === 'reset')
}

function isClosing(exchange: Exchange | null): boolean {
  const options = field(exchange, 'Connection') ?? ''
  if (/\bclose\b/i.test(options)) return true
  const isOld = exchange?.response?.startLine.startsWith('HTTP/1.0') === true
  return isOld && !/\bkeep-alive\b/i.test(options)
}
