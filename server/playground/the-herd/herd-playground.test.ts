import { afterAll, beforeAll, expect, test } from 'vitest'
import { startFixtureServer, type FixtureServer } from '../../../testing/sample-server.ts'

let server: FixtureServer
let address: string
beforeAll(async () => {
  server = await startFixtureServer()
  address = await server.playground('the-herd')
})
afterAll(() => server.close())

const chosen = { prediction: 'doubling', wait: 'equal', jitter: 'off', tries: '8' }
const run = (changes: Record<string, string> = {}) =>
  fetch(`${address}run?${new URLSearchParams({ ...chosen, ...changes })}`)

test('says that it is a model, and not that engines differ', async () => {
  const page = await (await fetch(address)).text()
  expect(page).toContain('<b>This is a model</b>')
  expect(page).not.toContain('/static/engine.')
})

test('gives what came of a setting, the same each time', async () => {
  const first = await (await run()).text()
  expect(first).toContain('data-answer="open"')
  expect(first).toContain('48 of 50 clients were served')
  expect(await (await run()).text()).toBe(first)
  expect(await (await run({ prediction: 'equal' })).text()).toContain('data-answer="wrong"')
})

test.each([
  ['prediction', ''],
  ['prediction', 'toString'],
  ['wait', 'length'],
  ['wait', 'a\0b'],
  ['jitter', 'true'],
  ['jitter', '__proto__'],
  ['jitter', 'constructor'],
  ['tries', '5'],
  ['tries', '8.0'],
  ['tries', '1e9'],
  ['tries', 'x'.repeat(10_000)],
])('refuses %s=%j', async (name, value) => {
  const answer = await run({ [name]: value })
  expect([answer.status, await answer.text()]).toEqual([
    400,
    'The model has no such setting. Choose one of those on the page.\n',
  ])
})

test('refuses what is missing or twice, and any other method', async () => {
  for (const query of ['', '?wait=equal', `?${new URLSearchParams(chosen)}&tries=8`])
    expect((await fetch(`${address}run${query}`)).status).toBe(400)
  expect(
    (await fetch(`${address}run?${new URLSearchParams(chosen)}`, { method: 'POST' })).status,
  ).toBe(404)
})
