import { scenario, type SetUpKit } from '#grader'
import { answered, countWhole, fetchedFrom, hasRightFraming } from './answers.ts'

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
      // A document that never ends is not shown at all, and a page that is nowhere may fetch
      // nothing.
      if ((await page.open('/length')).error !== null) await page.open('/close')
      return {
        text: environment.TEXT,
        length: await page.fetch('/length'),
        chunked: await page.fetch('/chunked'),
        close: await page.fetch('/close'),
        broken: await page.fetch('/broken'),
      }
    },
    facts: ({ text, length, chunked, close, broken }) => {
      const content = Buffer.from(broken.exchange?.response?.body ?? [])
      return {
        text,
        length: fetchedFrom('/length', length),
        chunked: fetchedFrom('/chunked', chunked),
        close: fetchedFrom('/close', close),
        broken: {
          ...fetchedFrom('/broken', broken),
          /** What crossed the wire of its content, whatever the script could read. */
          content,
          beginsRight: beginsLike(text, content),
        },
      }
    },
  },
)

export const byHand = scenario(
  'A strict reader asks for each of them, and for three on one connection',
  {
    setUp: drawText,
    async record({ connect, wait, address }) {
      const ask = async (...paths: string[]) => {
        const connection = await connect()
        for (const [index, path] of paths.entries()) {
          await connection.write(
            `GET ${path} HTTP/1.1\r\nHost: ${new URL(address).host}\r\nAccept: */*\r\n\r\n`,
          )
          await connection.receive((received) => countWhole(received) > index)
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
      return { length, chunked, close, broken, three }
    },
    facts: (records) => {
      const length = answered('/length', records.length)
      const chunked = answered('/chunked', records.chunked)
      const broken = answered('/broken', records.broken)
      return {
        length,
        chunked,
        broken,
        close: answered('/close', records.close),
        three: answered('', records.three),
        misframed: [length, chunked, broken].find((each) => !hasRightFraming(each)),
      }
    },
  },
)

/** A few bytes will do: what a program adds before it fails is its own affair. */
function beginsLike(text: string, content: Buffer): boolean {
  const few = Math.min(content.length, 4)
  return content.subarray(0, few).equals(Buffer.from(text).subarray(0, few))
}
