import { readStrictly, scenario, type RawRecord } from '#grader'

export const answers = scenario(
  'Chromium opens /, and a strict reader asks for / and for an address nobody knows',
  {
    setUp: ({ random }) => ({ environment: { MESSAGE: `${random.word()} café ☕ 日本` } }),
    async record({ newPage, connect, wait, random, address }, { environment }) {
      const requestFor = (path: string) =>
        `GET ${path} HTTP/1.1\r\nHost: ${new URL(address).host}\r\nAccept: */*\r\n\r\n`
      /** Asks for a path; where the connection stays open, for the next one on it. */
      const ask = async (path: string, next: string) => {
        const connection = await connect()
        await connection.write(requestFor(path))
        await connection.receive((received) => isWhole(Buffer.from(received, 'latin1')))
        // What comes after the end would be taken for the next response.
        await wait(0.2)
        const first = connection.record()
        const stays = first.ended === null && isWhole(first.bytes)
        const saysClose = announcesClose(answered(path, first))
        if (stays && saysClose) await connection.receive()
        if (stays && !saysClose) {
          await connection.write(requestFor(next))
          await connection.receive((received) =>
            /\r?\n\r?\n/.test(received.slice(first.bytes.length)),
          )
        }
        const all = connection.record()
        connection.end()
        return { path, next, first, all, isAskedAgain: stays && !saysClose }
      }
      const unknown = `/${random.word()}`
      const toRoot = await ask('/', unknown)
      const toUnknown = await ask(unknown, '/')
      const page = await newPage()
      const { error } = await page.open('/')
      const paragraphs = await page.evaluate(
        "Array.from(document.querySelectorAll('p'), (p) => p.textContent.trim())",
      )
      const encoding = await page.evaluate('document.characterSet')
      return { message: environment.MESSAGE, toRoot, toUnknown, error, paragraphs, encoding }
    },
    facts: ({ message, toRoot, toUnknown, error, paragraphs, encoding }) => {
      const connections = [connection(toRoot, 404), connection(toUnknown, 200)]
      const texts: unknown[] = Array.isArray(paragraphs.value) ? paragraphs.value : []
      const isShown = texts.includes(message)
      return {
        message,
        root: answered(toRoot.path, toRoot.first),
        other: answered(toUnknown.path, toUnknown.first),
        connections,
        wrong: connections.find(({ isRight }) => !isRight),
        /** Chromium's reason not to show the page: `ERR_INVALID_HTTP_RESPONSE`. */
        refusal: error?.startsWith('net::') ? error.slice('net::'.length) : undefined,
        paragraphs,
        isShown,
        /** What Chromium made of the bytes. */
        asRead: `${encoding.value}${isShown ? '' : `: it shows \`${texts[0]}\``}`,
        isReadAsUtf8: encoding.value === 'UTF-8',
      }
    },
  },
)

/** What came for a path. */
export interface Answer {
  readonly path: string
  readonly record: RawRecord
  /** All of it, one character per byte, as the strict reader has it. */
  readonly text: string
  /** Everything before the first empty line, whatever its line ends; all when there is none. */
  readonly head: string
  readonly firstLine: string
  readonly hasEmptyLine: boolean
  /** What follows the empty line. */
  readonly content: Buffer
}

function answered(path: string, record: RawRecord): Answer {
  const bytes = Buffer.from(record.bytes)
  const text = textOf(record)
  const end = text.indexOf('\r\n\r\n')
  return {
    path,
    record,
    text,
    head: text.replace(/\r?\n\r?\n[^]*/, ''),
    firstLine: bytes.toString('utf8').replace(/[\r\n][^]*/, ''),
    hasEmptyLine: end !== -1,
    content: end === -1 ? Buffer.alloc(0) : bytes.subarray(end + 4),
  }
}

/** A path that was asked for, and the next one on the same connection where it stayed open. */
interface Asked {
  readonly path: string
  readonly next: string
  /** What had come before the next one was asked for. */
  readonly first: RawRecord
  readonly all: RawRecord
  readonly isAskedAgain: boolean
}

/** What became of a connection after its first answer. */
export interface Connection extends Asked {
  /** The first answer: `an answer with 200`. */
  readonly before: string
  /** `an answer with 404`, or what came instead. */
  readonly came: string
  readonly due: string
  readonly isRight: boolean
}

function connection(asked: Asked, status: number): Connection {
  const due = `an answer with ${status}`
  const came = cameAfterwards(asked)
  const before = answerIn(textOf(asked.first))
  return { ...asked, due, before, came, isRight: came === due || came === CLOSED }
}

export const CLOSED = 'the end of the connection'
export const NOTHING = 'nothing'

function cameAfterwards({ first, all, isAskedAgain }: Asked): string {
  const isClosed = all.ended !== null
  if (!isAskedAgain) return isClosed ? CLOSED : 'nothing, and the connection stayed open'
  const later = textOf(all).slice(first.bytes.length)
  const answer = answerIn(later)
  if (answer !== NOTHING) return answer
  if (isClosed) return CLOSED
  return later === '' ? NOTHING : "something that isn't an answer"
}

function answerIn(text: string): string {
  const [, status] = /^HTTP\/1\.1 (\d{3}) /.exec(text) ?? []
  return status === undefined ? NOTHING : `an answer with ${status}`
}

function isWhole(bytes: Uint8Array): boolean {
  return readStrictly(bytes, { of: 'responses', closed: false }).messages.length > 0
}

function announcesClose(answer: Answer): boolean {
  return /\bclose\b/i.test(fieldOf(answer, 'Connection') ?? '')
}

function textOf({ bytes }: RawRecord): string {
  return Buffer.from(bytes).toString('latin1')
}

/** The values of all fields of that name; undefined when there is none. */
export function fieldOf({ head }: Answer, name: string): string | undefined {
  const [, ...lines] = head.split(/\r?\n/)
  const values = lines.flatMap((line) => {
    const colon = line.indexOf(':')
    const isNamed = line.slice(0, colon).toLowerCase() === name.toLowerCase()
    return isNamed ? [line.slice(colon + 1).trim()] : []
  })
  return values.length === 0 ? undefined : values.join(', ')
}

/** Whether neither Content-Length nor Transfer-Encoding says where the content ends. */
export function hasNoLength(answer: Answer): boolean {
  return ['Content-Length', 'Transfer-Encoding'].every((name) => !fieldOf(answer, name))
}

/** The charset that Content-Type names. */
export function charsetOf(answer: Answer): string | undefined {
  return /;\s*charset\s*=\s*"?([^";\s]+)/i.exec(fieldOf(answer, 'Content-Type') ?? '')?.[1]
}

/** What is wrong in the head, without what is wrong about the content. */
export function headProblem({ head, text, record }: Answer): { at: number; say: string } | null {
  const content = head.search(/^</m)
  if (content > 0) return { at: content, say: 'content where a field or the empty line was due' }
  const end = text.indexOf('\r\n\r\n')
  // A head alone is whole when its reader expects no content.
  const bytes = end === -1 ? record.bytes : record.bytes.subarray(0, end + 4)
  const { problem } = readStrictly(bytes, { of: 'responses', closed: true, methods: ['HEAD'] })
  return problem?.at === 0 ? null : problem
}

/** The first line of the page, where it was read as a part of the head. */
export function pageInHead({ head }: Answer): string | undefined {
  const [line] = /^<.*/m.exec(head) ?? []
  return line && Buffer.from(line, 'latin1').toString('utf8').trimEnd().slice(0, 40)
}

/** The number in Content-Length when it is that of the characters; undefined when it isn't. */
export function lengthInCharacters(answer: Answer): number | undefined {
  const length = Number(fieldOf(answer, 'Content-Length'))
  const content = answer.content.toString('utf8')
  return [content.length, Array.from(content).length].find((each) => each === length)
}

/** Line ends that are all that Content-Length left out; undefined when it is something else. */
export function uncountedLineEnds(answer: Answer): 'before' | 'after' | undefined {
  const content = answer.content.toString('latin1')
  const length = Number(fieldOf(answer, 'Content-Length'))
  const isLineEnds = (text: string) => /^[\r\n]+$/.test(text)
  if (isLineEnds(content.slice(length))) return /^[\r\n]/.test(content) ? 'before' : 'after'
  const isBefore = content.length > length && isLineEnds(content.slice(0, content.length - length))
  return isBefore ? 'before' : undefined
}
