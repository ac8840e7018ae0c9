import {
  chunked,
  type Asked,
  type Exchange,
  type Origin,
  type ServedConnection,
  type SetUpKit,
} from '#grader'
import { drawAnswers, drawPage, type Prepared } from './answers.ts'

/** What the gateway asks: a shop whose answers are right, late, broken or missing, by the path. */
export interface Upstream {
  readonly environment: Readonly<Record<'UPSTREAM' | 'TIMEOUT_MS', string>>
  readonly server: Origin
  /** Its right answer at a path. */
  readonly rightAnswer: (path: string) => Prepared
  /** What its page says to a visitor who sends both cookies. */
  readonly greeting: string
  /** Has the content of /rows or /slow come to its end, or that of /half or /torn break off. */
  readonly end: (path: string) => void
}

/** Longer than any answer is waited for, however busy the machine. */
export const NO_LIMIT = 600_000

/** Opens it, for a gateway that waits `timeout` milliseconds for the head of an answer. */
export async function openUpstream(
  { random, listen }: SetUpKit,
  timeout: number,
): Promise<Upstream> {
  const page = await drawPage(random)
  const answers = { ...(await drawAnswers(random)), ...page.answers }
  const ended = new Set<string>()
  const server = await listen('the upstream', async (connection) => {
    for (;;) {
      const asked = await connection.nextRequest()
      if (asked === null) return
      const prepared = answers[asked.path]?.(asked)
      if (prepared) await sendAnswer(connection, asked, prepared)
      else await misbehave(connection, asked, { ended, timeout })
      // As a server does that is asked to (RFC 9112 §9.6).
      if (asked.path !== '/silent' && asksToClose(asked)) return connection.end()
    }
  })
  return {
    environment: { UPSTREAM: server.url, TIMEOUT_MS: String(timeout) },
    server,
    rightAnswer: (path) => answers[path]!(null),
    greeting: page.greeting,
    end: (path) => ended.add(path),
  }
}

/** What the upstream was asked at that path, the first time. */
export function askedAt(server: Origin, path: string): Exchange | null {
  return server.exchanges().find(({ request }) => request?.path === path) ?? null
}

/** Whether the gateway has ended its side of that connection before it had the whole answer. */
export function isLeft({ cut, clientEnded }: Exchange): boolean {
  return cut !== null || clientEnded === true
}

function asksToClose({ headers }: Asked): boolean {
  return headers.some(
    ([name, value]) => name.toLowerCase() === 'connection' && /\bclose\b/i.test(value),
  )
}

async function sendAnswer(
  connection: ServedConnection,
  asked: Asked,
  { status, headers, content, framing }: Omit<Prepared, 'unpacked'>,
): Promise<void> {
  const framed = {
    length: `Content-Length: ${content.length}\r\n`,
    chunked: 'Transfer-Encoding: chunked\r\n',
    close: '',
    none: '',
  }[framing]
  const isLast = framing === 'close' || asksToClose(asked)
  await connection.write(headOf(status, headers, framed + (isLast ? CLOSE : '')))
  if (asked.method === 'HEAD' || framing === 'none') return
  if (framing !== 'chunked') await connection.write(content)
  else for (const piece of chunked(inThree(content))) await connection.write(piece)
  if (framing === 'close') connection.end()
}

interface Course {
  readonly ended: ReadonlySet<string>
  readonly timeout: number
}

async function misbehave(
  connection: ServedConnection,
  asked: Asked,
  { ended, timeout }: Course,
): Promise<void> {
  const { path } = asked
  const closing = asksToClose(asked) ? CLOSE : ''
  // A gateway may end its side of the connection after its request and still read what comes.
  const isOver = () => ended.has(path)
  switch (path) {
    case '/nonsense':
      await connection.write('220 mail.test ESMTP ready\r\n')
      return connection.end()
    case '/hangs-up':
      return connection.end()
    case '/silent':
      return
    case '/slow':
      await connection.write(headOf(200, TEXT, `Content-Length: 12\r\n${closing}`) + 'first\n')
      await endOrPause(isOver, timeout + SLOW_MS)
      await connection.write('later\n')
      return
    case '/rows':
    case '/rows/more':
      await connection.write(headOf(200, TEXT, `Transfer-Encoding: chunked\r\n${closing}`))
      for (let row = 1; row <= MOST_ROWS && !isOver(); row++) {
        await connection.write(chunked([`row ${row}\n`])[0]!)
        await pause(ROW_MS)
      }
      return connection.write(Buffer.concat(chunked(['last row\n'])))
    case '/half':
      await connection.write(headOf(200, TEXT, 'Content-Length: 2000\r\n') + LINE)
      await endOrPause(isOver, BREAK_MS)
      return connection.end()
    case '/torn':
      await connection.write(headOf(200, TEXT, 'Transfer-Encoding: chunked\r\n'))
      await connection.write(chunked([LINE])[0]!)
      await endOrPause(isOver, BREAK_MS)
      return connection.reset()
    default:
      return sendAnswer(connection, asked, {
        status: 200,
        headers: TEXT,
        content: Buffer.from('The shop has got it.\n'),
        framing: 'length',
      })
  }
}

/** Until the scenario goes on; by hand, until a person has had time to read what came before. */
async function endOrPause(isOver: () => boolean, milliseconds: number): Promise<void> {
  for (let waited = 0; waited < milliseconds && !isOver(); waited += ROW_MS) await pause(ROW_MS)
}

function headOf(status: number, headers: readonly (readonly [string, string])[], framing: string) {
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')
  return `HTTP/1.1 ${status} ${REASONS[status] ?? 'OK'}\r\n${lines}${framing}\r\n`
}

function inThree(content: Uint8Array): Uint8Array[] {
  const third = Math.ceil(content.length / 3)
  return [0, 1, 2].map((part) => content.subarray(part * third, (part + 1) * third))
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds).unref())
}

const TEXT = [['Content-Type', 'text/plain; charset=utf-8']] as const
const CLOSE = 'Connection: close\r\n'
const LINE = 'This is the first line of a long list.\n'
const ROW_MS = 50
/** A minute, by hand. */
const MOST_ROWS = 1200
/** How long the content of /slow pauses beyond the gateway's limit. */
const SLOW_MS = 5000
const BREAK_MS = 2000
const REASONS: Readonly<Record<number, string>> = {
  204: 'No Content',
  302: 'Found',
  304: 'Not Modified',
  404: 'Not Found',
  503: 'Service Unavailable',
}
