import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startFixtureServer, type FixtureServer } from '../../testing/sample-server.ts'

let server: FixtureServer
beforeEach(async () => {
  server = await startFixtureServer({
    files: {
      'exercises/say-hello/stub/lib/names.ts': 'export {}\n',
      'exercises/say-hello/solution/lib/names.ts': 'export {}\n',
    },
  })
  await server.page('/exercises/say-hello')
})
afterEach(() => server.close())

const address = (name: string) => `/api/exercises/say-hello/files/${encodeURIComponent(name)}`
const own = () => join(server.paths.work, 'say-hello', 'server.ts')
const read = (name = 'server.ts', headers: Record<string, string> = {}) =>
  server.get(address(name), { 'Sec-Fetch-Site': 'same-origin', ...headers })
const put = async (
  text: unknown,
  ifMatch?: string,
  { name = 'server.ts', more = {}, headers = {} } = {},
) =>
  fetch(server.url + address(name), {
    method: 'PUT',
    headers: {
      Accept: 'application/json',
      'Content-Type': 'application/json',
      Origin: server.url,
      'X-Roundtrip-Token': await server.token(),
      ...(ifMatch !== undefined && { 'If-Match': ifMatch }),
      ...headers,
    },
    body: JSON.stringify({ text, ...more }),
  })

describe('reading a file', () => {
  test('gives its text and its version, and nothing when it is the known one', async () => {
    const answer = await read()
    expect(await answer.json()).toEqual({
      text: '// TODO\n',
      version: expect.stringMatching(/^[\w-]{22}$/),
    })
    const tag = answer.headers.get('ETag')!
    expect((await read('server.ts', { 'If-None-Match': tag })).status).toBe(304)
    writeFileSync(own(), '// mine\n')
    expect((await read('server.ts', { 'If-None-Match': tag })).status).toBe(200)
    expect(await (await read('lib/names.ts')).json()).toMatchObject({ text: 'export {}\n' })
  })

  test.each([
    '../checks.ts',
    '../solution/server.ts',
    '../../../../../etc/passwd',
    'checks.ts',
    'server.ts/../lib/names.ts',
    '.',
    '%00',
  ])('%s is none', async (name) => {
    expect((await read(name)).status).toBe(404)
    expect((await put('x', '"absent"', { name })).status).toBe(404)
  })

  test('a page of another site gets nothing', async () => {
    expect((await read('server.ts', { 'Sec-Fetch-Site': 'cross-site' })).status).toBe(403)
    expect(
      (await read('server.ts', { 'Sec-Fetch-Site': 'none', Origin: 'http://evil.example' })).status,
    ).toBe(403)
  })

  test('what is no text is not given out as text', async () => {
    writeFileSync(own(), Buffer.from([0xff, 0xfe, 0x61]))
    const answer = await read()
    expect(answer.status).toBe(409)
    expect(await answer.json()).toEqual({
      error: "server.ts isn't text in UTF-8. Edit it in your own editor.",
    })
  })
})

describe('saving a file', () => {
  test('replaces the version the page knows', async () => {
    const tag = (await read()).headers.get('ETag')!
    const answer = await put('// mine ✓\n', tag)
    expect(answer.status).toBe(200)
    expect(await answer.json()).toEqual({
      version: answer.headers.get('ETag')!.slice(1, -1),
      copy: null,
    })
    expect(readFileSync(own(), 'utf8')).toBe('// mine ✓\n')
  })

  test('never replaces another', async () => {
    const tag = (await read()).headers.get('ETag')!
    writeFileSync(own(), '// theirs\n')
    const answer = await put('// mine\n', tag)
    expect(answer.status).toBe(412)
    expect(await answer.json()).toEqual({ error: 'server.ts was changed outside this page.' })
    expect(readFileSync(own(), 'utf8')).toBe('// theirs\n')
  })

  test('keeps the other version when it is replaced knowingly', async () => {
    writeFileSync(own(), '// theirs\n')
    const answer = await put('// mine\n', (await read()).headers.get('ETag')!, {
      more: { keepOther: true },
    })
    const { copy } = (await answer.json()) as { copy: string }
    expect(readFileSync(copy, 'utf8')).toBe('// theirs\n')
    expect(readFileSync(own(), 'utf8')).toBe('// mine\n')
    expect(readdirSync(server.paths.work)).toHaveLength(2)
  })

  test.each<[string, unknown, string | undefined, number]>([
    ['without a version', '// mine\n', undefined, 428],
    ['with a version for all', '// mine\n', '*', 428],
    ['without a text', undefined, '"x"', 400],
    ['with a text that is none', { toString: 1 }, '"x"', 400],
    ['of more than anybody writes', 'x'.repeat(300_000), '"x"', 413],
  ])('%s changes nothing', async (_name, text, ifMatch, status) => {
    expect((await put(text, ifMatch)).status).toBe(status)
    expect(readFileSync(own(), 'utf8')).toBe('// TODO\n')
  })

  test('from elsewhere changes nothing', async () => {
    const tag = (await read()).headers.get('ETag')!
    expect(
      (await put('// evil\n', tag, { headers: { Origin: 'http://evil.example' } })).status,
    ).toBe(403)
    expect((await put('// evil\n', tag, { headers: { 'X-Roundtrip-Token': 'none' } })).status).toBe(
      403,
    )
    expect(readFileSync(own(), 'utf8')).toBe('// TODO\n')
  })
})

test('two versions are laid side by side, as text', async () => {
  writeFileSync(own(), '// theirs <b>\n')
  const answer = await server.post(`${address('server.ts')}/compare`, { text: '// mine <img>\n' })
  const { html, text } = (await answer.json()) as { html: string; text: string }
  expect(text).toBe('// theirs <b>\n')
  expect(html).toContain('// mine &lt;img&gt;')
  expect(html).toContain('// theirs &lt;b&gt;')
  expect(html).toContain('Here, in the page')
})
