import { request as httpRequest } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { drawAccessCode } from '../../people/access-code.ts'
import { openServedClass, type ServedClass } from '../../../testing/class/served-class-in-tests.ts'

let served: ServedClass
beforeAll(async () => {
  served = await openServedClass()
})
afterAll(() => served.close())

const newCode = async (id: string): Promise<string> => {
  const page = await (await served.teacher.submit(`/class/people/${id}/code`)).text()
  return /<code>([0-9A-Z]{4}-[0-9A-Z]{4})<\/code>/.exec(page)![1]!
}

describe('a code', () => {
  test('lets its learner in, as it is printed and as people type it', async () => {
    const ada = await served.enter('Ada')
    for (const typed of [ada.code, ` ${ada.code.toLowerCase()} `, ada.code.replace('-', ' – ')]) {
      const answer = await tryCode(typed)
      expect(answer).toMatchObject({ status: 303, location: '/' })
      const cookie = answer.cookies[0]!
      expect(cookie).toMatch(/; HttpOnly/)
      expect(cookie).toMatch(/; SameSite=Lax/)
    }
  })

  test('wrong, used up, revoked or of somebody who was removed: one and the same answer', async () => {
    const [bob, cy, dan] = [
      await served.enter('Bob'),
      await served.enter('Cy'),
      await served.enter('Dan'),
    ]
    const renewed = await newCode(bob.id)
    await served.teacher.submit(`/class/people/${cy.id}/revoke`)
    await served.teacher.submit(`/class/people/${dan.id}/remove`, { name: 'Dan' })
    const answers = await Promise.all(
      [bob.code, cy.code, dan.code, drawAccessCode(), '', 'x'.repeat(5000), "' OR 1=1 --"].map(
        (code) => tryCode(code, { from: '127.0.0.7' }),
      ),
    )
    for (const { status, body, cookies } of answers) {
      expect([status, cookies]).toEqual([401, []])
      expect(body).toContain('Invalid code')
    }
    expect(new Set(answers.map(({ body }) => body)).size).toBe(1)
    expect((await tryCode(renewed)).status).toBe(303)
    // With the code their sessions ended, too.
    for (const member of [bob, cy, dan]) expect((await member.get('/')).status).toBe(401)
  })

  test('leads on to where its learner wanted to go, and never to another site', async () => {
    const { code } = await served.enter('Eli')
    for (const [next, location] of [
      ['/exercises/say-hello', '/exercises/say-hello'],
      ['//evil.example/', '/'],
      ['https://evil.example/', '/'],
      ['/\\evil.example', '/'],
    ] as const)
      expect((await tryCode(code, { next })).location).toBe(location)
    expect(await served.stranger.page('/exercises/say-hello')).toContain(
      'name="next" value="/exercises/say-hello"',
    )
  })
})

test('guesses are limited by the address they come from, and lock nobody else out', async () => {
  const { code } = await served.enter('Fay')
  const guess = (extra = {}) => tryCode(drawAccessCode(), { from: '127.0.0.66', ...extra })
  for (let tries = 0; tries < 100; tries += 10)
    for (const { status } of await Promise.all(Array.from({ length: 10 }, () => guess())))
      expect(status).toBe(401)
  const refused = await guess()
  expect(refused.status).toBe(429)
  expect(refused.body).toContain('Wait five minutes')
  // The right code is no exception there, or a guess would be worth it.
  expect((await tryCode(code, { from: '127.0.0.66' })).status).toBe(429)
  expect((await tryCode(code, { from: '127.0.0.67' })).status).toBe(303)
  // A forwarder on this machine tells the addresses apart.
  expect((await guess({ forwardedFor: '192.0.2.1' })).status).toBe(401)
  expect((await guess({ forwardedFor: '192.0.2.2, 127.0.0.66' })).status).toBe(429)
})

