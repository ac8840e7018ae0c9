import { describe, expect, test } from 'vitest'
import { EPOCH, exchange } from '../../testing/exchange-builder.ts'
import type { Exchange } from '../types/index.ts'
import { reproduce } from './reproduce.ts'

const address = 'http://127.0.0.1:3000'

type Asked = Parameters<typeof exchange>[0]

/** Exchanges in this order, a second apart; what shows the last one again. */
function shown(...asked: Asked[]): string[] {
  const exchanges = asked.map((each, index): Exchange => ({
    ...exchange(each),
    id: index + 1,
    connection: index + 1,
    startedAt: EPOCH + index * 1000,
  }))
  return reproduce(
    { exchange: exchanges.at(-1)!, console: null },
    { start: 'npm run serve by-hand', address },
    { exchanges },
  )
}

const login: Asked = {
  target: '/login',
  answers: [
    ['Set-Cookie', 'session=abc; Path=/'],
    ['Set-Cookie', 'theme=dark'],
  ],
}
const [first, next, last] = ['curl -i -c jar', 'curl -i -b jar -c jar', 'curl -i -b jar']
const start = 'npm run serve by-hand'

describe('what led to a request comes before it', () => {
  test('a login, whose session a fresh program would not know', () => {
    expect(shown(login, { target: '/me', cookie: 'session=abc; theme=dark' })).toEqual([
      start,
      `${first} ${address}/login`,
      `${last} ${address}/me`,
    ])
  })

  test('cookies that the program never issued are still sent as they were', () => {
    expect(shown(login, { target: '/me', cookie: 'a=1; session=abc; b=2' }).at(-1)).toBe(
      `${last} -b 'a=1; b=2' ${address}/me`,
    )
    expect(shown(login, { target: '/me', cookie: 'session=stolen' })).toEqual([
      start,
      `curl -i -b 'session=stolen' ${address}/me`,
    ])
  })

  test('a QUERY does not, because it changes nothing', () => {
    const query: Asked = { method: 'QUERY', target: '/a', requestBody: 'x' }
    expect(shown(query, { target: '/a' })).toEqual([start, `curl -i ${address}/a`])
  })

  describe('a login without cookies', () => {
    const asks = [['Authorization', 'Basic YTpi']] as const
    const right: Asked = { target: '/a', asks }
    const refused: Asked = { target: '/a', asks, status: 401 }
    const withField = `curl -i -H 'Authorization: Basic YTpi' ${address}/a`

    test.each<[string, Asked[], string[]]>([
      ['a request that got in without one', [right, { target: '/a' }], [withField]],
      ['not where it was refused', [refused, { target: '/a' }], []],
      ['not where the request was', [right, { target: '/a', status: 401 }], []],
      ['not of another path', [{ ...right, target: '/b' }, { target: '/a' }], []],
      ['not where the request has its own', [right, refused], []],
    ])('%s', (_, asked, before) => {
      const commands = shown(...asked)
      expect(commands.slice(1, -1)).toEqual(before)
      expect(commands.at(-1)).toMatch(/^curl -i .*\/a$/)
    })

    test('a connection is not shown, because each command has its own', () => {
      const exchanges = [right, { target: '/a' }].map((each, index): Exchange => {
        return { ...exchange(each), id: index + 1, startedAt: EPOCH + index, connection: 7 }
      })
      const failed = { exchange: exchanges[1]!, console: null }
      expect(reproduce(failed, { start, address }, { exchanges })).toEqual([])
    })
  })

  test('a PUT to the same address, and none to another', () => {
    const put = (target: string): Asked => ({ method: 'PUT', target, requestBody: 'x' })
    const asked: Asked = { target: '/a', asks: [['If-None-Match', '"1"']] }
    expect(shown(put('/a'), put('/b'), asked)).toEqual([
      start,
      `curl -i -X PUT --data-raw 'x' ${address}/a`,
      `curl -i -H 'If-None-Match: "1"' ${address}/a`,
    ])
  })

  test('a PUT that a browser sent again by itself, once', () => {
    const put: Asked = { method: 'PUT', target: '/a', requestBody: 'x' }
    const on = (connection: number, asked: Asked, at: number): Exchange => ({
      ...exchange({ ...asked, at }),
      id: at * 100,
      connection,
    })
    const exchanges = [
      on(1, { target: '/a' }, 1),
      on(1, { ...put, status: null, cut: 'closed' }, 8),
      on(2, put, 8.01),
      on(2, { target: '/a' }, 9),
    ]
    const failed = { exchange: exchanges.at(-1)!, console: null }
    expect(reproduce(failed, { start, address }, { exchanges })).toEqual([
      start,
      `curl -i -X PUT --data-raw 'x' ${address}/a`,
      `curl -i ${address}/a`,
    ])
  })

  test('a POST that made what is asked for, by its Location', () => {
    const post = (to: string): Asked => ({
      method: 'POST',
      target: '/notes/',
      status: 201,
      answers: [['Location', to]],
      requestBody: 'x',
    })
    const other = `curl -i -X POST --data-raw 'x' ${address}/notes/`
    for (const to of ['7', '/notes/7', 'http://127.0.0.1:41234/notes/7?new=1'])
      expect(shown(post('/notes/6'), post(to), post('/notes/8'), { target: '/notes/7' })).toEqual([
        start,
        other,
        other,
        `curl -i ${address}/notes/7`,
      ])
  })

  test('a POST that made what the address is a part of, and changes to parts of what it names', () => {
    const post = (target: string, to?: string): Asked => ({
      method: 'POST',
      target,
      ...(to && { status: 201, answers: [['Location', to]] }),
    })
    const [made, done] = [post('/todos', '/todos/1'), post('/todos/1/done')]
    const commands = [
      `curl -i -X POST ${address}/todos`,
      `curl -i -X POST ${address}/todos/1/done`,
      `curl -i ${address}/todos/1`,
    ]
    expect(shown(made, done)).toEqual([start, ...commands.slice(0, 2)])
    expect(shown(made, done, { target: '/todos/1' })).toEqual([start, ...commands])
    expect(shown(post('/todos/12/done'), post('/'), { target: '/todos/1' })).toEqual([
      start,
      ...commands.slice(2),
    ])
  })

  test('a logout that left the cookie as it was', () => {
    const cookie = 'session=abc'
    expect(
      shown(login, { method: 'POST', target: '/logout', cookie }, { target: '/me', cookie }),
    ).toEqual([
      start,
      `${first} ${address}/login`,
      `${next} -X POST ${address}/logout`,
      `${last} ${address}/me`,
    ])
  })

  test('safe requests change nothing and are left out', () => {
    expect(shown({ target: '/a' }, { method: 'HEAD', target: '/a' }, { target: '/a' })).toEqual([
      start,
      `curl -i ${address}/a`,
    ])
  })
})

