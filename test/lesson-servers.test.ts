import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { loadCourseStrictly } from '../course/load-course.ts'
import { resolvePaths } from '../course/paths.ts'
import { serverCode, serverPairs } from '../course/server-code.ts'

const { project } = resolvePaths({})
const lessons = (await loadCourseStrictly(project)).sections.flatMap((section) => section.lessons)

let dir: string
const running: ChildProcess[] = []
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'roundtrip-lesson-servers-'))
  symlinkSync(join(project, 'node_modules'), join(dir, 'node_modules'))
})
afterEach(async () => {
  for (const child of running.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  }
})
afterAll(() => rmSync(dir, { recursive: true, force: true }))

const alone = lessons.flatMap(({ id, markdown }) => {
  const paired = new Set(serverPairs(markdown).map(({ server }) => server.index))
  return serverCode(markdown)
    .filter(({ library, index }) => library === 'server' && !paired.has(index))
    .map((server) => ({ name: `${id}:${server.index + 1}`, server }))
})
const pairs = lessons.flatMap(({ id, markdown }) =>
  serverPairs(markdown).map((pair) => ({ name: `${id}:${pair.server.index + 1}`, ...pair })),
)

// A course whose lessons show no servers yet has nothing to try.
describe.skipIf(pairs.length + alone.length === 0)('the servers that lessons show', () => {
  test.each(pairs)('$name answers as the same with Express does', async ({ server, express }) => {
    const [own, theirs] = await Promise.all([start(server.code), start(express.code)])
    const answers = await answersOf(own, server.requests)
    expect(answers.every(({ status }) => status < 500)).toBe(true)
    expect(await answersOf(theirs, server.requests)).toEqual(answers)
  })

  test.each(alone)('$name runs', async ({ server }) => {
    const answers = await answersOf(await start(server.code), server.requests)
    expect(answers.every(({ status }) => status < 500)).toBe(true)
  })
})

/** Starts a program of a lesson. Gives its address once it listens. */
async function start(code: string): Promise<string> {
  const port = await freePort()
  const file = join(dir, `server-${port}.mjs`)
  writeFileSync(file, code)
  const child = spawn(process.execPath, [file], {
    cwd: dir,
    env: { ...process.env, PORT: String(port) },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  running.push(child)
  let complaints = ''
  child.stderr!.on('data', (data: Buffer) => void (complaints += data))
  const address = `http://127.0.0.1:${port}`
  await expect
    .poll(async () => {
      if (child.exitCode !== null)
        throw new Error(`It ended with ${child.exitCode}.\n${complaints}`)
      return fetch(address).then(
        () => true,
        () => false,
      )
    })
    .toBe(true)
  return address
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

interface Answer {
  readonly request: string
  readonly status: number
  readonly type: string | null
  readonly location: string | null
  readonly body: string
  /** The names of the cookies that it set. */
  readonly cookies: readonly string[]
}

/** What the requests are answered with, one after the other, by somebody who keeps cookies. */
async function answersOf(address: string, requests: readonly string[]): Promise<Answer[]> {
  const jar = new Map<string, string>()
  const answers: Answer[] = []
  for (const request of requests) {
    const [method, path] = request.split(' ') as [string, string]
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(address + path, {
      method,
      redirect: 'manual',
      headers: cookie === '' ? {} : { cookie },
    })
    const set = response.headers.getSetCookie().map((field) => /^([^=]+)=([^;]*)/.exec(field)!)
    for (const [, name, value] of set) jar.set(name!, value!)
    answers.push({
      request,
      status: response.status,
      type: response.headers.get('Content-Type')?.toLowerCase() ?? null,
      location: response.headers.get('Location'),
      body: await response.text(),
      cookies: set.map(([, name]) => name!).toSorted(),
    })
  }
  return answers
}
