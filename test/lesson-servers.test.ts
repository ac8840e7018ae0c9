import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { request, type IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { loadCourseStrictly } from '../course/load-course.ts'
import { resolvePaths } from '../course/paths.ts'
import { parseWireBlocks } from '../course/read/wire-blocks.ts'
import { serverCode, serverPairs } from '../course/lessons/server-code.ts'
import { parseTryRequest, type TryRequest } from '../course/lessons/try-request.ts'
import { bodyText } from '../grader/judge/read/message.ts'
import type { Exchange, Headers } from '../grader/types/index.ts'
import { freePort } from '../grader/record/program/ports/free-port.ts'
import { exchange } from '../testing/exchange-builder.ts'
import { chanceLeftOut } from '../verify/words/placeholders.ts'
import { wireBlockProblems } from '../verify/words/wire-blocks.ts'

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
    .map((server) => ({ name: `${id}:${server.index + 1}`, markdown, server }))
})
const pairs = lessons.flatMap(({ id, markdown }) =>
  serverPairs(markdown).map((pair) => ({
    name: `${id}:${pair.server.index + 1}`,
    markdown,
    ...pair,
  })),
)

const recordedLessons = lessons.filter(({ markdown }) =>
  parseWireBlocks(markdown).some(({ exercise }) => exercise === 'server'),
)

// A course whose lessons show no servers yet has nothing to try.
describe.skipIf(pairs.length + alone.length === 0)('the servers that lessons show', () => {
  test.each(pairs)(
    '$name answers as the same with Express does',
    async ({ server, express, markdown }) => {
      expect(server.requests).not.toEqual([])
      const [own, theirs] = await Promise.all([start(server.code), start(express.code)])
      const answers = (await record(own, server.requests)).map(seen)
      expect(answers.filter(failsUnshown(markdown))).toEqual([])
      expect((await record(theirs, server.requests)).map(seen)).toEqual(answers)
    },
  )

  test.each(alone)('$name runs', async ({ server, markdown }) => {
    expect(server.requests).not.toEqual([])
    const answers = (await record(await start(server.code), server.requests)).map(seen)
    expect(answers.filter(failsUnshown(markdown))).toEqual([])
  })

  test.each(recordedLessons)('$id shows what its servers answer', async (lesson) => {
    const own = serverCode(lesson.markdown).filter(({ library }) => library === 'server')
    const recorded = await Promise.all(
      own.map(async ({ code, requests }) => record(await start(code), requests)),
    )
    expect(wireBlockProblems('server', [lesson], recorded.flat(), false)).toEqual([])
  })
})

/** A lesson's server may fail only where the lesson shows it fail, with the same status. */
function failsUnshown(markdown: string) {
  const shown = parseWireBlocks(markdown)
    .filter(({ exercise }) => exercise === 'server')
    .flatMap(({ messages }) => messages.map(({ lines }) => Number(lines[0]?.split(' ')[1])))
  return ({ status }: { readonly status: number }) => status >= 500 && !shown.includes(status)
}

/** Starts a program of a lesson. Gives its address once it listens. */
async function start(code: string): Promise<string> {
  const port = await freePort()
  // A folder of its own, for what it keeps in files.
  const own = join(dir, String(port))
  mkdirSync(own)
  writeFileSync(join(own, 'server.mjs'), code)
  const child = spawn(process.execPath, ['server.mjs'], {
    cwd: own,
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
      return send(address, { method: 'GET', target: '/', fields: [], content: '' }).then(
        () => true,
        () => false,
      )
    })
    .toBe(true)
  return address
}

/** What the requests are answered with, one after the other, by somebody who keeps cookies. */
async function record(address: string, requests: readonly string[]): Promise<Exchange[]> {
  const jar = new Map<string, string>()
  const recorded: Exchange[] = []
  for (const written of requests) {
    const { method, target, fields, content } = parseTryRequest(written)!
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const asked = [
      ...fields,
      ...(content ? [['Content-Length', String(Buffer.byteLength(content))] as const] : []),
      ...(cookie ? [['Cookie', cookie] as const] : []),
    ]
    const answer = await send(address, { method, target, fields: asked, content })
    for (const [name, value] of cookiesOf(answer.headers)) jar.set(name, value)
    recorded.push(
      exchange({
        id: recorded.length + 1,
        method,
        target,
        asks: asked,
        requestBody: content,
        status: answer.status,
        reason: answer.reason,
        answers: answer.headers,
        body: answer.body,
      }),
    )
  }
  return recorded
}

interface Received {
  readonly status: number
  readonly reason: string
  readonly headers: [string, string][]
  readonly body: string
}

async function send(
  address: string,
  { method, target, fields, content }: TryRequest,
): Promise<Received> {
  const asking = request(address + target, { method, headers: Object.fromEntries(fields) })
  asking.end(content)
  const [response] = (await once(asking, 'response')) as [IncomingMessage]
  const body = await text(response)
  const { statusCode = 0, statusMessage = '', rawHeaders } = response
  const headers = rawHeaders.flatMap((name, at): [string, string][] =>
    at % 2 === 0 ? [[name, rawHeaders[at + 1]!]] : [],
  )
  return { status: statusCode, reason: statusMessage, headers, body }
}

function cookiesOf(headers: Headers): [name: string, value: string][] {
  return headers
    .filter(([name]) => name.toLowerCase() === 'set-cookie')
    .map(([, field]) => /^([^=]+)=([^;]*)/.exec(field)!)
    .map(([, name, value]) => [name!, value!])
}

/** Of an answer, what a server must have in common with the same in Express. */
function seen({ request: { method, target }, response }: Exchange) {
  const { status, headers } = response!
  const field = (wanted: string) =>
    headers.find(([name]) => name.toLowerCase() === wanted)?.[1].toLowerCase()
  return {
    request: `${method} ${target}`,
    status,
    type: field('content-type'),
    location: field('location'),
    // An id that each of them draws is another one.
    body: chanceLeftOut(bodyText(response!)),
    cookies: cookiesOf(headers)
      .map(([name]) => name)
      .toSorted(),
  }
}
