import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { startFixtureServer, type FixtureServer } from '../../testing/sample-server.ts'

/** Text that a database, a query language, an address or a page may take for something else. */
const odd = {
  NUL: 'a\0b',
  'NUL alone': '\0',
  'a lone surrogate': 'a\ud800b',
  'another lone surrogate': '\udc00',
  'one megabyte': 'x'.repeat(2 ** 20),
  'many words': 'word '.repeat(40),
  quotes: `"'\`“”'"`,
  'a query of SQL': `'); DROP TABLE answers; --`,
  'operators of the index': 'NEAR(a b) AND NOT "c* OR ^title : {a}',
  'a column of the index': 'title:"',
  markup: '<script>alert(1)</script>&amp;',
  'a path': '../../../etc/passwd',
  'control characters': '\x01\x1b[2J\x7f\u0085\u2028',
  'line ends': 'a\r\nSet-Cookie: a=b\r\n\r\n',
  directions: '\u202e\u2066abc',
  'a name every object has': '__proto__',
  'another one': 'constructor',
  'an emoji cut in half at the limit': `${'x'.repeat(199)}😀`,
  'a number beyond all': '9'.repeat(400),
  empty: '',
} as const

/** Escapes that are not text at all; they can be in an address and in a form. */
const oddEscapes = ['%', '%zz', '%ff', '%ed%a0%80', '%c0%80', '+', '%2e%2e%2f', '[]', '&&=']

interface Taken {
  /** What usually fills a place in the address. */
  readonly id?: string
  readonly name?: string
  readonly file?: string
  /** Names in the query. */
  readonly query?: readonly string[]
  /** Names in a form, or in JSON. */
  readonly body?: readonly string[]
}

const routes: Readonly<Record<string, Taken>> = {
  'GET /': {},
  'GET /courses': {},
  'GET /courses/:id': { id: 'small' },
  'GET /api/server': {},
  'GET /glossary': {},
  'GET /review': { query: ['answered'] },
  'GET /search': { query: ['q'] },
  'GET /api/search': { query: ['q'] },
  'GET /api/palette': {},
  'GET /lessons/:id': { id: 'first-lesson' },
  'POST /lessons/:id/read': { id: 'first-lesson', body: ['fraction'] },
  'POST /questions/:id/answer': { id: 'who-speaks-first', body: ['option', 'from'] },
  'GET /exercises/:id': { id: 'say-hello', query: ['kept', 'merged'] },
  'POST /exercises/:id/hints': { id: 'say-hello', body: ['count'] },
  'POST /exercises/:id/reset': { id: 'say-hello', body: ['x'] },
  'POST /exercises/:id/merge': { id: 'say-hello', body: ['keep'] },
  'POST /exercises/:id/open': { id: 'say-hello', body: ['x'] },
  'POST /exercises/:id/run': { id: 'say-hello', body: ['x'] },
  'POST /exercises/:id/submit': { id: 'say-hello', body: ['x'] },
  'POST /api/exercises/:id/run': { id: 'say-hello', body: ['x'] },
  'POST /api/exercises/:id/submit': { id: 'say-hello', body: ['x'] },
  'GET /api/exercises/:id/files/:name': { id: 'say-hello', name: 'server.ts' },
  'PUT /api/exercises/:id/files/:name': {
    id: 'say-hello',
    name: 'server.ts',
    body: ['text', 'keepOther'],
  },
  'POST /api/exercises/:id/files/:name/compare': {
    id: 'say-hello',
    name: 'server.ts',
    body: ['text'],
  },
  'POST /api/exercises/:id/files/:name/problems': {
    id: 'say-hello',
    name: 'server.ts',
    body: ['text'],
  },
  'POST /api/exercises/:id/files/:name/completions': {
    id: 'say-hello',
    name: 'server.ts',
    body: ['text', 'at'],
  },
  'GET /runs/:id': { id: '0123456789abcdef' },
  'GET /api/runs/:id': { id: '0123456789abcdef' },
  'GET /api/runs/:id/events': { id: '0123456789abcdef' },
  'POST /api/runs/:id/cancel': { id: '0123456789abcdef', body: ['x'] },
  'GET /submissions/:id': { id: 'none' },
  'GET /playground/:name': { name: 'nowhere' },
  'POST /playground/:name': { name: 'cookies', body: ['framed'] },
  'GET /static/:file': { file: 'style.css' },
  'POST /theme': { body: ['theme'] },
  'POST /access': { body: ['code', 'next'] },
}

let server: FixtureServer
let token: string
let access = ''
beforeAll(async () => {
  server = await startFixtureServer({ accessCode: 'opensesame', openInEditor: async () => 'Vi' })
  const entered = await send('POST', '/access', {}, new URLSearchParams({ code: 'opensesame' }))
  access = entered.headers.getSetCookie()[0]!.split(';')[0]!
  const page = await (await send('GET', '/')).text()
  token = /name="token" content="([^"]+)"/.exec(page)![1]!
})
afterAll(() => server.close())

