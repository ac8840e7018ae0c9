import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { connect } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { afterEach, describe, expect, onTestFinished, test } from 'vitest'
import { createClock } from '../../timing/clock.ts'
import type { Answer, Reply } from './answer-request.ts'
import { chunked } from './chunked.ts'
import { createIdSource } from '../id-source.ts'
import { createCertificates } from '../tls/certificates.ts'
import { startListener, startOrigin, type RunningOrigin } from './partner-server.ts'
import type { Serve } from './served-connection.ts'

const open: RunningOrigin[] = []
afterEach(async () => void (await Promise.all(open.splice(0).map((origin) => origin.close()))))
const keep = async (starting: Promise<RunningOrigin>) => {
  const origin = await starting
  open.push(origin)
  return origin
}
const answering = (answer: Answer) =>
  keep(startOrigin('the partner', answer, createClock(), createIdSource()))
const listening = (serve: Serve) =>
  keep(startListener('the partner', serve, createClock(), createIdSource()))
const get = async (url: string) => {
  const response = await fetch(url)
  return `${response.status} ${await response.text()}`
}

describe('an answer', () => {
  test('is sent piece by piece while it comes', async () => {
    const next = Promise.withResolvers<void>()
    async function* pieces() {
      yield 'first, '
      await next.promise
      yield Buffer.from('then')
    }
    const origin = await answering(() => ({ body: pieces() }))
    const response = await fetch(origin.url)
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
    expect((await reader.read()).value).toBe('first, ')
    next.resolve()
    expect((await reader.read()).value).toBe('then')
    expect((await reader.read()).done).toBe(true)
    expect(response.headers.get('transfer-encoding')).toBe('chunked')
    expect(origin.exchanges()[0]!.response).toMatchObject({ complete: true })
  })

  test('is not sent further when the client leaves, and its finally runs', async () => {
    const left = Promise.withResolvers<string>()
    async function* pieces() {
      try {
        for (;;) {
          yield 'x'.repeat(100_000)
          await new Promise((resolve) => setImmediate(resolve))
        }
      } finally {
        left.resolve('left')
      }
    }
    const origin = await answering(() => ({ body: pieces() }))
    const asked = request(origin.url).end()
    const [response] = await once(asked, 'response')
    await once(response, 'data')
    response.destroy()
    expect(await left.promise).toBe('left')
    expect(origin.thrown()).toBeUndefined()
  })

  test('whose pieces throw is the mistake of the author', async () => {
    async function* pieces() {
      yield 'a'
      throw new Error('no more')
    }
    const origin = await answering(() => ({ body: pieces() }))
    await expect(get(origin.url)).rejects.toThrow()
    expect(origin.thrown()).toMatchObject({ error: { message: 'no more' } })
  })

  test('whose finally throws when the client has left is the mistake of the author', async () => {
    const cleanUp = () => {
      throw new Error('in finally')
    }
    async function* pieces() {
      try {
        for (;;) {
          yield 'x'
          await new Promise((resolve) => setImmediate(resolve))
        }
      } finally {
        cleanUp()
      }
    }
    const origin = await answering(() => ({ body: pieces() }))
    const asked = request(origin.url).end()
    const [response] = await once(asked, 'response')
    response.destroy()
    await expect.poll(() => origin.thrown()).toMatchObject({ error: { message: 'in finally' } })
  })

  test('that gives no reply is the mistake of the author', async () => {
    const origin = await answering((() => undefined) as unknown as () => Reply)
    await expect(get(`${origin.url}/a`)).rejects.toThrow()
    expect(origin.thrown()).toMatchObject({
      error: {
        message: 'An answer gave no reply to GET /a.',
        remedy: "Return one for every request in checks.ts: { status: 404 } for what isn't known.",
      },
    })
  })

  test('leaves out a field that is undefined', async () => {
    const origin = await answering(() => ({ headers: { 'X-A': undefined, 'X-B': ['1', '2'] } }))
    const { headers } = await fetch(origin.url)
    expect([headers.get('x-a'), headers.get('x-b')]).toEqual([null, '1, 2'])
  })
})

test('chunked() writes chunks, an extension, trailers and the last chunk', () => {
  const bytes = Buffer.concat(
    chunked(['é', '', 'x'.repeat(26)], { extension: ';a=b', trailers: [['Sum', '27']] }),
  )
  expect(bytes.toString()).toBe(`2;a=b\r\né\r\n1a;a=b\r\n${'x'.repeat(26)}\r\n0\r\nSum: 27\r\n\r\n`)
})

