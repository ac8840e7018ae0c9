import { writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { closeBrowser } from './record/browser/browser.ts'
import type { Grading } from './grade-options.ts'
import { listening, servePage } from './record/program/page/page-program.ts'
import { writtenExercises } from '../testing/written-exercises.ts'

const { write, grade, remove } = writtenExercises()
afterAll(closeBrowser)
afterAll(remove)

const told = ({ report }: Grading) =>
  report.error ??
  report.checks.map(({ id, outcome, error, diagnosis, findings }) =>
    [id, outcome, error ?? diagnosis?.say ?? findings.at(-1)?.received ?? ''].join(' | '),
  )

describe('a server is given an environment', () => {
  const checks = `const drawn = []
const visit = scenario('a client asks', { setUp: async ({ random, origin }) => ({ word: random.word(), friend: await origin('a friend'), environment: { GREETING: 'salt & ' + random.token(), FRIEND: '' } }), record: async ({ send }, { environment, friend }) => ({
  greeting: environment.GREETING, answer: await send('/'), exchanges: friend.exchanges().length,
}) })
const greets = check('It greets', visit, { verify: ({ greeting, answer, exchanges }, expect) => { expect(answer).toHaveText(greeting); expect(exchanges, 'visits').toBe(0) } })
export default { greets }`
  const program =
    "import { createServer } from 'node:http'\ncreateServer((_, response) => response.end(process.env.GREETING)).listen(Number(process.env.PORT), '127.0.0.1')\n"

  test('that is drawn before it starts', async () => {
    const grading = await grade({ kind: 'server', checks, program })
    expect(told(grading)).toEqual([
      expect.stringContaining('starts | passed'),
      expect.stringContaining('greets | passed'),
    ])
    expect(grading.evidence[0]!.environment?.['GREETING']).toMatch(/^salt & [0-9a-f]{12}$/)
  })

  test('with which a failure is shown again', async () => {
    const { report } = await grade({
      kind: 'server',
      checks,
      program: program.replace('process.env.GREETING', "'hello'"),
    })
    expect(report.checks[1]!.reproduce).toEqual([
      expect.stringMatching(
        /^GREETING='salt & [0-9a-f]{12}' FRIEND='' npm run serve -- by-hand --file \S+\/server\.ts$/,
      ),
      'curl -i http://127.0.0.1:3000/',
    ])
  })

  test('with the origins it knew, to show again what a page of one of them was answered', async () => {
    const asks = `const visit = scenario('a page asks', { async setUp({ origin }) { const friend = await origin('a friend'); return { friend, environment: { GREETING: 'hello', FRIEND: friend.url } } }, record: async ({ send }, { friend }) => ({
  byFriend: await send({ path: '/', headers: [['Origin', friend.url]] }), plain: await send('/'),
}) })
const toFriend = check('The friend is greeted', visit, { verify: ({ byFriend }, expect) => { expect(byFriend).toHaveStatus(204) } })
const toAll = check('All are greeted', visit, { verify: ({ plain }, expect) => { expect(plain).toHaveStatus(204) } })
export default { toFriend, toAll }`
    const { report } = await grade({ kind: 'server', checks: asks, program })
    const [, byFriend, plain] = report.checks.map(({ reproduce }) => reproduce.join('\n'))
    const url = /FRIEND=(http:\S+)/.exec(byFriend!)?.[1]
    const byHand = (text: string) => text.replace(/--file \S+server\.ts/, '--file server.ts')
    expect(byHand(byFriend!)).toBe(
      `GREETING=hello FRIEND=${url} npm run serve -- by-hand --file server.ts\ncurl -i -H 'Origin: ${url}' http://127.0.0.1:3000/`,
    )
    expect(byHand(plain!)).toBe(
      'GREETING=hello npm run serve -- by-hand --file server.ts\ncurl -i http://127.0.0.1:3000/',
    )
  })

  test('which one that already runs cannot be', async () => {
    const { createServer } = await import('node:http')
    const running = createServer((_, response) => response.end('hello')).listen(0, '127.0.0.1')
    await new Promise((resolve) => running.once('listening', resolve))
    const address = running.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const { report } = await grade({ kind: 'server', checks, program }, () => ({
      kind: 'url',
      url: `http://127.0.0.1:${port}`,
    }))
    running.close()
    expect(report.error).toMatch(
      /^This exercise gives your program GREETING and FRIEND in its environment, .* leave --url out/,
    )
  })

  test('and a set-up that throws is the mistake of the author', async () => {
    const { report } = await grade({
      kind: 'server',
      checks: checks.replace('random.word()', 'random.verb()'),
      program,
    })
    expect(report.error).toMatch(
      /^The scenario "a client asks" could not be set up: random\.verb is not a function Fix it in checks\.ts\.$/,
    )
  })
})

describe("the browser's own question for an icon", () => {
  const checks = `const visit = scenario('Chromium opens the page', { async record({ newPage, send, exchanges }) {
  await (await newPage()).open('/')
  await send('/favicon.ico')
  const paths = (list) => list.map(({ request }) => request.path)
  return { without: paths(exchanges()), withIcons: paths(exchanges({ icons: true })) }
} })
const shows = check('It is seen when it is asked for', visit, { verify: ({ without, withIcons }, expect) => {
  expect(without, 'requests').toBe(['/'])
  expect(withIcons.includes('/favicon.ico'), 'an icon among the requests').toBe(true)
} })
export default { shows }`
  const program =
    "import { createServer } from 'node:http'\ncreateServer((_, response) => response.end('hello')).listen(Number(process.env.PORT), '127.0.0.1')\n"

  test('is among the exchanges only where a scenario wants it', async () => {
    expect(told(await grade({ kind: 'server', checks, program }))).toEqual([
      expect.stringContaining('starts | passed'),
      expect.stringContaining('shows | passed'),
    ])
  })
})

describe('a client', () => {
  const checks = `const call = scenario('get() is called twice', { async record({ call, origin, random }) {
  const word = random.word()
  const server = await origin('the server', ({ target }) => target === '/cut' ? { bytes: ['HTTP/1.1 200 OK\\r\\n', 20, 'Content-Length: 6\\r\\n\\r\\n', 20, word], then: 'close' } : { status: 404, headers: { 'X-Target': target } })
  const first = await call('get', server.host, server.port, '/cut')
  const second = await call('get', server.host, server.port, '/other')
  return { word, first, second, exchanges: server.exchanges(), connections: server.connections() }
} })
const gives = check('It gives the answer', call, { verify: ({ word, first, second, exchanges, connections }, expect) => {
  expect(first).toGive({ status: 200, body: word })
  expect(second).toGive({ status: 404, body: '' })
  expect(exchanges[1]).toHaveHeader('X-Target', '/other')
  expect(connections.length, 'connections').toBe(2)
  expect(new TextDecoder().decode(connections[0].bytes).split('\\r\\n')[0], 'the first line').toBe('GET /cut HTTP/1.1')
} })
export default { gives }`
  const right = `import { request } from 'node:http'
export function get(host: string, port: number, path: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    request({ host, port, path, agent: false }, (response) => {
      let body = ''
      response.on('data', (chunk) => (body += chunk)).on('end', () => resolve({ status: response.statusCode!, body }))
    }).on('error', reject).end()
  })
}
`
  test('is called, and what it sent is kept', async () => {
    const grading = await grade({ kind: 'client', checks, program: right })
    expect(told(grading)).toEqual([
      expect.stringMatching(/^starts \| passed \| loaded after \d+ ms$/),
      expect.stringContaining('gives | passed'),
    ])
    expect(
      grading.evidence[0]!.exchanges.map(
        ({ origin, request, response }) => `${origin} ${request.target} ${response?.status}`,
      ),
    ).toEqual(['the server /cut 200', 'the server /other 404'])
  })

  test('may end its side with the request, and still gets an answer that takes its time', async () => {
    const halfClosing = `import { connect } from 'node:net'
export async function get(host: string, port: number, path: string) {
  const socket = connect(port, host).end(\`GET \${path} HTTP/1.1\\r\\nHost: \${host}:\${port}\\r\\nConnection: close\\r\\n\\r\\n\`)
  let answer = ''
  for await (const piece of socket) answer += piece
  const [head, body] = answer.split('\\r\\n\\r\\n')
  return { status: Number(head!.split(' ')[1]), body }
}
`
    expect(told(await grade({ kind: 'client', checks, program: halfClosing }))[1]).toContain(
      'gives | passed',
    )
  })

  test('that exports something else is told what was looked for and what was found', async () => {
    const { report } = await grade({
      kind: 'client',
      checks,
      program: 'export const fetchIt = () => 1\n',
    })
    expect(report.checks[1]!.findings).toMatchObject([
      { expected: 'an exported function `get`', received: 'it exports `fetchIt`' },
    ])
  })

  test('that gives lines is shown their ends', async () => {
    const { report } = await grade({
      kind: 'client',
      checks,
      program: "export const get = () => 'HTTP/1.1 200 OK\\r\\n\\r\\nbody'\n",
    })
    const [{ received, exhibit }] = report.checks[1]!.findings as unknown as [
      { received: string; exhibit: { lines: { text: string }[] } },
    ]
    expect([received, ...exhibit.lines.slice(1).map(({ text }) => text)]).toEqual([
      'HTTP/1.1 200 OK␍␊␍␊body',
      'HTTP/1.1 200 OK␍␊',
      '␍␊',
      'body',
    ])
  })

  test('that never settles is told how long, always with a fraction: only such a number may differ in feedback', async () => {
    const grading = await grade({
      kind: 'client',
      checks,
      program: 'export const get = () => new Promise(() => {})\n',
    })
    expect(grading.report.verdict).toBe('failed')
    const [, second] = told(grading) as string[]
    expect(second).toMatch(/get was not done after \d+\.\d s/)
  })

  test.each<[what: string, program: string, starts: string, gives: string]>([
    [
      'exports nothing of that name',
      'export const fetchIt = () => 1\nexport const limit = 3\n',
      'passed',
      'client.ts exports no function `get`; it exports `fetchIt`. The grader calls `export async function get(…)`.',
    ],
    [
      'exports nothing',
      'const get = 1\n',
      'passed',
      'client.ts exports no function `get`; it exports no function. The grader calls `export async function get(…)`.',
    ],
    [
      'throws',
      '\nexport async function get() {\n  throw new TypeError("no idea")\n}\n',
      'passed',
      'TypeError: no idea, at client.ts line 3',
    ],
    ['throws something else', 'export async function get() { throw 7 }\n', 'passed', 'it threw 7'],
    [
      'gives what cannot be handed on',
      'export const get = () => () => 1\n',
      'passed',
      'it gave [Function (anonymous)], which cannot be handed on',
    ],
    [
      'gives much that cannot be handed on',
      'export const get = () => ({ first: 1, second: () => {}, third: "a long text", fourth: "another, so that it needs lines" })\n',
      'passed',
      'it gave an object, which cannot be handed on',
    ],
    [
      'gives what leads back to itself',
      "import { IncomingMessage } from 'node:http'\nexport function get() {\n  const message = new IncomingMessage()\n  return Object.assign(message, { message })\n}\n",
      'passed',
      '<ref *1> {',
    ],
    [
      'ends itself',
      'export const get = () => process.exit(3)\n',
      'passed',
      'Your program exited with code 3 in the middle: it printed nothing',
    ],
    [
      'does not parse',
      'export function get( {\n',
      'client.ts line 1: Unexpected token `<eof>`.',
      '',
    ],
    [
      'throws when it is loaded',
      'throw new Error("at once")\n',
      'client.ts line 1: Your program exited with code 1 before it was loaded: Error: at once',
      '',
    ],
    [
      'ends when it is loaded',
      'process.exit(0)\n',
      'Your program exited with code 0 before it was loaded.',
      '',
    ],
    [
      'uses an enum',
      'enum A { B }\nexport const get = () => A.B\n',
      'client.ts line 1: enum needs code to be generated',
      '',
    ],
    [
      'reads what is not its own',
      "import { readFileSync } from 'node:fs'\nexport const get = () => readFileSync('/etc/hostname', 'utf8')\n",
      'passed',
      'ERR_ACCESS_DENIED',
    ],
  ])('that %s fails in words', async (_, program, starts, gives) => {
    const grading = await grade({ kind: 'client', checks, program })
    expect(grading.report.verdict).toBe('failed')
    const [first, second] = told(grading) as string[]
    expect(first).toContain(starts)
    expect(second).toContain(gives)
  })
})

describe('a page', () => {
  const html =
    '<!doctype html>\n<link rel="icon" href="data:,">\n<body data-api="{{API}}"><p id="msg">{{MSG}}</p><p id="out"></p>\n<script type="module" src="/page.js"></script>\n'
  const checks = `const visit = scenario('Chromium opens the page', { async setUp({ origin, random }) {
  const quote = random.word()
  const partner = await origin('the partner', ({ method }) => method === 'OPTIONS' ? { status: 405 } : { headers: { 'Access-Control-Allow-Origin': '*', 'Content-Type': 'application/json' }, body: JSON.stringify([quote]) })
  return { quote, partner, environment: { API: partner.url, MSG: '<' + random.word() + '> "ü"' } }
}, async record({ newPage, exchanges }, { quote, partner, environment }) {
  const page = await newPage()
  const visit = await page.open('/')
  const out = await page.evaluate("new Promise((done) => setTimeout(() => done(document.querySelector('#out').textContent), 300))")
  const msg = await page.evaluate("document.querySelector('#msg').textContent")
  return { quote, out, msg, sent: environment.MSG, visit, own: exchanges(), asked: partner.exchanges(), refused: page.corsErrors().map(({ url, error }) => url.replace(partner.url, '') + ' ' + error).join() }
} })
const shows = check('It shows the quote', visit, { verify: ({ quote, out, msg, sent, asked, own, refused }, expect) => {
  expect(refused, 'what Chromium refused').toBe('')
  expect(msg).toGive(sent)
  expect(asked[0] ?? null).toHaveStatus(200)
  expect(out).toGive(quote)
  expect(own.length, 'requests to the site').toBe(2)
} })
export default { shows }`
  const right =
    "const api: string = document.body.dataset.api!\nconst [quote] = (await (await fetch(api + '/quotes')).json()) as string[]\ndocument.querySelector('#out')!.textContent = quote!\nexport {}\n"

  test('is served with its placeholders filled, and may ask the servers it is given', async () => {
    const grading = await grade({ kind: 'page', checks, program: right, html })
    expect(told(grading)).toEqual([
      expect.stringMatching(/^starts \| passed \| read after \d+ ms$/),
      expect.stringContaining('shows | passed'),
    ])
    expect(grading.evidence[0]!.remarks).toEqual([])
  })

  test('that is asked for permission and gets none is told so', async () => {
    const grading = await grade({
      kind: 'page',
      checks,
      program: right.replace("'/quotes')", "'/quotes', { headers: { 'X-Mine': '1' } })"),
      html,
    })
    expect(grading.report.verdict).toBe('failed')
    expect(
      grading.evidence[0]!.exchanges.map(
        ({ origin, request }) => `${origin} ${request.method} ${request.path}`,
      ),
    ).toEqual(['the site GET /', 'the site GET /page.js', 'the partner OPTIONS /quotes'])
    expect(grading.report.checks[1]!.findings.at(-1)!.received).toBe(
      '/quotes PreflightMissingAllowOriginHeader',
    )
    expect(grading.report.checks[1]!.reproduce.at(-1)).toBe(
      'open http://127.0.0.1:3000/ and look into its console and its network panel',
    )
  })

  test.each<[what: string, program: string, starts: string]>([
    ['does not parse', 'const a = ;\n', 'page.ts line 1: Expression expected. Nothing was run.'],
    [
      'has a namespace',
      '\nnamespace A { export const b = 1 }\n',
      'page.ts line 2: a namespace needs code to be generated. Use a module. Nothing was run.',
    ],
  ])('that %s fails in words', async (_, program, starts) => {
    const grading = await grade({ kind: 'page', checks, program, html })
    expect([grading.report.verdict, told(grading)[0]]).toEqual([
      'failed',
      `starts | failed | ${starts}`,
    ])
  })

  const partner =
    'export async function first(api: string): Promise<string> { return (await (await fetch(api + "/quotes")).json())[0] }\n'
  const importing = (specifier: string) =>
    `import { first } from '${specifier}'\ndocument.querySelector('#out')!.textContent = await first(document.body.dataset.api!)\n`
  test.each(['./lib/partner.ts', './partner.api.ts', './a b/the%20partner.mts'])(
    'may import %s',
    async (specifier) => {
      const path = decodeURIComponent(specifier)
      const program = importing(specifier)
      const checksOfTwo = checks.replace(').toBe(2)', ').toBe(3)')
      const grading = await grade({
        kind: 'page',
        checks: checksOfTwo,
        program,
        html,
        files: { [path]: partner },
      })
      expect(told(grading)[1]).toContain('shows | passed')
    },
  )

  test.each([
    ['./partner', "page.ts imports './partner', which was not found. Write './partner.ts'"],
    ['./partner.js', "page.ts imports './partner.js', which was not found. Write './partner.ts'"],
    ['./lib', "page.ts imports './lib', which was not found. Write './lib/index.ts'"],
    ['./else.ts', "page.ts imports './else.ts', which was not found. There is no such file."],
    ['../else.ts', "page.ts imports './else.ts', which was not found. There is no such file."],
    ['./via.ts', "via.ts imports './lib/partner', which was not found. Write './lib/partner.ts'"],
    ['lodash', "page.ts imports 'lodash', but a browser knows no packages"],
    ['partner.ts', "page.ts imports 'partner.ts', but a browser knows no packages"],
    ['@scope/kit', "page.ts imports '@scope/kit', but a browser knows no packages"],
    ['node:fs', "page.ts imports 'node:fs', but a browser knows no packages"],
    [
      'https://esm.sh/x',
      "page.ts imports 'https://esm.sh/x', but the grader's browser reaches this",
    ],
  ])('that imports %s is told what to write', async (specifier, says) => {
    const grading = await grade({
      kind: 'page',
      checks,
      program: importing(specifier),
      html,
      files: {
        'partner.ts': partner,
        'lib/index.ts': partner,
        'lib/partner.ts': partner,
        'via.ts': "export { first } from './lib/partner'\n",
      },
    })
    expect(told(grading)[1]).toContain(says)
  })

  test('whose script throws is told where', async () => {
    const grading = await grade({
      kind: 'page',
      checks,
      program: '\nconst out: string = (null as any).quote\nexport {}\n',
      html,
    })
    expect(told(grading)[1]).toMatch(
      /^shows \| failed \| .*Your script threw: TypeError: Cannot read properties of null \(reading 'quote'\) \(page\.ts line 2\)/,
    )
  })

  test('whose script throws an error of several lines is told in one', async () => {
    const grading = await grade({
      kind: 'page',
      checks,
      program: "JSON.parse('Not found\\n')\n",
      html,
    })
    expect(told(grading)[1]).toMatch(
      /Your script threw: SyntaxError: Unexpected token 'N', "Not found " is not valid JSON/,
    )
  })

  test('that is served by hand is the one of now, and says in its console what does not parse', async () => {
    const { dir } = write({
      kind: 'page',
      checks: '',
      program: 'const one: number = 1\n',
      html: 'hello {{NAME}}',
    })
    const site = servePage(
      { kind: 'page', dir, entry: 'page.ts', label: 'page.ts', html: join(dir, 'index.html') },
      { NAME: '<you>' },
      { live: true },
    )
    await listening(site, 0)
    const { port } = site.address() as AddressInfo
    const get = async (path: string) => (await fetch(`http://127.0.0.1:${port}${path}`)).text()
    expect([await get('/'), await get('/page.js')]).toEqual([
      'hello &#60;you&#62;',
      'const one         = 1\n',
    ])
    writeFileSync(join(dir, 'page.ts'), 'const two = ;\n')
    expect(await get('/page.js')).toBe(
      'throw new SyntaxError("page.ts line 1: Expression expected. Nothing was run.")\n',
    )
    writeFileSync(join(dir, 'other.ts'), 'export const three: number = 3\n')
    expect([
      await get('/other.ts'),
      await get('/%2e%2e%2fpage.ts'),
      await get('/index.ts'),
    ]).toEqual(['export const three         = 3\n', 'Not found\n', 'Not found\n'])
    writeFileSync(join(dir, 'other.ts'), 'export const three = ;\n')
    expect(await get('/other.ts')).toBe(
      'throw new SyntaxError("other.ts line 1: Expression expected. Nothing was run.")\n',
    )
    site.closeAllConnections()
    site.close()
  })

  test('with a placeholder nothing fills is the mistake of the author', async () => {
    const { report } = await grade({
      kind: 'page',
      checks,
      program: right,
      html: html.replace('{{MSG}}', '{{TEXT}}'),
    })
    expect(report.error).toMatch(
      /^index\.html names \{\{TEXT\}\}, which the scenario's environment has not\./,
    )
  })
})