describe('odd text', () => {
  test('is sent to every route there is', () => {
    expect(Object.keys(routes).toSorted()).toEqual(routesOf(server.app.router.stack).toSorted())
  })

  test.each(Object.entries(routes))('%s answers it', async (route, taken) => {
    const complaints = vi.spyOn(console, 'error').mockImplementation(() => {})
    try {
      const [method] = route.split(' ') as [string]
      const requests = requestsOf(route, taken)
      const failed: string[] = []
      for (const { what, path, headers, body } of requests) {
        const answer = await send(method, path, headers, body)
        const text = await answer.text()
        const isPage = answer.headers.get('Content-Type')?.startsWith('text/html') === true
        const isFine =
          answer.status < 500 &&
          !/^\s+at /m.test(text) &&
          !(isPage && text.includes('<script>alert'))
        if (!isFine) failed.push(`${what}: ${answer.status} ${text.slice(0, 200)}`)
      }
      expect(requests.length).toBeGreaterThan(20)
      expect(failed).toEqual([])
      expect(complaints.mock.calls).toEqual([])
    } finally {
      complaints.mockRestore()
    }
  })
})

interface OddRequest {
  readonly what: string
  readonly path: string
  readonly headers?: Record<string, string>
  readonly body?: string
}

function requestsOf(route: string, taken: Taken): OddRequest[] {
  const pattern = route.split(' ')[1]!
  const filled = (path: string) =>
    path.replace(/:(id|name|file)/g, (_, name: 'id' | 'name' | 'file') => taken[name]!)
  const path = filled(pattern)
  const texts = [
    ...Object.entries(odd).map(([what, text]) => [what, escaped(text)] as const),
    ...oddEscapes.map((escape) => [escape, escape] as const),
  ]
  const each = (
    names: readonly string[],
    requestOf: (name: string, text: string) => Omit<OddRequest, 'what'>,
  ) =>
    names.flatMap((name) =>
      texts.map(([what, text]) => ({ what: `${what} for ${name}`, ...requestOf(name, text) })),
    )
  const inPath = each(pattern.match(/:\w+/g) ?? [], (place, text) => ({
    path: pattern
      .split('/')
      .map((part) => (part === place ? text : filled(part)))
      .join('/'),
  }))
  const inQuery = each(['unknown', ...(taken.query ?? [])], (name, text) => ({
    path: `${path}?${name}=${text}`,
  }))
  const inForm = each(taken.body ?? [], (name, text) => ({
    path,
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    body: `token=${encodeURIComponent(token)}&${name}=${text}`,
  }))
  const values = [...Object.values(odd), null, 0, -1, 1e308, true, [], {}, ['a'], { length: 3 }]
  const bodies = (taken.body ?? []).flatMap((name) =>
    values.map((value) => JSON.stringify({ [name]: value })),
  )
  const inJson = [...bodies, ...(taken.body ? ['null', '[]', '"a"', '{', '\0', ''] : [])].map(
    (body) => ({
      what: `the JSON ${body.slice(0, 80)}`,
      path,
      headers: { 'Content-Type': 'application/json', 'If-Match': '"absent"' },
      body,
    }),
  )
  return [...inPath, ...inQuery, ...inForm, ...inJson]
}

/** Percent-encoded; half a surrogate pair as the three bytes that some programs write for it. */
function escaped(text: string): string {
  return [...text]
    .map((character) => {
      if (!/^[\ud800-\udfff]$/.test(character)) return encodeURIComponent(character)
      const code = character.charCodeAt(0)
      return [0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f)]
        .map((byte) => `%${byte.toString(16)}`)
        .join('')
    })
    .join('')
}

function send(
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body?: string | URLSearchParams,
): Promise<Response> {
  return fetch(server.url + path, {
    method,
    redirect: 'manual',
    headers: {
      Origin: server.url,
      'Sec-Fetch-Site': 'same-origin',
      Accept: 'text/html',
      ...(access !== '' && { Cookie: access }),
      ...(token && { 'X-Roundtrip-Token': token }),
      ...headers,
    },
    ...(body !== undefined && { body }),
  })
}

interface Layer {
  readonly route?: {
    readonly path: string
    readonly stack: readonly { readonly method?: string }[]
  }
  readonly handle?: { readonly stack?: readonly Layer[] }
}

function routesOf(stack: readonly unknown[]): string[] {
  return (stack as readonly Layer[]).flatMap(({ route, handle }) =>
    route
      ? [...new Set(route.stack.map(({ method }) => method))].map(
          (method) => `${method!.toUpperCase()} ${route.path}`,
        )
      : routesOf(handle?.stack ?? []),
  )
}