describe('a listener', () => {
  test('is called with every connection, reads whole requests and writes every byte', async () => {
    const seen: unknown[] = []
    const origin = await listening(async (connection) => {
      for (let asked; (asked = await connection.nextRequest());) {
        seen.push([connection.number, asked.method, asked.path, Buffer.from(asked.body).toString()])
        await connection.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n')
        for (const piece of chunked(['a', 'b'])) await connection.write(piece)
      }
      seen.push([connection.number, connection.record().ended])
    })
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const ask = async (method: string, path: string, body: string) => {
      const [response] = await once(
        request(`${origin.url}${path}`, { agent, method }).end(body),
        'response',
      )
      let text = ''
      for await (const piece of response) text += piece
      return text
    }
    expect(await ask('GET', '/a', '')).toBe('ab')
    expect(await ask('POST', '/b', 'content')).toBe('ab')
    agent.destroy()
    await expect.poll(() => seen.length).toBe(3)
    expect(seen).toEqual([
      [1, 'GET', '/a', ''],
      [1, 'POST', '/b', 'content'],
      [1, 'closed'],
    ])
    expect(
      origin.exchanges().map(({ origin: name, response }) => [name, response?.complete]),
    ).toEqual([
      ['the partner', true],
      ['the partner', true],
    ])
  })

  test('speaks first, waits for what it is sent, and breaks off', async () => {
    const origin = await listening(async (connection) => {
      await connection.write('hello\n')
      const { bytes } = await connection.receive((text) => text.endsWith('\n'))
      await connection.write(`you said ${Buffer.from(bytes).toString()}`)
      connection.reset()
    })
    const socket = connect(origin.port, '127.0.0.1')
    let text = ''
    const ended = new Promise((resolve) => socket.once('close', resolve))
    socket
      .on('error', () => {})
      .on('data', (bytes: Buffer) => {
        text += bytes.toString()
        if (text === 'hello\n') socket.write('hi\n')
      })
    await ended
    expect(text).toBe('hello\nyou said hi\n')
  })

  test('that throws has made the mistake of the author, and the client sees a connection broken off', async () => {
    const origin = await listening(async () => {
      throw new Error('not like this')
    })
    await expect(get(origin.url)).rejects.toThrow()
    expect(origin.thrown()).toMatchObject({ error: { message: 'not like this' } })
  })

  test('that throws before it waits for anything has made the same mistake', async () => {
    const origin = await listening(() => {
      throw new Error('at once')
    })
    await expect(get(origin.url)).rejects.toThrow()
    expect(origin.thrown()).toMatchObject({ error: { message: 'at once' } })
  })

  test('that waits when the scenario ends waits no longer', async () => {
    const ended = Promise.withResolvers<unknown>()
    const origin = await listening(async (connection) => {
      ended.resolve(await connection.nextRequest())
    })
    const socket = connect(origin.port, '127.0.0.1').on('error', () => {})
    await once(socket, 'connect')
    socket.write('GET ')
    await expect.poll(() => origin.connections().length).toBe(1)
    await origin.close()
    expect(await ended.promise).toBeNull()
  })
})

describe('an origin that is stopped', () => {
  test('ends its connections, refuses others, and accepts at the same port when it is started', async () => {
    let answers = 0
    const origin = await answering(() => ({ body: String(++answers) }))
    const { url } = origin
    const socket = connect(origin.port, '127.0.0.1')
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
    await once(socket, 'data')
    const ended = once(socket, 'end')
    await origin.stop()
    await origin.stop()
    await ended
    socket.destroy()
    await expect(get(url)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } })
    await origin.start()
    await origin.start()
    expect(origin.url).toBe(url)
    expect(await get(url)).toBe('200 2')
    expect(origin.exchanges()).toHaveLength(2)
  })

  test('has cut off what it was answering', async () => {
    const origin = await answering(() => new Promise<Reply>(() => {}))
    const asked = get(origin.url)
    asked.catch(() => {})
    await expect.poll(() => origin.exchanges().length).toBe(1)
    await origin.stop()
    await expect(asked).rejects.toThrow()
    expect(origin.exchanges()[0]).toMatchObject({ response: null, cut: 'closed' })
  })

  test.each(['http', 'https'])('answers nobody by %s who had just connected', async (protocol) => {
    const certificates = createCertificates()
    onTestFinished(certificates.discard)
    const options =
      protocol === 'https' ? { certificate: await certificates.create('127.0.0.1') } : {}
    const answers: string[] = []
    // It is accepted by the wire, and by the server after it, a few turns of the event loop later.
    for (let turns = 0; turns < 12; turns++) {
      const origin = await keep(
        startOrigin('it', () => ({ body: 'hi' }), createClock(), createIdSource(), options),
      )
      const tcp = connect(origin.port, '127.0.0.1')
      await once(tcp, 'connect')
      const client =
        protocol === 'https' ? connectTls({ socket: tcp, rejectUnauthorized: false }) : tcp
      client.on('data', (bytes) => answers.push(bytes.toString())).on('error', () => {})
      for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve))
      await origin.stop()
      const closed = once(client, 'close')
      client.end('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
      await closed
    }
    expect(answers).toEqual([])
  })

  test('whose port somebody else took meanwhile makes the observation inconclusive', async () => {
    const origin = await answering(() => ({}))
    await origin.stop()
    const thief = (await import('node:net')).createServer().listen(origin.port, '127.0.0.1')
    await once(thief, 'listening')
    await expect(origin.start()).rejects.toMatchObject({ name: 'InconclusiveObservation' })
    thief.close()
  })
})
