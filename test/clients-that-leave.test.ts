// What learners copy has to survive a client that leaves in the middle of its content: reading it
// throws then, and an error that nothing catches ends the program for everybody.

import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import {
  cpSync,
  existsSync,
  globSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { resolvePaths } from '../course/paths.ts'
import { freePort } from '../grader/record/program/ports/free-port.ts'

const { project } = resolvePaths({})
const exercises = join(project, 'exercises')

/** Of each exercise whose programs wait for content, the requests that carry it. */
const withContent: Readonly<Record<string, readonly string[]>> = {
  'cors-credentials': ['PATCH /me'],
  'cors-preflight': ['PUT /todos/1'],
  'four-kinds-of-moved': ['POST /orders'],
  'lost-update': ['PUT /texts/menu'],
  'merge-patch': ['PUT /settings/ada', 'PATCH /settings/ada'],
  'pay-only-once': ['POST /payments'],
  'pick-the-right-2xx': ['POST /todos'],
  'post-redirect-get': ['POST /sign'],
  'put-replaces': ['PUT /profiles/Ada', 'DELETE /profiles/Ada'],
  'request-mirror': ['POST /'],
  'revalidate-304': ['PUT /style.css', 'GET /'],
  'search-with-query': ['QUERY /parts'],
  'wait-for-news': ['POST /news'],
}
const types = ['application/json', 'application/merge-patch+json', 'text/plain']
const environment = { APP_ORIGIN: 'http://app.test', FRIENDS: 'http://app.test', WAIT_MS: '1000' }

let dir: string
let running: ChildProcess | undefined
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'roundtrip-leavers-'))
  symlinkSync(join(project, 'node_modules'), join(dir, 'node_modules'))
})
afterEach(async () => {
  if (running && running.exitCode === null && running.signalCode === null) {
    const ended = once(running, 'exit')
    running.kill('SIGKILL')
    await ended
  }
  running = undefined
})
afterAll(() => rmSync(dir, { recursive: true, force: true }))

const written = Object.entries(withContent).flatMap(([exercise, requests]) =>
  globSync('{solution,stub,right/*}/server.ts', { cwd: join(exercises, exercise) }).map((file) => ({
    exercise,
    variant: file.replaceAll('\\', '/').replace('/server.ts', ''),
    requests,
  })),
)

describe.skipIf(!existsSync(exercises))('a client that leaves in the middle of its content', () => {
  test('is tried on each exercise that waits for content', () => {
    const waits = /await (?:text|json|buffer|readForm)\(|for await \(const \w+ of request\b/
    const found = globSync('*/{solution,stub,given,right/*}/*.ts', { cwd: exercises })
      .filter((file) => waits.test(readFileSync(join(exercises, file), 'utf8')))
      .map((file) => file.split(/[\\/]/)[0]!)
    expect(found.filter((exercise) => !Object.hasOwn(withContent, exercise))).toEqual([])
  })

  test.each(written)('ends no $exercise/$variant', async ({ exercise, variant, requests }) => {
    const port = await start(exercise, variant)
    const login = await fetch(`http://127.0.0.1:${port}/login?user=Ada`, { method: 'POST' })
    const cookie = login.headers.get('set-cookie')?.split(';')[0] ?? 'none=1'
    for (const request of requests)
      for (const type of types) {
        await leave(port, request, type, cookie)
        // Two answers later, the program knows that the client has left.
        await fetch(`http://127.0.0.1:${port}/`)
        await fetch(`http://127.0.0.1:${port}/`)
      }
    expect(running!.exitCode).toBe(null)
  })
})

async function start(exercise: string, variant: string): Promise<number> {
  const own = join(dir, exercise, variant)
  cpSync(join(exercises, exercise, variant), own, { recursive: true })
  const given = join(exercises, exercise, 'given')
  if (existsSync(given)) cpSync(given, own, { recursive: true })
  const port = await freePort()
  const child = spawn(process.execPath, ['server.ts'], {
    cwd: own,
    env: { ...process.env, ...environment, PORT: String(port) },
    stdio: 'ignore',
  })
  running = child
  await expect
    .poll(() => {
      if (child.exitCode !== null) throw new Error(`It ended with ${child.exitCode}.`)
      return fetch(`http://127.0.0.1:${port}/`).then(
        () => true,
        () => false,
      )
    })
    .toBe(true)
  return port
}

/** Sends the head of a request and three of its hundred bytes, and closes the connection. */
async function leave(port: number, request: string, type: string, cookie: string): Promise<void> {
  const head = [
    `${request} HTTP/1.1`,
    'Host: localhost',
    `Content-Type: ${type}`,
    `Cookie: ${cookie}`,
    'If-None-Match: *',
    'Idempotency-Key: "a"',
    'Content-Length: 100',
  ]
  const socket = connect(port, '127.0.0.1').on('error', () => {})
  socket.write(`${head.join('\r\n')}\r\n\r\n{"a`, () => socket.destroy())
  await once(socket, 'close')
}
