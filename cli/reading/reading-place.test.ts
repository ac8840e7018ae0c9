import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import stringWidth from 'string-width'
import { afterEach, expect, test, vi } from 'vitest'
import { placeId, resolvePaths } from '../../course/paths.ts'
import { readingAddress, readingNote } from './reading-place.ts'

const own = resolvePaths({ ROUNDTRIP_HOME: '/state' })
const other = { ...own, root: `${own.project}/examples/tiny-course` }
let server: Server | undefined
afterEach(() => {
  vi.unstubAllEnvs()
  server?.closeAllConnections()
  server?.close()
  server = undefined
})

/** Something listens where the course would be read. */
async function at(answer: (() => string) | null): Promise<number> {
  server = createServer((_request, response) => void (answer && response.end(answer())))
  await new Promise<void>((resolve) => void server!.listen(0, 'localhost', resolve))
  const { port } = server.address() as AddressInfo
  vi.stubEnv('PORT', String(port))
  return port
}
const roundtrip = (paths: typeof own) => () =>
  JSON.stringify({ server: 'roundtrip', course: 'Small services', place: placeId(paths) })

test('nothing is said where the addresses lead to this course', async () => {
  await at(roundtrip(other))
  expect(await readingNote(other)).toBeNull()
})

test.each(['80000', '1.5', 'eighty'])('PORT=%s is not where the course is read', async (port) => {
  vi.stubEnv('PORT', port)
  expect(readingAddress()).toBe('http://localhost:4321')
})

test('nobody there: the project needs no word, another course says how it is served', async () => {
  vi.stubEnv('PORT', '1')
  expect(await readingNote(own)).toBeNull()
  expect(await readingNote(other)).toBe('To read there: npm start -- --course examples/tiny-course')
})

test('another course there is said, with a port for this one', async () => {
  const port = await at(roundtrip(other))
  expect(await readingNote(own)).toBe(
    [
      `A different Roundtrip (Small services) is running at http://localhost:${port}, so`,
      "your work isn't listed there. To read this one:",
      `  PORT=${port + 1} npm start`,
    ].join('\n'),
  )
})

test.each(['HTTP from scratch', 'A course '.repeat(20).trim(), '長い名前の講座 '.repeat(9).trim()])(
  'with the name %s no line of it is wider than 80 columns',
  async (course) => {
    await at(() => JSON.stringify({ server: 'roundtrip', course, place: 'elsewhere' }))
    const lines = (await readingNote(own))!.split('\n')
    expect(lines.length).toBeGreaterThan(1)
    expect(Math.max(...lines.map((line) => stringWidth(line)))).toBeLessThanOrEqual(80)
  },
)

test.each([
  ['no JSON', () => '<html>'],
  ['another program', () => '{"server":"other"}'],
  ['nobody who answers', null],
])('%s is taken for nobody', async (_, answer) => {
  await at(answer)
  expect(await readingNote(own)).toBeNull()
})
