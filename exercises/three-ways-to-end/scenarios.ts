import {
  readStrictly,
  scenario,
  type RawRecord,
  type SetUpKit,
  type StrictMessage,
  type StrictReading,
} from '#grader'

/**
 * Every sentence has characters of one, two, three and four bytes; wherever a string is cut again
 * and again, it is cut through a pair of surrogates.
 */
const drawText = ({ random }: SetUpKit) => ({
  environment: {
    TEXT: Array.from({ length: 12 }, () => `${random.word()}: café ☕ 🚆`).join(', '),
  },
})

export const inBrowser = scenario(
  'A script in Chromium fetches /length, /chunked, /close and /broken',
  {
    setUp: drawText,
    async record({ newPage }, { environment }) {
      const page = await newPage()
      // A document that never ends is not shown at all, and a page that is nowhere may fetch nothing.
      if ((await page.open('/length')).error !== null) await page.open('/close')
      const [length, chunked, close] = [
        await page.fetch('/length'),
        await page.fetch('/chunked'),
        await page.fetch('/close'),
      ]
      const broken = await page.fetch('/broken')
      return { text: environment.TEXT, length, chunked, close, broken }
    },
  },
)

export const byHand = scenario(
  'A strict reader asks for each of them, and for three on one connection',
  {
    setUp: drawText,
    async record({ connect, wait, address }, { environment }) {
      const ask = async (...paths: string[]) => {
        const connection = await connect()
        for (const [index, path] of paths.entries()) {
          await connection.write(
            `GET ${path} HTTP/1.1\r\nHost: ${new URL(address).host}\r\nAccept: */*\r\n\r\n`,
          )
          await connection.receive(
            (received) =>
              read({ bytes: Buffer.from(received, 'latin1'), ended: null }).messages.length > index,
          )
        }
        // What comes after an end would be taken for the next response.
        await wait(0.2)
        const record = connection.record()
        connection.reset()
        return record
      }
      const [length, chunked, close, broken, three] = await Promise.all([
        ask('/length'),
        ask('/chunked'),
        ask('/close'),
        ask('/broken'),
        ask('/length', '/chunked', '/length'),
      ])
      return { text: environment.TEXT, length, chunked, close, broken, three }
    },
  },
)

export function read({ bytes, ended }: Pick<RawRecord, 'bytes' | 'ended'>): StrictReading {
  return readStrictly(bytes, { of: 'responses', closed: ended !== null })
}

/** One character per byte, as the strict reader has it. */
export function textOf({ bytes }: RawRecord): string {
  return Buffer.from(bytes).toString('latin1')
}

export type ChunkAsCut = { readonly said: string; readonly bytes: number; readonly text: string }

/**
 * The chunks by their line ends, whatever sizes were `said`: the text itself has no CR LF. Without
 * the last one.
 */
export function chunksAsCut(record: RawRecord): ChunkAsCut[] {
  const [, ...body] = textOf(record).split('\r\n\r\n')
  const lines = body.join('\r\n\r\n').split('\r\n')
  return lines.flatMap((said, index) => {
    const next = lines[index + 1]
    if (index % 2 === 1 || next === undefined || next === '' || !/^[\da-f]+$/i.test(said)) return []
    return [{ said, bytes: next.length, text: Buffer.from(next, 'latin1').toString() }]
  })
}

/** The fields of the first head that tell where the content ends, as they were written. */
export function framingFields(record: RawRecord): string {
  const fields = textOf(record)
    .split(/\r?\n\r?\n/, 1)[0]!
    .split(/\r?\n/)
    .filter((line) => /^(content-length|transfer-encoding):/i.test(line))
  if (record.bytes.length === 0) return 'no response came'
  return fields.map((line) => line.replace(/:\s*/, ': ').trimEnd()).join(' and ') || 'nothing'
}

export function isChunked(fields: string): boolean {
  return /^transfer-encoding: chunked$/i.test(fields)
}

export function saysBoth(record: RawRecord): boolean {
  return /content-length.*transfer-encoding|transfer-encoding.*content-length/i.test(
    framingFields(record),
  )
}

/** The version that the first status line names, or the line that names none. */
export function versionOf(record: RawRecord): string {
  const [line = ''] = textOf(record).split(/\r?\n/, 1)
  return /^HTTP\/\d\.\d/.exec(line)?.[0] ?? line
}

/** A few bytes will do: what a program adds before it fails is its own affair. */
export function beginsLike(text: string, body: Buffer): boolean {
  const few = Math.min(body.length, 4)
  return body.subarray(0, few).equals(Buffer.from(text).subarray(0, few))
}

export function sameContent(
  one: StrictMessage | undefined,
  other: StrictMessage | undefined,
): boolean {
  return one !== undefined && other !== undefined && Buffer.compare(one.body, other.body) === 0
}
