import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import compression from 'compression'
import express from 'express'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compressOnce } from './compress-once.ts'
import { listenOnLoopback } from './listen.ts'

const LONG = Buffer.from('Grüße aus Basel. '.repeat(500))
const SHORT = Buffer.from('Grüße')

let server: Awaited<ReturnType<typeof listenOnLoopback>>
beforeAll(async () => {
  const contents = { long: compressOnce(LONG), short: compressOnce(SHORT) }
  const app = express()
  // As in the course's server: what is compressed already has to pass it unchanged.
  app.use(compression())
  app.get('/:name', (request, response) =>
    contents[request.params.name as keyof typeof contents].send(response.type('html')),
  )
  server = await listenOnLoopback(app, 0)
})
afterAll(() => server.close())

interface Received {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly bytes: Buffer
}

function get(
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
): Promise<Received> {
  return new Promise((resolve, reject) => {
    httpRequest({ port: server.port, host: 'localhost', path, headers, method }, (response) => {
      const chunks: Buffer[] = []
      response
        .on('data', (chunk: Buffer) => chunks.push(chunk))
        .on('end', () =>
          resolve({
            status: response.statusCode!,
            headers: response.headers,
            bytes: Buffer.concat(chunks),
          }),
        )
    })
      .on('error', reject)
      .end()
  })
}

const decoded = ({ headers, bytes }: Received) => {
  if (headers['content-encoding'] === 'br') return brotliDecompressSync(bytes)
  return headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes
}

describe('what is sent', () => {
  test.each<[accepts: string | undefined, coding: string | undefined]>([
    ['gzip, deflate, br, zstd', 'br'],
    ['gzip, deflate', 'gzip'],
    ['br;q=0.1, gzip', 'br'],
    ['BR', 'br'],
    ['br;q=0, gzip', 'gzip'],
    ['br;q=0, gzip;q=0', undefined],
    ['*', 'br'],
    ['*;q=0', undefined],
    ['br;q=0, *', 'gzip'],
    ['identity', undefined],
    ['zstd', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('to a client that accepts %j is %s', async (accepts, coding) => {
    const fields: Record<string, string> =
      accepts === undefined ? {} : { 'Accept-Encoding': accepts }
    const answer = await get('/long', fields)
    expect(answer.status).toBe(200)
    expect(answer.headers['content-encoding']).toBe(coding)
    expect(answer.headers['vary']).toBe('Accept-Encoding')
    expect(Number(answer.headers['content-length'])).toBe(answer.bytes.length)
    expect(decoded(answer)).toEqual(LONG)
    if (coding !== undefined) expect(answer.bytes.length).toBeLessThan(LONG.length / 10)
  })

  test('is the same the second time, and for clients that come at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => get('/long', { 'Accept-Encoding': 'br' })),
    )
    answers.push(await get('/long', { 'Accept-Encoding': 'br' }))
    for (const { bytes } of answers) expect(bytes).toEqual(answers[0]!.bytes)
  })

  test('is not compressed when it is short, and varies all the same', async () => {
    const answer = await get('/short', { 'Accept-Encoding': 'br' })
    expect(answer.headers['content-encoding']).toBeUndefined()
    expect(answer.headers['vary']).toBe('Accept-Encoding')
    expect(answer.bytes).toEqual(SHORT)
  })

  test('for HEAD has the fields of GET and no content', async () => {
    const [head, whole] = await Promise.all([
      get('/long', { 'Accept-Encoding': 'br' }, 'HEAD'),
      get('/long', { 'Accept-Encoding': 'br' }),
    ])
    expect(head.bytes.length).toBe(0)
    for (const name of ['content-length', 'content-encoding', 'etag', 'vary'])
      expect([name, head.headers[name]]).toEqual([name, whole.headers[name]])
  })
})

describe('a client that has it', () => {
  test.each(['br', 'gzip', 'identity'])('in %s gets 304 in every coding', async (had) => {
    const first = await get('/long', { 'Accept-Encoding': had })
    for (const accepts of ['br', 'gzip', 'identity']) {
      const answer = await get('/long', {
        'Accept-Encoding': accepts,
        'If-None-Match': `"other", ${first.headers.etag}`,
      })
      expect(answer.status).toBe(304)
      expect(answer.bytes.length).toBe(0)
      expect(answer.headers['etag']).toBe(first.headers.etag)
      expect(answer.headers['vary']).toBe('Accept-Encoding')
      expect(answer.headers['content-encoding']).toBeUndefined()
    }
  })

  test('gets it when what it has is something else, or when it wants no copy', async () => {
    const { etag } = (await get('/long')).headers
    for (const fields of [
      { 'If-None-Match': '"other"' },
      { 'If-None-Match': etag!, 'Cache-Control': 'no-cache' },
    ] as Record<string, string>[]) {
      const answer = await get('/long', { 'Accept-Encoding': 'br', ...fields })
      expect([answer.status, decoded(answer).equals(LONG)]).toEqual([200, true])
    }
  })

  test('of other content does not have this', async () => {
    const [long, short] = await Promise.all([get('/long'), get('/short')])
    expect(long.headers.etag).not.toBe(short.headers.etag)
  })
})
