import type { RequestListener } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { record } from '../../../../../testing/record-by-hand.ts'
import type { Exchange } from '../../../../types/index.ts'
import { closeBrowser, warmBrowser } from '../../browser.ts'

beforeAll(() => warmBrowser())
afterAll(closeBrowser)

const line = (exchange: Exchange | null | undefined) =>
  exchange &&
  `${exchange.request.method} ${exchange.request.target} → ${exchange.response?.status ?? 'none'}`

const FORM = (action: string) => `<form method="post" action="${action}"><button>Go</button></form>`
const PAGES: Record<string, string> = {
  '/': FORM('/sign'),
  '/direct': FORM('/direct'),
  '/link': '<a href="/thanks">thanks</a>',
  '/to-file': '<a href="/file">file</a>',
  '/to-nothing': FORM('/nothing'),
  '/to-window': '<a href="/thanks" target="_blank">thanks</a>',
  '/fragment': '<a href="#there">there</a><p id="there">',
  '/script': '<button>Go</button>',
  '/to-reset': FORM('/reset'),
  '/thanks': '<p>thanks</p>',
}
const server: RequestListener = (request, response) => {
  const { url = '', method } = request
  if (url === '/reset') return void request.socket.destroy()
  if (url === '/nothing') return void response.writeHead(204).end()
  if (url === '/sign') return void response.writeHead(303, { Location: '/thanks' }).end()
  if (url === '/file')
    return void response.writeHead(200, { 'Content-Disposition': 'attachment' }).end('a')
  response.setHeader('Content-Type', 'text/html')
  response.setHeader('Cache-Control', 'no-store')
  response.end(`<!doctype html><link rel="icon" href="data:,">${method} ${PAGES[url] ?? ''}`)
}

describe('what a click leads to', () => {
  test.each<
    [start: string, selector: string, to: string, document: string | null, followed: string[]]
  >([
    ['/', 'button', 'page', 'POST /sign → 303', ['GET /thanks → 200']],
    ['/direct', 'button', 'page', 'POST /direct → 200', []],
    ['/link', 'a', 'page', 'GET /thanks → 200', []],
    ['/to-file', 'a', 'download', 'GET /file → 200', []],
    ['/to-nothing', 'button', 'no-content', 'POST /nothing → 204', []],
    ['/to-window', 'a', 'window', 'GET /thanks → 200', []],
    ['/to-reset', 'button', 'error', 'POST /reset → none', []],
    ['/fragment', 'a', 'same-page', null, []],
    ['/script', 'button', 'nothing', null, []],
  ])('from %s by %s is %s', async (start, selector, to, document, followed) => {
    const { facts, remarks } = await record(server, async ({ newPage }) => {
      const tab = await newPage()
      await tab.open(start)
      return tab.leads(() => tab.click(selector))
    })
    expect([facts.to, line(facts.document), facts.followed.map(line)]).toEqual([
      to,
      document,
      followed,
    ])
    expect(remarks.filter(({ id }) => id === 'popup')).toEqual([])
    if (to === 'error') expect(facts.error).toBe('net::ERR_EMPTY_RESPONSE')
    if (to === 'page' || to === 'window')
      expect([facts.error, facts.text]).toEqual([null, expect.stringMatching(/thanks|Go/)])
  })

  test('is what the page itself does, too', async () => {
    const { facts } = await record(server, async ({ newPage }) => {
      const tab = await newPage()
      await tab.open('/script')
      return tab.leads(() => tab.evaluate('location.assign("/thanks")'))
    })
    expect([facts.to, line(facts.document)]).toEqual(['page', 'GET /thanks → 200'])
  })
})

test('what a page has fetched in advance is not where the visitor went', async () => {
  const rules = JSON.stringify({ prefetch: [{ urls: ['/next'], eagerness: 'immediate' }] })
  const isFetched = Promise.withResolvers<void>()
  const withRules: RequestListener = async (request, response) => {
    if (request.url === '/next') isFetched.resolve()
    // So the page has loaded only when the prefetch was reported.
    if (request.url === '/last.png') await isFetched.promise
    response.setHeader('Content-Type', 'text/html')
    response.end(
      request.url === '/rules'
        ? `<!doctype html><link rel="icon" href="data:,"><script type="speculationrules">${rules}</script><img src="/last.png">rules`
        : '<!doctype html><link rel="icon" href="data:,"><a href="/rules">rules</a>',
    )
  }
  const { facts, remarks } = await record(withRules, async ({ newPage }) => {
    const tab = await newPage()
    await tab.open('/')
    return tab.leads(() => tab.click('a'))
  })
  expect([facts.to, line(facts.document), facts.text]).toEqual([
    'page',
    'GET /rules → 200',
    'rules',
  ])
  expect(remarks).toEqual([])
})

