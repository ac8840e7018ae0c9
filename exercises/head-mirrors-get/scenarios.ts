import {
  field,
  isAnswered,
  present,
  scenario,
  type Exchange,
  type Kit,
  type SetUpKit,
} from '#grader'
import { asPair, fieldsOfReport, fieldsOfStream, linesIn } from './answers.ts'

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
      const toMirror = fieldsOfReport(get, again)
      return {
        ...asPair(present(get, 'GET /report'), head, again, toMirror),
        rows,
        again,
        lines: linesIn(get),
        linesAgain: linesIn(again),
        unknown: asPair(getUnknown, headUnknown, null),
      }
    },
  },
)

export const stream = scenario(
  'A client asks for /stream with GET and with HEAD, then for /report, on one connection',
  {
    setUp: drawRows,
    async record(kit) {
      const ask = createClient(kit)
      const get = await ask('GET', '/stream')
      const [head, next] = await kit.critical(async () => [
        await ask('HEAD', '/stream'),
        await ask('GET', '/report'),
      ])
      return { get, head, next }
    },
    facts: ({ get, head, next }) => ({
      ...asPair(present(get, 'GET /stream'), head, next, fieldsOfStream(get)),
      next,
    }),
  },
)

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
