import { readStrictly, scenario, type RawRecord } from '#grader'

export const answers = scenario(
  'Chromium opens /, and a strict reader asks for / and for an address nobody knows',
  ({ random }) => ({ environment: { MESSAGE: `${random.word()} café ☕ 日本` } }),
  async ({ newPage, connect, wait, random, address }, { environment }) => {
    const ask = async (path: string) => {
      const connection = await connect()
      const request = `GET ${path} HTTP/1.1\r\nHost: ${new URL(address).host}\r\nAccept: */*\r\n\r\n`
      await connection.write(request)
      await connection.receive((received) => wholeResponses(Buffer.from(received, 'latin1')) > 0)
      // What comes after the end would be taken for the next response.
      await wait(0.2)
      const record = connection.record()
      const invites = path === '/' && record.ended === null && wholeResponses(record.bytes) > 0 && !/\bclose\b/i.test(fieldsOf(record, 'Connection') ?? '')
      if (invites) {
        await connection.write(request)
        await connection.receive((received) => wholeResponses(Buffer.from(received, 'latin1')) > 1)
      }
      const again = invites ? connection.record() : null
      connection.end()
      return { record, again }
    }
    const openPage = async () => {
      const page = await newPage()
      const visit = await page.open('/')
      const paragraphs = await page.evaluate("Array.from(document.querySelectorAll('p'), (p) => p.textContent.trim())")
      const encoding = await page.evaluate('document.characterSet')
      return { error: visit.error, paragraphs, encoding: String(encoding.value) }
    }
    const unknown = `/${random.word()}`
    const [root, other, shown] = [await ask('/'), await ask(unknown), await openPage()]
    return { message: environment.MESSAGE, root: root.record, again: root.again, unknown, other: other.record, ...shown }
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
  const values = headText(record).split(/\r?\n/).slice(1).flatMap((line) => {
    const colon = line.indexOf(':')
    return line.slice(0, colon).toLowerCase() === name.toLowerCase() ? [line.slice(colon + 1).trim()] : []
  })
  return values.length === 0 ? undefined : values.join(', ')
}
