import { createServer, type RequestListener } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo, Server } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { cert, key } from '../../testing/both-ways.ts'
import { explainError } from '../explain-error.ts'
import { askClass, requireClass } from './ask-class.ts'

const never = new AbortController().signal

async function listen(server: Server): Promise<string> {
  server.listen(0, 'localhost')
  await new Promise((resolve) => server.once('listening', resolve))
  onTestFinished(() => void server.close())
  return `localhost:${(server.address() as AddressInfo).port}`
}

const serve = (listener: RequestListener) => listen(createServer(listener))

/** What a person reads, and the exit code. */
async function failure(asked: Promise<unknown>): Promise<{ message: string; exitCode: number }> {
  return asked.then(
    () => expect.unreachable('it did not fail'),
    (error: unknown) => explainError(error),
  )
}

test.each<[string, RequestListener, RegExp, number]>([
  [
    'no Roundtrip',
    (_, response) => response.end('<h1>Hello</h1>'),
    /is not a Roundtrip\. Check the address/,
    2,
  ],
  [
    "a course that is nobody's class",
    (_, response) => response.writeHead(404).end('{"error":"There is nothing at this address."}'),
    /is not a class's\. .* leave out --to\.$/,
    2,
  ],
  [
    'a server of something else, with JSON',
    (_, response) => response.end('{"server":"roundtrips","class":1}'),
    /is not a Roundtrip/,
    2,
  ],
  ['a list', (_, response) => response.end('[]'), /is not a Roundtrip/, 2],
  [
    'a redirect',
    (_, response) => response.writeHead(308, { Location: 'https://course.example/api' }).end(),
    /leads elsewhere, to https:\/\/course\.example\. Nothing was sent there\. If that is your class, name it: --to https:\/\/course\.example$/,
    2,
  ],
  [
    'a redirect to nowhere',
    (_, response) => response.writeHead(302, { Location: 'http://[' }).end(),
    /leads elsewhere\. Nothing was sent there\. Check the address: it is on your card\.$/,
    2,
  ],
  [
    'a redirect that no browser follows',
    (_, response) => response.writeHead(302, { Location: 'javascript:alert(1)' }).end(),
    /leads elsewhere\. Nothing was sent there/,
    2,
  ],
  [
    'a proxy whose class is away',
    (_, response) => response.writeHead(502).end('<h1>Bad Gateway</h1>'),
    /^The class at .* does not answer \(status 502\)\.\nCheck the address and your network/,
    3,
  ],
  [
    'a database that is away',
    (_, response) => response.writeHead(503).end('{"error":"The database"}'),
    /does not answer \(status 503\)/,
    3,
  ],
  [
    'a fault of the class',
    (_, response) => response.writeHead(500).end('{"error":"A fault"}'),
    /met a fault of its own\.\nRun this again/,
    3,
  ],
  [
    'a connection that breaks',
    (request) => request.socket.destroy(),
    /does not answer \(the connection broke\)/,
    3,
  ],
  [
    'an answer that breaks off',
    (_, response) => {
      response.writeHead(200, { 'Content-Length': 100 }).write('{')
      setTimeout(() => response.destroy(), 20)
    },
    /does not answer \(the connection broke\)/,
    3,
  ],
])('%s is told with its remedy', async (_, listener, says, exitCode) => {
  const found = await failure(requireClass(`http://${await serve(listener)}`, never))
  expect(found.message).toMatch(says)
  expect(found.exitCode).toBe(exitCode)
})

test('https where http is spoken, and the other way round', async () => {
  const http = await serve((_, response) => response.end())
  expect(await failure(requireClass(`https://${http}`, never))).toMatchObject({
    message: expect.stringMatching(`does not speak https. .*--to http://${http}$`),
    exitCode: 2,
  })
  const https = await listen(createTlsServer({ key, cert }))
  expect(await failure(requireClass(`http://${https}`, never))).toMatchObject({ exitCode: 3 })
})

test('a certificate that nobody trusts: nothing is sent', async () => {
  let asked = 0
  const https = await listen(createTlsServer({ key, cert }, () => void asked++))
  expect(await failure(requireClass(`https://${https}`, never))).toMatchObject({
    message: expect.stringMatching(
      /cannot be trusted \(.*\), so nothing was sent\.\n.*NODE_EXTRA_CA/,
    ),
    exitCode: 3,
  })
  expect(asked).toBe(0)
})

test('nothing listens there, and no machine has the name', async () => {
  const server = createServer()
  const place = await listen(server)
  await new Promise((resolve) => server.close(resolve))
  expect((await failure(requireClass(`http://${place}`, never))).message).toContain(
    '(nothing listens there)',
  )
  expect((await failure(requireClass('http://no-class.invalid', never))).message).toMatch(
    /\((no machine has this name|its name cannot be looked up at the moment)\)/,
  )
})

test('the token and the files go nowhere that a redirect names', async () => {
  let received = ''
  const other = await serve((request, response) => {
    received += request.url
    response.end('{}')
  })
  const first = await serve((_, response) =>
    response.writeHead(307, { Location: `http://${other}/taken` }).end(),
  )
  const request = { origin: `http://${first}`, path: '/submissions', token: 'x', body: {} }
  expect((await failure(askClass({ ...request, signal: never }))).exitCode).toBe(2)
  expect(received).toBe('')
})

test('Ctrl-C ends a question that nobody answers', async () => {
  const place = await serve(() => {})
  const controller = new AbortController()
  const asking = askClass({ origin: `http://${place}`, path: '', signal: controller.signal })
  const reason = new Error('Stopped.')
  setTimeout(() => controller.abort(reason), 20)
  await expect(asking).rejects.toBe(reason)
})
