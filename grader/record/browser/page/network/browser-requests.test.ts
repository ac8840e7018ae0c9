import type { RequestListener } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { record } from '../../../../../testing/record-by-hand.ts'
import type { BrowserRequest } from '../../../../types/seen-by-browser.ts'
import { closeBrowser, warmBrowser } from '../../browser.ts'

beforeAll(() => warmBrowser())
afterAll(closeBrowser)

const server: RequestListener = (request, response) => {
  const { url = '' } = request
  const [path] = url.split('?')
  if (path === '/moved') return void response.writeHead(302, { Location: '/data' }).end()
  if (path === '/style.css') {
    const isKnown = request.headers['if-none-match'] === '"1"'
    const head = { ETag: '"1"', 'Cache-Control': 'no-cache', 'Content-Type': 'text/css' }
    return void response.writeHead(isKnown ? 304 : 200, head).end(isKnown ? '' : 'p { color: red }')
  }
  if (path === '/app.js') {
    const head = { 'Cache-Control': 'max-age=600', 'Content-Type': 'text/javascript' }
    return void response.writeHead(200, head).end('0')
  }
  if (path === '/data') return void response.end('{}')
  response.setHeader('Content-Type', 'text/html')
  response.setHeader('Content-Security-Policy', "img-src 'none'")
  response.end(
    '<!doctype html><link rel="icon" href="data:,"><link rel="stylesheet" href="/style.css"><script src="/app.js"></script><img src="/no.png">',
  )
}

const path = ({ url }: BrowserRequest) => url.replace(/^https?:\/\/[^/]+/, '')
const inWords = (request: BrowserRequest) => {
  const { type, method, status, fromCache, blocked, exchange } = request
  const wire = exchange ? `wire ${exchange.response?.status}` : 'no wire'
  return [type, method, path(request), status, fromCache, blocked, wire].join(' ')
}

test('all that a page asked for, from caches and over the wire, and what was refused', async () => {
  const { facts, exchanges } = await record(server, async ({ newPage }) => {
    const tab = await newPage()
    await tab.open('/?1')
    await tab.open('about:blank')
    await tab.open('/?2')
    await tab.fetch('/moved')
    return { requests: tab.requests() }
  })
  expect(facts.requests.map(inWords)).toEqual([
    'document GET /?1 200   wire 200',
    'stylesheet GET /style.css 200   wire 200',
    'script GET /app.js 200   wire 200',
    'image GET /no.png   csp no wire',
    'document GET /?2 200   wire 200',
    'stylesheet GET /style.css 304   wire 304',
    expect.stringMatching(/^script GET \/app\.js 200 (?:memory|disk)  no wire$/),
    'image GET /no.png   csp no wire',
    'fetch GET /moved 302   wire 302',
    'fetch GET /data 200   wire 200',
  ])
  const [document, style] = facts.requests
  expect(document!.exchange).toBe(exchanges[0])
  expect([document!.protocol, typeof document!.connectionId]).toEqual(['http/1.1', 'number'])
  expect([
    document!.initiator.type,
    style!.initiator.type,
    path({ url: style!.initiator.url } as never),
  ]).toEqual(['other', 'parser', '/?1'])
  expect(path({ url: facts.requests.at(-1)!.redirectedFrom } as never)).toBe('/moved')
  expect(facts.requests.every((request) => Object.isFrozen(request))).toBe(true)
})

test('requests of two tabs for the same are told apart', async () => {
  const { facts } = await record(server, async ({ newPage }) => {
    const tabs = [await newPage('Ann'), await newPage('Bob')]
    await Promise.all(tabs.map((tab) => tab.open('/')))
    await tabs[0]!.plant({ who: 'Ann' })
    await tabs[1]!.plant({ who: 'Bob' })
    await Promise.all(tabs.flatMap((tab) => [tab.fetch('/data'), tab.fetch('/data')]))
    return tabs.map((tab) => tab.requests())
  })
  for (const [index, who] of ['Ann', 'Bob'].entries()) {
    const cookies = facts[index]!.filter((each) => path(each) === '/data').map(
      ({ exchange }) => exchange?.request.headers.find(([name]) => name === 'Cookie')?.[1],
    )
    expect(cookies).toEqual([`who=${who}`, `who=${who}`])
  }
})

test('a preflight and the answer that was withheld have Chromium’s reasons', async () => {
  const { facts } = await record(server, async ({ newPage, address }) => {
    const tab = await newPage()
    await tab.open('/')
    const elsewhere = address.replace('127.0.0.1', 'localhost')
    await tab.evaluate(
      `fetch(${JSON.stringify(`${elsewhere}/data`)}, { method: 'PUT' }).catch(() => {})`,
    )
    await tab.evaluate(`fetch(${JSON.stringify(`${elsewhere}/data`)}).catch(() => {})`)
    return tab.requests().filter(({ url }) => url.includes('localhost'))
  })
  expect(facts.map(({ type, method, blocked }) => [type, method, blocked])).toEqual(
    expect.arrayContaining([
      ['preflight', 'OPTIONS', null],
      ['fetch', 'PUT', 'PreflightMissingAllowOriginHeader'],
      ['fetch', 'GET', 'MissingAllowOriginHeader'],
    ]),
  )
})
