import { createServer as createHttpServer } from 'node:http'
import { createServer, type Server } from 'node:net'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { smallCourse } from '../../testing/sample-course.ts'
import { resolvePaths, type Paths } from '../../course/paths.ts'
import { openStore, type StoreFile } from '../../store/open-store.ts'
import { scriptedGrade } from '../../testing/sample-grading.ts'
import { CannotStart } from './explain-listening.ts'
import { startServer, type RunningServer, type ServerOptions } from './start-server.ts'

let folder: string
let store: StoreFile
const running: RunningServer[] = []
const strangers: Server[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'roundtrip-start-'))
  store = openStore(join(folder, 'roundtrip.sqlite'))
})
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close()))
  await Promise.all(
    strangers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))),
  )
  store.close()
  rmSync(folder, { recursive: true, force: true })
})

const options = (port: number): ServerOptions => ({
  course: smallCourse(),
  store,
  paths: resolvePaths({ ROUNDTRIP_HOME: folder, ROUNDTRIP_WORK: join(folder, 'work') }),
  grade: scriptedGrade().grade,
  port,
})
const start = async (port: number) => {
  const server = await startServer(options(port))
  running.push(server)
  return server
}
const occupy = (port: number, host: string) =>
  new Promise<number>((resolve) => {
    const server = createServer((socket) => socket.on('error', () => {}).resume())
    strangers.push(server)
    server.listen(port, host, () => resolve((server.address() as { port: number }).port))
  })
const reason = async (port: number) =>
  (await startServer(options(port)).catch((error: unknown) => error)) as CannotStart

test('it is there under localhost, whichever address that means', async () => {
  const { url, port } = await start(0)
  expect(url).toBe(`http://localhost:${port}`)
  expect((await fetch(url)).status).toBe(200)
  const byFour = await fetch(`http://127.0.0.1:${port}/`, { redirect: 'manual' })
  const bySix = await fetch(`http://[::1]:${port}/`, { redirect: 'manual' })
  expect([byFour.headers.get('Location'), bySix.headers.get('Location')]).toEqual([
    `${url}/`,
    `${url}/`,
  ])
})

describe('a port that is taken', () => {
  test.each(['127.0.0.1', '::1'])(
    'on %s is named with who has it and the command for the next',
    async (host) => {
      const port = await occupy(0, host)
      const error = await reason(port)
      expect(error).toBeInstanceOf(CannotStart)
      expect(error.message).toContain(`Port ${port} is taken by`)
      if (process.platform === 'linux') expect(error.message).toContain(`(process ${process.pid})`)
      const next = Number(/PORT=(\d+)/.exec(error.remedy)?.[1])
      expect(next).toBeGreaterThan(port)
      await start(next)
    },
  )

  test('by this very course says where to read', async () => {
    const { port, url } = await start(0)
    const { message, remedy } = await reason(port)
    expect(message).toBe('This course is served already (A small course).')
    expect(remedy).toBe(`Read it at ${url}, or end that server first.`)
  })

  test.each<[string, (folder: string) => Partial<Paths>]>([
    ['another checkout', () => ({ root: '/elsewhere/roundtrip' })],
    ['another state folder', (folder) => ({ state: join(folder, 'state') })],
  ])('by %s is not taken for this one', async (_what, elsewhere) => {
    const { port } = await start(0)
    const own = options(port)
    const paths = { ...own.paths, ...elsewhere(folder) }
    const error = (await startServer({ ...own, paths }).catch(
      (reason: unknown) => reason,
    )) as CannotStart
    expect(error.message).toBe(
      `Port ${port} is taken by another Roundtrip (A small course),\nwhich keeps its work and progress elsewhere.`,
    )
    expect(error.remedy).toMatch(/PORT=\d+ npm start$/)
    await start(Number(/PORT=(\d+)/.exec(error.remedy)?.[1]))
  })

  test.each([
    ['no Roundtrip', '{"server":"other"}'],
    ['no JSON', '<html>'],
    ['a Roundtrip of which nothing is said', '{"server":"roundtrip"}'],
    ['one with a title that steers terminals', '{"server":"roundtrip","course":"\\u001b[2J"}'],
  ])('by %s is never this course', async (_what, body) => {
    const other = createHttpServer((_request, response) => response.end(body))
    strangers.push(other)
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const { message } = await reason((other.address() as { port: number }).port)
    expect(message).toMatch(/^Port \d+ is taken by /)
    expect(message).not.toContain('\u001b')
    for (const line of message.split('\n')) expect(line.length).toBeLessThanOrEqual(110)
  })

  test('leaves nothing listening', async () => {
    const port = await occupy(0, '::1')
    await reason(port)
    expect(await occupy(port, '127.0.0.1')).toBe(port)
  })
})

test('closing it frees the port, open streams or not', async () => {
  const server = await start(0)
  const answer = await fetch(server.url, { headers: { Connection: 'keep-alive' } })
  await answer.text()
  await server.close()
  running.length = 0
  await expect(fetch(server.url)).rejects.toThrow()
  await occupy(server.port, '127.0.0.1')
})