test('reload and history ask as Chromium does', async () => {
  const { facts } = await record(server, async ({ newPage }) => {
    const tab = await newPage()
    const none = await tab.goBack()
    await tab.open('/direct')
    await tab.leads(() => tab.click('button'))
    const again = await tab.reload()
    await tab.open('/')
    await tab.leads(() => tab.click('button'))
    const back = await tab.goBack()
    const forward = await tab.goForward()
    return { none, again, back, forward, end: await tab.goForward() }
  })
  expect([facts.again, facts.back, facts.forward].map(({ document }) => line(document))).toEqual([
    'POST /direct → 200',
    'GET / → 200',
    'GET /thanks → 200',
  ])
  expect(facts.forward).toMatchObject({ error: null, text: 'GET\n\nthanks' })
  expect([facts.none.error, facts.end.error]).toEqual([
    'there is no page to go back to',
    'there is no page to go forward to',
  ])
})

test('a page is left for about:blank, and its console is known by its address', async () => {
  const { facts } = await record(server, async ({ newPage }) => {
    const tab = await newPage()
    await tab.open('/link')
    const own = await tab.evaluate('1')
    const blank = await tab.open('about:blank')
    return { own, blank, elsewhere: await tab.evaluate('1') }
  })
  expect(facts.blank).toMatchObject({ url: 'about:blank', document: null, error: null, text: '' })
  expect([facts.own.page, facts.elsewhere.page]).toEqual(['/link', 'about:blank'])
})

describe('while an answer is awaited', () => {
  /** Answers a POST only when it is let, and the last one alone. */
  function holding() {
    const held: (() => void)[] = []
    const listener: RequestListener = (request, response) => {
      response.setHeader('Content-Type', 'text/html')
      const answer = () => response.end('<!doctype html><link rel="icon" href="data:,">paid')
      if (request.method === 'POST') held.push(answer)
      else response.end(`<!doctype html><link rel="icon" href="data:,">${FORM('/pay')}`)
    }
    return { listener, heldCount: () => held.length, let: () => held.pop()?.() }
  }

  test.each<[string, (click: (count?: number) => Promise<void>) => Promise<void>]>([
    ['one double click', (click) => click(2)],
    [
      'two calls',
      async (click) => {
        await click()
        await click()
      },
    ],
    [
      'two calls at once',
      async (click) => {
        await Promise.all([click(), click()])
      },
    ],
  ])('a form is sent twice: %s', async (_, twice) => {
    const { listener, heldCount, let: answer } = holding()
    const { exchanges, facts } = await record(listener, async ({ newPage }) => {
      const tab = await newPage()
      await tab.open('/')
      return tab.leads(async () => {
        await twice((count = 1) => tab.click('button', { count }))
        // The recorder sees a request before the program does.
        await expect.poll(heldCount).toBe(2)
        answer()
      })
    })
    expect(exchanges.map(line)).toEqual(['GET / → 200', 'POST /pay → none', 'POST /pay → 200'])
    expect([facts.document, facts.text]).toEqual([exchanges[2], 'paid'])
  })

  test('what is evaluated says for what it waited in vain, and so does a click elsewhere', async () => {
    const { facts, stopped } = await record(holding().listener, async ({ newPage }) => {
      const tab = await newPage()
      await tab.open('/')
      await tab.click('button')
      const result = await tab.evaluate('1')
      return { result, never: await tab.click('form') }
    })
    expect(facts).toBeNull()
    expect(stopped).toMatchObject({
      claim: 'the page at / has form to click on',
      received: expect.stringMatching(
        /^the page was being left, because POST \/pay was not answered yet/,
      ),
    })
  })
})
