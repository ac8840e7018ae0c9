import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import express from 'express'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startFixtureServer, type FixtureServer } from '../../../testing/sample-server.ts'
import { closeServer, portOf } from '../../http/listen.ts'
import { lampServers, page, type LampServer } from './lamp-servers.ts'

let server: FixtureServer
let address: string
beforeAll(async () => {
  server = await startFixtureServer()
  address = await server.playground('get-beside-head')
})
afterAll(() => server.close())

const open = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${address}open/${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Origin: new URL(address).origin, ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
const opened = async (path: string, body: unknown) =>
  ((await (await open(path, body)).json()) as { address: string }).address
const nameIn = (url: string) => new URL(url).pathname.split('/')[1]!

describe('the shown code', () => {
  /** A server of the lines that readers see. */
  const serve = ({ code }: LampServer) => {
    if (code.startsWith('app.')) {
      const app = express()
      // oxlint-disable-next-line no-new-func -- it is the code of a page of ours
      new Function('app', 'page', code)(app, page)
      return createServer(app)
    }
    // oxlint-disable-next-line no-new-func -- it is the code of a page of ours
    const run = new Function('request', 'response', 'page', code)
    return createServer((request: IncomingMessage, response: ServerResponse) =>
      run(request, response, page),
    )
  }

  test.each(Object.keys(lampServers) as (keyof typeof lampServers)[])(
    '%s answers as the recorded server does',
    async (name) => {
      const shown = serve(lampServers[name])
      await new Promise<void>((resolve) => shown.listen(0, '127.0.0.1', resolve))
      const recorded = await opened('lamps', { server: name })
      for (const method of ['GET', 'HEAD']) {
        const [one, other] = await Promise.all(
          [`http://127.0.0.1:${portOf(shown)}/lamps`, recorded].map(async (url) => {
            const answer = await fetch(url, { method })
            const fields = [...answer.headers].filter(
              ([key]) => !/^(?:date|connection|keep-alive)$/.test(key),
            )
            return { status: answer.status, fields, text: await answer.text() }
          }),
        )
        expect(one).toEqual(other)
      }
      await closeServer(shown)
    },
  )
})

test.each([
  ['node', 'length'],
  ['length', 'none'],
  ['express', 'none'],
  ['branch', 'fields'],
  ['get-only', 'status'],
])('HEAD at %s differs: %s', async (name, difference) => {
  const lamps = await opened('lamps', { server: name })
  await fetch(lamps)
  const compared = (said: string) => fetch(`${address}${nameIn(lamps)}/lamps?said=${said}`)
  expect((await compared(difference)).status).toBe(404)
  await fetch(lamps, { method: 'HEAD' })
  expect(await (await compared(difference)).text()).toContain('data-answer="right"')
  expect((await compared('<b>')).status).toBe(404)
  expect((await compared('toString')).status).toBe(404)
})

test('a catalogue loses what a GET deletes, or refuses GET', async () => {
  const ahead = { headers: { 'Sec-Purpose': 'prefetch' } }
  for (const postOnly of [false, true]) {
    const catalogue = await opened('catalogue', { postOnly })
    const timeline = () => fetch(`${address}${nameIn(catalogue)}/timeline`)
    expect((await timeline()).status).toBe(404)
    const first = await fetch(`${catalogue}?ahead`)
    expect(first.headers.get('Content-Security-Policy')).toContain(`script-src 'none'`)
    const links = [...(await first.text()).matchAll(/rel="prefetch" href="([^"]+)"/g)]
    expect(links.map(([, path]) => path)).toEqual(
      ['desk', 'floor', 'wall'].map((lamp) => new URL(`delete/${lamp}`, catalogue).pathname),
    )
    const statuses = await Promise.all(
      links.map(async ([, path]) => (await fetch(new URL(path!, catalogue), ahead)).status),
    )
    expect(statuses).toEqual(Array(3).fill(postOnly ? 405 : 200))
    const came = await (await timeline()).text()
    expect(came).toContain(postOnly ? 'so all 3 lamps are still there' : 'Now no lamp is left')
    expect(came.includes('prints: wall lamp deleted')).toBe(!postOnly)
    expect(came).toContain('Sec-Purpose: prefetch')
    const again = await (await fetch(catalogue)).text()
    expect(again).not.toContain('prefetch')
    expect(again.includes('It’s empty.')).toBe(!postOnly)
    await fetch(new URL('delete/desk', catalogue), { method: 'POST' })
    expect(await (await fetch(catalogue)).text()).not.toContain('desk')
    expect((await fetch(new URL('elsewhere', catalogue))).status).toBe(404)
  }
})

test('nothing is opened for another page, and nothing odd', async () => {
  for (const headers of [
    { Origin: 'http://evil.example' },
    { Origin: server.url },
    { 'Sec-Fetch-Site': 'cross-site' },
  ])
    for (const path of ['lamps', 'catalogue'])
      expect((await open(path, { server: 'node' }, headers)).status).toBe(403)
  for (const name of ['toString', '', 7, null, ['node'], 'x'.repeat(3000), 'a\0b'])
    expect((await open('lamps', { server: name })).status).toBe(400)
  for (const body of ['{', '[]', '"a"', 'null', ''])
    expect((await open('lamps', body)).status).toBe(400)
  expect((await open('lamps', { server: 'x'.repeat(5000) })).status).toBe(413)
  const recorded = new URL(await opened('lamps', { server: 'node' })).origin
  for (const path of ['/', '/000000/lamps', '/favicon.ico', '/__proto__/lamps'])
    expect((await fetch(recorded + path)).status).toBe(404)
})

test('a catalogue is framed by the playground and the course alone', async () => {
  const framed = await server.post('/playground/get-beside-head', { framed: true })
  expect(framed.status).toBe(200)
  const { headers } = await fetch(await opened('catalogue', {}))
  expect(headers.get('Content-Security-Policy')).toMatch(
    new RegExp(`frame-ancestors ${new URL(address).origin} ${server.url}$`),
  )
  const recorded = new URL(await opened('catalogue', {})).origin
  const policy = (await fetch(address)).headers.get('Content-Security-Policy')
  expect(policy).toContain(`connect-src 'self' ${recorded};`)
  expect(policy).toContain(`frame-src ${recorded}`)
  expect(policy).toContain(`script-src 'self';`)
})
