import { afterAll, describe, expect, test } from 'vitest'
import { writtenExercises, type Written } from '../testing/written-exercises.ts'
import { closeBrowser } from './record/browser/browser.ts'
import type { Grading } from './grade-options.ts'

const { grade, remove } = writtenExercises()
afterAll(closeBrowser)
afterAll(remove)

const told = ({ report }: Grading) =>
  report.error ??
  report.checks.slice(1).map(({ id, outcome, error, diagnosis, findings }) => ({
    id,
    outcome,
    says: error ?? diagnosis?.say ?? '',
    received: outcome === 'failed' ? findings.at(-1)?.received : undefined,
  }))

describe('a guestbook whose reload is harmless', () => {
  const checks = `const sign = scenario('Chromium signs, reloads three times, and goes back and forward', {
  async record({ newPage, send, random }) {
    const message = random.word()
    const page = await newPage()
    await page.open('/')
    await page.fill('[name=message]', message)
    const signed = await page.leads(() => page.press('[name=message]', 'Enter'))
    for (let times = 0; times < 3; times++) await page.reload()
    await page.goBack()
    await page.goForward()
    return { message, signed, entries: await send('/entries') }
  },
  facts: ({ signed, ...rest }) => ({ ...rest, signed, post: present(signed.document, 'POST /sign') }),
})
const redirects = check('The POST is answered by a redirect that Chromium follows with GET', sign, {
  verify: ({ post, signed, message }, expect) => {
    expect(post).toHaveStatus(303)
    expect(signed.followed.map(({ request }) => request.method), 'what followed').toBe(['GET'])
    expect(signed.text.includes(message), 'the page quotes the entry').toBe(true)
  },
})
const once = check('Reloading added nothing', sign, {
  after: redirects,
  verify: ({ entries, message }, expect) => { expect(entries).toHaveJson([message]) },
})
export default { redirects, once }`
  const program = (change: (source: string) => string = (source) => source) =>
    change(`import { createServer } from 'node:http'
const entries = []
const form = '<form method="post" action="/sign"><input name="message"><button>Sign</button></form>'
createServer((request, response) => {
  response.setHeader('Content-Type', 'text/html; charset=utf-8')
  if (request.url === '/entries') return response.setHeader('Content-Type', 'application/json').end(JSON.stringify(entries))
  if (request.url.startsWith('/thanks')) return response.end('<p>' + entries.at(-1))
  if (request.method !== 'POST') return response.end(form)
  let body = ''
  request.on('data', (chunk) => (body += chunk)).on('end', () => {
    entries.push(new URLSearchParams(body).get('message'))
    response.writeHead(303, { Location: '/thanks/' + entries.length }).end()
  })
}).listen(Number(process.env.PORT), '127.0.0.1')
`)
  const graded = async (change?: (source: string) => string) =>
    told(await grade({ kind: 'server', checks, program: program(change) } satisfies Written))

  test('passes as it should be', async () => {
    expect(await graded()).toMatchObject([{ outcome: 'passed' }, { outcome: 'passed' }])
  })

  test('also where every answer is slow', async () => {
    const slow = (source: string) =>
      source.replace(
        'createServer((request, response) => {',
        'createServer(async (request, response) => { await new Promise((resolve) => setTimeout(resolve, 300))',
      )
    expect(await graded(slow)).toMatchObject([{ outcome: 'passed' }, { outcome: 'passed' }])
  })

  test.each<[what: string, from: string, to: string, says: RegExp, received: RegExp]>([
    [
      'no form',
      'return response.end(form)',
      "return response.end('<p>soon')",
      /^A visitor could not go on, because nothing matches \[name=message\]\.$/,
      /^nothing matches \[name=message\]; the page came as the answer to GET \/: 200 OK$/,
    ],
    [
      '500',
      'return response.end(form)',
      "return response.writeHead(500).end('oops')",
      /^Your program answered GET \/ with 500, so Chromium showed a page without/,
      /GET \/: 500 Internal Server Error$/,
    ],
    [
      'a crash',
      'return response.end(form)',
      "throw new Error('no form yet')",
      /^Your program exited with code 1 while this request was under way: Error: no form yet/,
      /GET \/ was not answered$/,
    ],
    [
      'no answer',
      'return response.end(form)',
      'return',
      /^GET \/ got no answer in \d+ s\./,
      /GET \/ was not answered$/,
    ],
    [
      'a form without a way to send it',
      '<button>Sign</button>',
      '<input name="other">',
      /^What the visitor did was to lead to another page; Chromium stayed at \/ and asked for none\.$/,
      /nothing crossed the wire/,
    ],
  ])('fails in true words: %s', async (_, from, to, says, received) => {
    const [redirects, once] = (await graded((source) => source.replace(from, to))) as {
      outcome: string
      says: string
      received: string
    }[]
    expect(redirects).toMatchObject({ outcome: 'failed' })
    expect(redirects!.says).toMatch(says)
    expect(redirects!.received).toMatch(received)
    expect(once).toMatchObject({ outcome: 'skipped' })
  })

  test('fails where the page comes straight from the POST', async () => {
    const straight = (source: string) =>
      source.replace(/response\.writeHead\(303.*/, "response.end('<p>' + entries.at(-1))")
    expect(await graded(straight)).toMatchObject([
      { outcome: 'failed', received: 'HTTP/1.1 200 OK' },
      { outcome: 'skipped' },
    ])
    const alone = checks.replace('after: redirects,', '')
    const grading = await grade({ kind: 'server', checks: alone, program: program(straight) })
    expect(told(grading)).toMatchObject([
      { outcome: 'failed' },
      { outcome: 'failed', received: expect.stringMatching(/^\["\w+",("\w+",?){3,4}\]$/) },
    ])
  })
})

describe('a payment that is made once', () => {
  const checks = `const pay = scenario('A visitor clicks Pay twice', {
  async record({ newPage, send }) {
    const page = await newPage()
    await page.open('/')
    const paid = await page.leads(() => page.click('button', { count: 2 }))
    return { paid, requests: page.requests().filter(({ method }) => method === 'POST'), ledger: await send('/ledger') }
  },
})
const once = check('Two clicks are one payment', pay, { verify: ({ requests, ledger, paid }, expect) => {
  expect(requests.length, 'POSTs that left').toBe(2)
  expect(ledger).toHaveJson(1)
  expect(paid.document).toHaveStatus(200)
} })
export default { once }`
  const program = `import { createServer } from 'node:http'
const payments = new Set()
let count = 0
createServer((request, response) => {
  if (request.url === '/ledger') return response.setHeader('Content-Type', 'application/json').end(JSON.stringify(count))
  response.setHeader('Content-Type', 'text/html')
  if (request.method !== 'POST') return response.end('<form method="post" action="/pay?key=7"><button>Pay</button></form>')
  if (!payments.has(request.url)) count++
  payments.add(request.url)
  setTimeout(() => response.end('<p>paid'), 300)
}).listen(Number(process.env.PORT), '127.0.0.1')
`
  test('passes where the key is remembered, and fails where it is not', async () => {
    const right = await grade({ kind: 'server', checks, program })
    expect(told(right)).toMatchObject([{ outcome: 'passed' }])
    const wrong = program.replace('if (!payments.has(request.url)) count++', 'count++')
    expect(told(await grade({ kind: 'server', checks, program: wrong }))).toMatchObject([
      { outcome: 'failed', received: '2' },
    ])
  })
})

describe('whose fault it is that a page lacks something', () => {
  const checks = `const visit = scenario('a visitor of two pages', {
  async setUp({ origin }) { return { shop: await origin('the shop', () => ({ headers: { 'Content-Type': 'text/html' }, body: '<button>Buy</button>' })) } },
  async record({ newPage }, { shop }) {
    const page = await newPage()
    await page.open(shop.url + '/')
    await page.click('button.buy')
    return {}
  },
})
const buys = check('It can be bought', visit, { verify: (_, expect) => { expect(1, 'one').toBe(1) } })
export default { buys }`
  const program =
    "import { createServer } from 'node:http'\ncreateServer((_, response) => response.end('hello')).listen(Number(process.env.PORT), '127.0.0.1')\n"

  test("the author's, on a page of an origin, with the place", async () => {
    const [buys] = told(await grade({ kind: 'server', checks, program })) as {
      outcome: string
      says: string
    }[]
    expect(buys!.outcome).toBe('errored')
    expect(buys!.says).toMatch(
      /^page\.click\('button\.buy'\): nothing matches button\.buy on http:\/\/127\.0\.0\.1:\d+\/, a page of the exercise's own\. Correct the selector, or that page\. \(\d+\/checks\.ts line 7\)$/,
    )
  })

  test("the learner's, on a page that their script makes", async () => {
    const onPage = `const visit = scenario('a visitor clicks', { async record({ newPage }) {
  const page = await newPage()
  await page.open('/')
  await page.click('#go')
  return page.until('document.body.innerText', (text) => text.includes('gone'))
} })
const goes = check('It goes', visit, { verify: (text, expect) => { expect(text).toMention('gone') } })
export default { goes }`
    const html = '<!doctype html><body><script type="module" src="/page.js"></script>'
    const made =
      "document.body.innerHTML = '<button id=go>Go</button>'; document.querySelector('#go')!.addEventListener('click', () => document.body.append('gone'))"
    const right = await grade({ kind: 'page', checks: onPage, program: made, html })
    expect(told(right)).toMatchObject([{ outcome: 'passed' }])
    const wrong = await grade({
      kind: 'page',
      checks: onPage,
      program: "throw new Error('not yet')",
      html,
    })
    expect(told(wrong)).toMatchObject([
      {
        outcome: 'failed',
        says: expect.stringMatching(/^Your script threw: Error: not yet \(page\.ts line 1\)\.$/),
      },
    ])
  })
})