test('a class that comes in at once is never refused, and guesses at once are', async () => {
  const { code } = await served.enter('Gus')
  const atOnce = async (codes: readonly string[], from: string) => {
    const answers = await Promise.all(codes.map((each) => tryCode(each, { from })))
    return answers.map(({ status }) => status).toSorted()
  }
  expect(await atOnce(Array(130).fill(code), '127.0.0.68')).toEqual(Array(130).fill(303))
  expect(await atOnce(Array(130).fill(drawAccessCode()), '127.0.0.68')).toEqual(
    Array(130).fill(401),
  )
  const guesses = Array.from({ length: 130 }, () => drawAccessCode())
  expect(await atOnce(guesses, '127.0.0.69')).toEqual([
    ...Array(100).fill(401),
    ...Array(30).fill(429),
  ])
})

describe('a session', () => {
  test('of a teacher ends when their code is renewed, and the new code begins one', async () => {
    const grace = await served.enter('Grace', 'teacher')
    expect((await grace.get('/class/people')).status).toBe(200)
    const code = await newCode(grace.id)
    for (const path of ['/', '/class', '/class/gradebook.csv'])
      expect([path, (await grace.get(path)).status]).toEqual([path, 401])
    expect((await grace.send('POST', '/api/exercises/say-hello/run', {})).status).toBe(401)
    expect((await grace.submit('/class/people', { names: 'Mallory' })).status).toBe(401)
    expect((await tryCode(code)).status).toBe(303)
  })

  test('of a teacher who renews their own code ends, too, and the page shows the new one', async () => {
    const hal = await served.enter('Hal', 'teacher')
    const page = await (await hal.submit(`/class/people/${hal.id}/code`)).text()
    const code = /<code>([0-9A-Z]{4}-[0-9A-Z]{4})<\/code>/.exec(page)![1]!
    expect((await hal.get('/class')).status).toBe(401)
    expect((await tryCode(code)).status).toBe(303)
    expect((await hal.submit(`/class/people/${hal.id}/revoke`)).status).toBe(401)
  })

  test('ends by Leave, and is not revived by its cookie', async () => {
    const ida = await served.enter('Ida')
    expect((await ida.submit('/leave')).headers.get('location')).toBe('/')
    expect((await ida.get('/')).status).toBe(401)
  })

  test('that never was, or is no text of ours: asks for a code', async () => {
    for (const cookie of ['x', '', 'x'.repeat(3000), '%00', 'j%3A%7B%7D'])
      expect(
        (await served.stranger.get('/', { cookie: `roundtrip_session=${cookie}` })).status,
      ).toBe(401)
  })
})

interface Try {
  /** The address of this machine that it comes from. */
  readonly from?: string
  readonly forwardedFor?: string
  readonly next?: string
}

function tryCode(code: string, { from = '127.0.0.1', forwardedFor, next = '/' }: Try = {}) {
  const { port, host, origin } = new URL(served.url)
  return new Promise<{ status: number; location?: string; cookies: string[]; body: string }>(
    (resolve, reject) => {
      const headers = {
        Host: host,
        Origin: origin,
        'Content-Type': 'application/x-www-form-urlencoded',
        ...(forwardedFor !== undefined && { 'X-Forwarded-For': forwardedFor }),
      }
      const sent = httpRequest(
        {
          host: '127.0.0.1',
          port,
          localAddress: from,
          path: '/access',
          method: 'POST',
          headers,
          agent: false,
        },
        (answer) => {
          let body = ''
          answer.setEncoding('utf8').on('data', (text: string) => (body += text))
          answer.on('end', () =>
            resolve({
              status: answer.statusCode ?? 0,
              ...(answer.headers.location !== undefined && { location: answer.headers.location }),
              cookies: answer.headers['set-cookie'] ?? [],
              body,
            }),
          )
        },
      )
      sent.on('error', reject).end(new URLSearchParams({ code, next }).toString())
    },
  )
}
