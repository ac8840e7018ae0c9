import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startFixtureServer, type FixtureServer } from '../../testing/sample-server.ts'
import { PageError } from '../http/page-error.ts'

let server: FixtureServer
let opened: (readonly string[])[]
let problem: Error | undefined
beforeEach(async () => {
  opened = []
  problem = undefined
  server = await startFixtureServer({
    async openInEditor(files) {
      if (problem) throw problem
      opened.push(files)
      return 'code'
    },
  })
})
afterEach(() => server.close())

const own = () => join(server.paths.work, 'say-hello', 'server.ts')

test('opens the learner’s own file, made from the stub when it is not there', async () => {
  const answer = await server.post('/exercises/say-hello/open')
  expect(await answer.json()).toEqual({ say: 'Opened in code.' })
  expect(opened).toEqual([[own()]])
  expect(readFileSync(own(), 'utf8')).toBe('// TODO\n')
})

test('works as a plain form', async () => {
  expect(await server.page('/exercises/say-hello')).toContain('action="/exercises/say-hello/open"')
  const answer = await server.submit('/exercises/say-hello/open')
  expect(answer.status).toBe(200)
  expect(await answer.text()).toMatch(
    /Opened in code\.<\/p>\s*<p><a class="button" href="\/exercises\/say-hello">/,
  )
})

test('says what to set when there is none', async () => {
  problem = new PageError(409, 'No editor was found. Name yours.')
  const answer = await server.post('/exercises/say-hello/open')
  expect([answer.status, await answer.json()]).toEqual([
    409,
    { error: 'No editor was found. Name yours.' },
  ])
})

test('opens nothing for another site, without the page’s token, or that is no exercise', async () => {
  expect(
    (await server.submit('/exercises/say-hello/open', {}, { Origin: 'http://evil.example' }))
      .status,
  ).toBe(403)
  expect((await server.submit('/exercises/say-hello/open', { token: 'x' })).status).toBe(403)
  expect((await server.get('/exercises/say-hello/open')).status).toBe(405)
  for (const id of ['gone', '..%2f..%2fetc', '%2e%2e'])
    expect((await server.post(`/exercises/${id}/open`)).status, id).toBe(404)
  expect(opened).toEqual([])
})
