import { afterAll, beforeAll, expect, test } from 'vitest'
import { startFixtureServer, type FixtureServer } from '../../../testing/sample-server.ts'
import { song, songBytes } from './song.ts'
import type { Delivery } from './song-server.ts'

let server: FixtureServer
let address: string
beforeAll(async () => {
  server = await startFixtureServer()
  address = await server.playground('jump-in-a-song')
})
afterAll(() => server.close())

const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(address + path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Origin: new URL(address).origin, ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
const load = async (ranges: boolean) =>
  (await (await post('songs', { ranges })).json()) as { address: string; name: string }
const deliveries = async (name: string) =>
  (await (await fetch(`${address}songs/${name}`)).json()) as Delivery[]
const end = song.bytes - 1
/** The head of an answer, and as much of its content as is wanted. */
const ask = async (url: string, range: string | undefined, bytes: number) => {
  const answer = await fetch(url, range === undefined ? {} : { headers: { Range: range } })
  const reader = answer.body!.getReader()
  const pieces: Uint8Array[] = []
  for (let length = 0; length < bytes;) {
    const { value, done } = await reader.read()
    if (done) break
    pieces.push(value)
    length += value.length
  }
  await reader.cancel()
  return { answer, content: Buffer.concat(pieces).subarray(0, bytes) }
}

const HUGE = '9'.repeat(400)

test.each([
  [undefined, 200, null, 0, 300],
  ['bytes=0-', 206, `bytes 0-${end}/${song.bytes}`, 0, 300],
  ['bytes=0-1', 206, `bytes 0-1/${song.bytes}`, 0, 2],
  ['bytes=4784128-', 206, `bytes 4784128-${end}/${song.bytes}`, 4_784_128, 20_000],
  [`bytes=9600000-99999999`, 206, `bytes 9600000-${end}/${song.bytes}`, 9_600_000, 44],
  ['bytes=-10', 206, `bytes ${end - 9}-${end}/${song.bytes}`, end - 9, 10],
  [`bytes=-${HUGE}`, 206, `bytes 0-${end}/${song.bytes}`, 0, 10],
  [`bytes=${song.bytes}-`, 416, `bytes */${song.bytes}`, 0, 0],
  [`bytes=${HUGE}-`, 416, `bytes */${song.bytes}`, 0, 0],
  ['bytes=-0', 416, `bytes */${song.bytes}`, 0, 0],
  ['bytes=5-2', 200, null, 0, 10],
  ['bytes=-', 200, null, 0, 10],
  ['bytes=0-1,5-6', 200, null, 0, 10],
  ['lines=1-2', 200, null, 0, 10],
] as const)(
  'Range: %.30s is answered with %i',
  async (range, status, contentRange, first, bytes) => {
    const { address: url, name } = await load(true)
    const { answer, content } = await ask(url, range, bytes)
    expect([answer.status, answer.headers.get('Content-Range')]).toEqual([status, contentRange])
    expect(content.equals(songBytes(first, first + bytes))).toBe(true)
    const [noted] = await deliveries(name)
    expect(noted).toMatchObject({ range: range ?? null, status, contentRange, first })
  },
)

test('a server that ignores Range sends everything, and does not promise ranges', async () => {
  const { address: url, name } = await load(false)
  const { answer, content } = await ask(url, 'bytes=4784128-', 100)
  expect([answer.status, answer.headers.get('Content-Range')]).toEqual([200, null])
  expect(answer.headers.get('Accept-Ranges')).toBeNull()
  expect(content.equals(songBytes(0, 100))).toBe(true)
  expect(await deliveries(name)).toMatchObject([{ range: 'bytes=4784128-', first: 0 }])
})

test('it notes how much has left, and a client that leaves ends it', async () => {
  const { address: url, name } = await load(true)
  await ask(url, 'bytes=0-', 100)
  await expect.poll(() => deliveries(name)).toMatchObject([{ state: 'broken off' }])
  const [{ sent }] = (await deliveries(name)) as [Delivery]
  expect(sent).toBeGreaterThanOrEqual(262_144)
  expect(sent).toBeLessThan(song.bytes / 2)
  await ask(url, 'bytes=9600000-', 44)
  expect((await deliveries(name))[1]).toMatchObject({ sent: 44, promised: 44, state: 'complete' })
})

test('its page may play from the server of the song alone, and the course from nobody', async () => {
  const policy = async (answer: Promise<Response>) =>
    (await answer).headers.get('Content-Security-Policy')!
  const own = await policy(fetch(address))
  const { origin, hostname } = new URL((await load(true)).address)
  expect(own).toBe(`${await policy(server.get('/'))};media-src ${origin}`)
  expect(hostname).toBe('127.0.0.1')
})

test('songs are at addresses of the page’s own making, and nowhere else', async () => {
  const { origin } = new URL((await load(true)).address)
  for (const path of ['/', '/000000000000/song.wav', '/favicon.ico'])
    expect((await fetch(origin + path)).status).toBe(404)
  const { address: url } = await load(true)
  expect((await fetch(url, { method: 'POST', body: 'x'.repeat(100_000) })).status).toBe(405)
  expect((await fetch(url.replace('127.0.0.1', 'localhost'))).status).toBe(403)
  for (const headers of [
    { Origin: 'http://evil.example' },
    { Origin: server.url },
    { 'Sec-Fetch-Site': 'cross-site' },
  ]) {
    expect((await post('songs', { ranges: true }, headers)).status).toBe(403)
    expect((await post('songs/x/jumps', {}, headers)).status).toBe(403)
  }
})

test.each([[{}], [{ ranges: 'yes' }], ['{'], ['"\0"'], [{ ranges: 'x'.repeat(9000) }]])(
  '%j loads no song',
  async (body) => {
    expect([400, 413]).toContain((await post('songs', body)).status)
  },
)

test('what came of a jump is told, and odd jumps are refused', async () => {
  const { name } = await load(true)
  const jump = { wanted: 3, landed: 3, known: 0, had: true }
  expect(await (await post(`songs/${name}/jumps`, jump)).json()).toEqual({
    words: 'Your browser asked for nothing, because the bytes for 0:03 had been sent already.',
  })
  expect((await post(`songs/${name}/jumps`, { wanted: -1 })).status).toBe(400)
  expect((await post('songs/none/jumps', jump)).status).toBe(404)
  expect((await fetch(`${address}songs/none`)).status).toBe(404)
})

test('the oldest song makes way', async () => {
  const first = await load(true)
  for (let more = 0; more < 20; more++) await load(true)
  expect((await fetch(`${address}songs/${first.name}`)).status).toBe(404)
  expect((await fetch(first.address)).status).toBe(404)
})

test('ends with the course, in the middle of an answer', async () => {
  const { address: url } = await load(true)
  const answer = await fetch(url)
  await server.app.close()
  await expect(answer.text()).rejects.toThrow()
  await expect(fetch(url)).rejects.toThrow()
})