describe('nothing is shown where commands would show something else', () => {
  const cookie = 'session=abc'
  test.each([
    '8e03978e-40d5-4f5a-9c0e-0a1b2c3d4e5f',
    '1761234567890',
    'k3jd8s0q',
    'V1StGXR8_Z5jdHi6B-my',
  ])('a name that was drawn for what was made: %s', (name) => {
    const made: Asked = { method: 'POST', status: 201, answers: [['Location', `/notes/${name}`]] }
    expect(shown(made, { target: `/notes/${name}` })).toEqual([])
    expect(shown(made, { target: `/notes/${name}/done` })).toEqual([])
    const deleted: Asked = { method: 'DELETE', target: `/notes/${name}` }
    expect(shown(made, deleted, { target: '/notes' })).toEqual([])
    expect(shown(made, { target: '/notes/other' })).toEqual([
      start,
      `curl -i ${address}/notes/other`,
    ])
  })

  test.each<[string, Asked[]]>([
    [
      'a session after the logout that ended it',
      [
        login,
        {
          method: 'POST',
          target: '/logout',
          cookie,
          answers: [['Set-Cookie', 'session=; Max-Age=0']],
        },
        { target: '/me', cookie },
      ],
    ],
    [
      "another visitor's change",
      [
        login,
        { target: '/login', answers: [['Set-Cookie', 'session=other']] },
        { method: 'POST', target: '/me', cookie: 'session=other' },
        { target: '/me', cookie },
      ],
    ],
    [
      'a long story',
      [...Array.from({ length: 5 }, (): Asked => ({ method: 'POST' })), { target: '/' }],
    ],
  ])('%s', (_, asked) => expect(shown(...asked)).toEqual([]))
})
