import { readStrictly, scenario, type RawRecord, type SetUpKit, type StrictReading } from '#grader'

/** Every sentence has characters of one, two, three and four bytes; wherever a string is cut again and again, it is cut through a pair of surrogates. */
const drawText = ({ random }: SetUpKit) => ({ environment: { TEXT: Array.from({ length: 12 }, () => `${random.word()}: café ☕ 🚆`).join(', ') } })

export const inBrowser = scenario('A script in Chromium fetches /length, /chunked, /close and /broken', drawText, async ({ newPage }, { environment }) => {
  const page = await newPage()
  // A document that never ends is not shown at all, and a page that is nowhere may fetch nothing.
  if ((await page.open('/length')).error !== null) await page.open('/close')
  const [length, chunked, close] = [await page.fetch('/length'), await page.fetch('/chunked'), await page.fetch('/close')]
  const broken = await page.fetch('/broken')
  return { text: environment.TEXT, length, chunked, close, broken }
})

export const byHand = scenario('A strict reader asks for each of them, and for three on one connection', drawText, async ({ connect, wait, address }, { environment }) => {
  const ask = async (...paths: string[]) => {
    const connection = await connect()
    for (const [index, path] of paths.entries()) {
      await connection.write(`GET ${path} HTTP/1.1\r\nHost: ${new URL(address).host}\r\nAccept: */*\r\n\r\n`)
      await connection.receive((received) => read({ bytes: Buffer.from(received, 'latin1'), ended: null }).messages.length > index)
    }
    // What comes after an end would be taken for the next response.
    await wait(0.2)
    const record = connection.record()
    connection.reset()
    return record
  }
  const [length, chunked, close, broken, three] = await Promise.all([ask('/length'), ask('/chunked'), ask('/close'), ask('/broken'), ask('/length', '/chunked', '/length')])
  return { text: environment.TEXT, length, chunked, close, broken, three }
})

export function read({ bytes, ended }: Pick<RawRecord, 'bytes' | 'ended'>): StrictReading {
  return readStrictly(bytes, { of: 'responses', closed: ended !== null })
}

/** One character per byte, as the strict reader has it. */
export function textOf({ bytes }: RawRecord): string {
  return Buffer.from(bytes).toString('latin1')
}

export type ChunkAsCut = { readonly said: string; readonly bytes: number; readonly text: string }

/** The chunks by their line ends, whatever sizes were `said`: the text itself has no CR LF. Without the last one. */
export function chunksAsCut(record: RawRecord): ChunkAsCut[] {
  const [, ...body] = textOf(record).split('\r\n\r\n')
  const lines = body.join('\r\n\r\n').split('\r\n')
  return lines.flatMap((said, index) => {
    const next = lines[index + 1]
    if (index % 2 === 1 || next === undefined || next === '' || !/^[\da-f]+$/i.test(said)) return []
    return [{ said, bytes: next.length, text: Buffer.from(next, 'latin1').toString() }]
  })
}
