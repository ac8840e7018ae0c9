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
        await connection.receive((received) => wholeResponses(Buffer.from(received, 'latin1')) > 0)
        // What comes after the end would be taken for the next response.
        await wait(0.2)
        const record = connection.record()
        const stays = record.ended === null && wholeResponses(record.bytes) > 0
        const saysClose = /\bclose\b/i.test(fieldsOf(record, 'Connection') ?? '')
        if (stays && saysClose) await connection.receive()
        if (stays && !saysClose) {
          await connection.write(requestFor(next))
          await connection.receive((received) =>
            /\r?\n\r?\n/.test(received.slice(record.bytes.length)),
          )
        }
        const later = connection.record()
        connection.end()
        return {
          record,
          again: stays && !saysClose ? later : null,
          lingers: stays && saysClose && later.ended === null,
        }
      }
      const openPage = async () => {
        const page = await newPage()
        const visit = await page.open('/')
        const paragraphs = await page.evaluate(
          "Array.from(document.querySelectorAll('p'), (p) => p.textContent.trim())",
        )
        const encoding = await page.evaluate('document.characterSet')
        return { error: visit.error, paragraphs, encoding: String(encoding.value) }
      }
      const unknown = `/${random.word()}`
      const [root, other, shown] = [
        await ask('/', unknown),
        await ask(unknown, '/'),
        await openPage(),
      ]
      const connections = [
        { path: '/', next: unknown, due: '404', ...root },
        { path: unknown, next: '/', due: '200', ...other },
      ]
      return {
        message: environment.MESSAGE,
        root: root.record,
        unknown,
        other: other.record,
        connections,
        ...shown,
      }
    },
  },
)

export function wholeResponses(bytes: Uint8Array): number {
  return readStrictly(bytes, { of: 'responses', closed: false }).messages.length
}

/** One character per byte, as the strict reader has it. */
export function text({ bytes }: RawRecord): string {
  return Buffer.from(bytes).toString('latin1')
}

/** Everything before the first empty line, whatever its line ends; all of it when there is none. */
export function headText(record: RawRecord): string {
  return text(record).split(/\r?\n\r?\n/, 1)[0]!
}

/** The values of all fields of that name; undefined when there is none. */
export function fieldsOf(record: RawRecord, name: string): string | undefined {
  const values = headText(record)
    .split(/\r?\n/)
    .slice(1)
    .flatMap((line) => {
      const colon = line.indexOf(':')
      return line.slice(0, colon).toLowerCase() === name.toLowerCase()
        ? [line.slice(colon + 1).trim()]
        : []
    })
  return values.length === 0 ? undefined : values.join(', ')
}

export const CLOSED = 'the end of the connection'

interface Connection {
  readonly record: RawRecord
  readonly again: RawRecord | null
  readonly lingers: boolean
}

/** What became of a second request on a connection. */
export function cameAfter({ record, again, lingers }: Connection): string {
  if (again === null) return lingers ? 'nothing, and the connection stayed open' : CLOSED
  const behind = text(again).slice(record.bytes.length)
  const [, status] = /^HTTP\/1\.1 (\d{3}) /.exec(behind) ?? []
  if (status !== undefined) return `an answer with ${status}`
  if (again.ended !== null) return CLOSED
  return behind === '' ? 'nothing' : 'something that is no answer'
}

export function firstLine(record: RawRecord): string {
  return Buffer.from(record.bytes)
    .toString('utf8')
    .split(/[\r\n]/, 1)[0]!
}

export function contentOf(record: RawRecord): Buffer {
  const start = text(record).indexOf('\r\n\r\n')
  return start === -1 ? Buffer.alloc(0) : Buffer.from(record.bytes).subarray(start + 4)
}

export function hasEmptyLine(record: RawRecord): boolean {
  return text(record).includes('\r\n\r\n')
}
