import type { RequestListener } from 'node:http'
import { EventEmitter } from 'node:events'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { record } from '../../../../../testing/record-by-hand.ts'
import type { BrowserRequest } from '../../../../types/seen-by-browser.ts'
import { closeBrowser, warmBrowser } from '../../browser.ts'
import { recordRequests } from './browser-requests.ts'

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
    const data = JSON.stringify(`${address}/data`)
    await tab.open(address.replace('127.0.0.1', 'localhost'))
    await tab.evaluate(`fetch(${data}, { method: 'PUT' }).catch(() => {})`)
    await tab.evaluate(`fetch(${data}).catch(() => {})`)
    // The same as what was refused, and this time it is sent.
    await tab.open('/')
    await tab.evaluate(`fetch(${data}, { method: 'PUT' })`)
    return tab.requests().filter(({ url }) => url === `${address}/data`)
  })
  const onWire = ({ exchange }: BrowserRequest) => exchange && exchange.request.method
  const found = facts.map((each) => [each.type, each.method, each.blocked, onWire(each)])
  // Chromium tells of the preflight before what it is for, or after it.
  expect(found.toSorted((a, b) => String(b).localeCompare(String(a)))).toEqual([
    ['preflight', 'OPTIONS', null, 'OPTIONS'],
    ['fetch', 'PUT', 'PreflightMissingAllowOriginHeader', null],
    ['fetch', 'PUT', null, 'PUT'],
    ['fetch', 'GET', 'MissingAllowOriginHeader', 'GET'],
  ])
})

const asksForNever: RequestListener = (request, response) => {
  if (request.url === '/never') return
  response.setHeader('Content-Type', 'text/html')
  if (request.url === '/strict') response.setHeader('Content-Security-Policy', "img-src 'none'")
  response.end(
    '<!doctype html><link rel="icon" href="data:,"><script>new Image().src="/never"</script>',
  )
}

/** A session of the DevTools protocol that reports these events. */
function reported(...events: readonly [name: string, event: object][]) {
  const session = new EventEmitter()
  const requests = recordRequests(session as never, () => null)
  for (const [name, event] of events) session.emit(`Network.${name}`, { requestId: '1', ...event })
  return requests.all().map(({ url, status }) => `${url} ${status}`)
}

test('a status that is reported before its request is that request’s', () => {
  const asks = (url: string) => ({ request: { url, method: 'GET' }, initiator: { type: 'script' } })
  const redirectResponse = { status: 302, connectionId: 1 }
  const found = reported(
    ['responseReceivedExtraInfo', { statusCode: 302 }],
    ['requestWillBeSent', asks('http://a/moved')],
    ['responseReceivedExtraInfo', { statusCode: 304 }],
    ['requestWillBeSent', { ...asks('http://a/data'), redirectResponse }],
    ['responseReceived', { response: { status: 200, connectionId: 1 } }],
  )
  expect(found).toEqual(['http://a/moved 302', 'http://a/data 304'])
})

test('what Chromium refused to send is not given what another page asked for', async () => {
  const { facts } = await record(asksForNever, async ({ newPage, until, exchanges }) => {
    const strict = await newPage()
    await strict.open('/strict')
    const other = await newPage()
    void other.open('/').catch(() => {})
    const asked = () =>
      [strict, other].map((tab) => tab.requests().filter((each) => path(each) === '/never'))
    // The wire is known to a request some moments after the exchange.
    const isLinked = () => asked()[1]!.some(({ exchange }) => exchange)
    await until(() => asked().flat().length === 2 && exchanges().length === 3 && isLinked())
    return asked()
  })
  expect(facts.map((each) => each.map(inWords))).toEqual([
    ['image GET /never   csp no wire'],
    ['image GET /never    wire undefined'],
  ])
})

const asksFirst: RequestListener = (request, response) => {
  // It never says whether others may.
  if (request.method === 'OPTIONS') return
  response.end()
}

test('what waits for its preflight is not given what another page asked for', async () => {
  const { facts } = await record(asksFirst, async ({ newPage, until, exchanges, address }) => {
    const put = `void fetch(${JSON.stringify(`${address}/data`)}, { method: 'PUT' })`
    const waiting = await newPage()
    await waiting.open(address.replace('127.0.0.1', 'localhost'))
    await waiting.evaluate(put)
    await until(() => exchanges().some(({ request }) => request.method === 'OPTIONS'))
    const other = await newPage()
    await other.open('/')
    await other.evaluate(put)
    const asked = () =>
      [waiting, other].map((tab) => tab.requests().filter(({ method }) => method === 'PUT'))
    await until(() => asked()[1]!.some(({ status }) => status !== null))
    return asked()
  })
  expect(facts.map((each) => each.map(inWords))).toEqual([
    ['fetch PUT /data    no wire'],
    ['fetch PUT /data 200   wire 200'],
  ])
})

const rules = (kind: string) =>
  JSON.stringify({ [kind]: [{ source: 'list', urls: ['/next'], eagerness: 'immediate' }] })
const withRules: RequestListener = (request, response) => {
  response.setHeader('Content-Type', 'text/html')
  const kind = new URL(request.url!, 'http://any').searchParams.get('kind')!
  response.end(
    request.url === '/next'
      ? '<!doctype html><link rel="icon" href="data:,">next'
      : `<!doctype html><link rel="icon" href="data:,"><button>fetch</button><a href="/next">go</a><script>
          document.querySelector('button').onclick = () => {
            const script = Object.assign(document.createElement('script'), { type: 'speculationrules' })
            script.textContent = '${rules(kind)}'
            document.head.append(script)
          }
        </script>`,
  )
}

const inAdvance = 'a %s by speculation rules crossed the wire, and the visit after it did not'
test.each(['prefetch', 'prerender'])(inAdvance, async (kind) => {
  const { facts } = await record(withRules, async ({ newPage, until }) => {
    const tab = await newPage()
    await tab.open(`/?kind=${kind}`)
    await tab.click('button')
    await until(() => tab.requests().some(({ type, status }) => type === 'prefetch' && status))
    const { document, text } = await tab.leads(() => tab.click('a'))
    return { requests: tab.requests(), document, text }
  })
  expect(facts.requests.map(inWords)).toEqual([
    `document GET /?kind=${kind} 200   wire 200`,
    'prefetch GET /next 200   wire 200',
    'document GET /next 200 disk  no wire',
  ])
  expect([facts.document, facts.text]).toEqual([null, 'next'])
})

test('a prefetch by a link is of type other, and the visit after it asks again', async () => {
  const withLink: RequestListener = (request, response) => {
    response.setHeader('Content-Type', 'text/html')
    response.end(
      '<!doctype html><link rel="icon" href="data:,"><link rel="prefetch" href="/next"><a href="/next">go</a>',
    )
  }
  const { facts } = await record(withLink, async ({ newPage, until }) => {
    const tab = await newPage()
    await tab.open('/')
    await until(() => tab.requests().some(({ type, status }) => type === 'other' && status))
    await tab.leads(() => tab.click('a'))
    return tab.requests().slice(0, 3)
  })
  expect(facts.map(inWords)).toEqual([
    'document GET / 200   wire 200',
    'other GET /next 200   wire 200',
    'document GET /next 200   wire 200',
  ])
})
