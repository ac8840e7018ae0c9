import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import type { Grading } from './grade-options.ts'
import { closeBrowser } from './record/browser/browser.ts'
import { listening, servePage } from './record/program/page/page-program.ts'
import { setUpByHand } from './set-up-by-hand.ts'
import { writtenExercises } from '../testing/written-exercises.ts'

const written = writtenExercises()
afterAll(closeBrowser)
afterAll(written.remove)

const more = (names: string) =>
  `import { ${names} } from ${JSON.stringify(join(import.meta.dirname, 'authoring.ts'))}\n`

/** How each check came out; of one that failed, what was received, and of an error, its words. */
const told = ({ report }: Grading) => {
  if (report.error !== undefined) return report.error
  const rows = report.checks.map(({ id, outcome, findings, error }) => {
    const failed = findings.find(({ holds }) => !holds)
    return [id, error ?? (failed ? `${failed.claim}: ${failed.received}` : outcome)]
  })
  return Object.fromEntries(rows) as Record<string, string>
}

describe('one click, one payment, in small', () => {
  const checks = `${more('status, json')}
const payment = (key, amount = 5) => ({ method: 'POST', path: '/payments', headers: [['Idempotency-Key', key]], body: String(amount) })
const lostAnswer = scenario('Chromium pays, and the answer is lost on its way', {
  async record({ newPage, wire, send, sendTogether, connect, exchanges, random }) {
    const page = await newPage()
    await page.open('/')
    const lost = wire.cut({ when: ({ request }) => request.method === 'POST', at: 'before-response', how: 'reset' })
    const paid = await page.fetch('/payments', { method: 'POST', headers: { 'Idempotency-Key': random.uuid() }, body: '5' })
    const first = await lost.exchange()
    const posts = exchanges().filter(({ request }) => request.method === 'POST').length
    const ledger = await send('/ledger')
    const key = random.uuid()
    const together = await sendTogether([payment(key), payment(key)])
    const connection = await connect()
    const again = await connection.request(payment(key))
    const other = await connection.request(payment(random.uuid()))
    const after = await connection.request('/ledger')
    return { paid, first, posts, ledger, together, again, other, after }
  },
  facts: ({ first, ...recorded }) => ({ first: present(first, 'POST /payments'), ...recorded }),
})
const browserRepeat = check('Chromium sent the POST twice for one click, and one charge was made', lostAnswer, {
  verify: ({ first, posts, paid, ledger }, expect) => {
    expect(posts, 'POSTs on the wire').toBe(2)
    expect(first).toHaveStatus(201)
    expect(text(first) === paid.seen?.text, 'the repeat has the answer of the first').toBe(true)
    expect(paid.exchange.id === first.id, 'what the page has is the lost answer').toBe(false)
    expect(first.injected[0].how, 'what was done to the first').toBe('reset')
    expect(ledger).toHaveJson([5])
  },
})
const inFlight = check('Two copies at the same time are one payment', lostAnswer, {
  verify: ({ together, again, after, other }, expect) => {
    expect(together[0]).toHaveStatus(201)
    expect(together[1]).toHaveStatus(201).toHaveText(text(together[0]))
    expect(again).toHaveText(text(together[0]))
    expect(other).toHaveStatus(201)
    expect(after).toHaveJson([5, 5, 5])
  },
})
export default { browserRepeat, inFlight }`
  const program = (handler: string) => `import { createServer } from 'node:http'
import { setTimeout } from 'node:timers/promises'
const ledger: number[] = []
const outcomes = new Map<string, Promise<string>>()
async function charge(amount: number): Promise<string> {
  await setTimeout(30)
  ledger.push(amount)
  return JSON.stringify({ paymentId: Math.random(), amount })
}
async function pay(key: string, amount: number): Promise<string> {
${handler}
}
createServer(async (request, response) => {
  let body = ''
  for await (const piece of request) body += piece
  if (request.url === '/') return void response.setHeader('Content-Type', 'text/html').end('<link rel="icon" href="data:,">')
  if (request.url === '/ledger') return void response.end(JSON.stringify(ledger))
  const answer = await pay(String(request.headers['idempotency-key']), Number(body))
  response.writeHead(201).end(answer)
}).listen(Number(process.env.PORT), '127.0.0.1')
`
  const grade = (handler: string) =>
    written.grade({ kind: 'server', checks, program: program(handler) })

  test('passes a program that shares one outcome by key', async () => {
    const right =
      'const outcome = outcomes.get(key) ?? charge(amount)\n  outcomes.set(key, outcome)\n  return outcome'
    expect(told(await grade(right))).toEqual({
      starts: 'passed',
      'browser-repeat': 'passed',
      'in-flight': 'passed',
    })
  })

  test('fails one that charges for every request, and one that remembers too late', async () => {
    const { report } = await grade('return charge(amount)')
    expect(report.verdict).toBe('failed')
    expect(told({ report, evidence: [] })).toMatchObject({
      'browser-repeat': 'the repeat has the answer of the first is true: false',
    })
    const late = `const known = await outcomes.get(key)
  if (known !== undefined) return known
  const made = await charge(amount)
  outcomes.set(key, Promise.resolve(made))
  return made`
    const found = told(await grade(late)) as Record<string, string>
    expect(found['browser-repeat']).toBe('passed')
    expect(found['in-flight']).toMatch(/^the content is/)
  })

  test('a program that crashes on it has crashed', async () => {
    const { report } = await grade("if (amount) throw new Error('no money')\n  return ''")
    expect(report.checks[1]).toMatchObject({ outcome: 'failed', diagnosis: { id: 'crashed' } })
  })
})

describe('a gateway, in small', () => {
  const checks = `${more('chunked, status, field')}
const asks = scenario('Clients ask through the gateway, and it streams', {
  async setUp({ listen, origin }) {
    const gate = Promise.withResolvers()
    async function* pieces() { yield 'first'; await gate.promise; yield 'last' }
    const upstream = await origin('the upstream', ({ method, path, body }) =>
      path === '/stream' ? { body: pieces() } : { headers: { 'X-Was': method }, body })
    const odd = await listen('the odd upstream', async (connection) => {
      const { path } = await connection.nextRequest() ?? {}
      if (path === '/chunks') for (const piece of ['HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n', ...chunked(['a', 'b'], { trailers: [['X-Sum', '2']] })]) await connection.write(piece)
      else if (path === '/half') { await connection.write('HTTP/1.1 200 OK\\r\\nContent-Length: 9\\r\\n\\r\\nhalf'); connection.reset() }
    })
    return { upstream, odd, gate, environment: { UPSTREAM: upstream.url, ODD: odd.url } }
  },
  async record({ send, connect, until, exchanges }, { upstream, odd, gate }) {
    const streamed = send('/stream')
    const early = await until(() => exchanges().find(({ response }) => response && response.body.length > 0))
    const seen = early && { status: status(early), text: text(early), complete: early.response.complete }
    gate.resolve()
    await streamed
    const posted = await send({ method: 'POST', path: '/echo', body: ['ab', 'c'], chunked: true, trailers: [['X-T', '1']] })
    const chunks = await send('/odd/chunks')
    const half = await send('/odd/half')
    const client = await connect()
    await client.write('GET /odd/silence HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n')
    await until(() => odd.exchanges().some(({ request }) => request.path === '/silence'))
    client.reset()
    const aborted = await until(() => odd.connections().at(-1).ended)
    return { seen, posted, chunks, half, aborted }
  },
})
const streams = check('Bytes flow before the upstream has finished', asks, {
  verify: ({ seen }, expect) => expect(seen, 'what came first').toBe({ status: 200, text: 'first', complete: false }),
})
const transparent = check('What the upstream sent arrives', asks, {
  verify: ({ posted, chunks }, expect) => {
    expect(posted).toHaveStatus(200).toHaveHeader('X-Was', 'POST').toHaveText('abc')
    expect(chunks).toHaveText('ab')
  },
})
const breaks = check('A break on one side reaches the other', asks, {
  verify: ({ half, aborted }, expect) => {
    expect(half.response.complete, 'half an answer is whole').toBe(false)
    expect(aborted !== null, 'the upstream saw the client leave').toBe(true)
  },
})
export default { streams, transparent, breaks }`
  const program = (
    respond: string,
    onError = 'response.headersSent ? response.destroy() : response.writeHead(502).end()',
  ) => `import { createServer, request as ask } from 'node:http'
createServer((request, response) => {
  const [, isOdd, path] = /^(\\/odd)?(\\/.*)/.exec(request.url!)!
  const upstream = ask(new URL(path!, isOdd ? process.env.ODD : process.env.UPSTREAM), { method: request.method, agent: false })
  request.pipe(upstream)
  response.on('close', () => upstream.destroy())
  upstream.on('error', () => { ${onError} })
  upstream.on('response', (answer) => {
    const was = answer.headers['x-was']
    if (was) response.setHeader('X-Was', was)
    ${respond}
  })
}).listen(Number(process.env.PORT), '127.0.0.1')
`
  const right = `response.writeHead(answer.statusCode!)
    response.flushHeaders()
    answer.on('error', () => response.destroy()).pipe(response)`

  test('passes one that pipes', async () => {
    const grading = await written.grade({ kind: 'server', checks, program: program(right) })
    expect(told(grading)).toEqual({
      starts: 'passed',
      streams: 'passed',
      transparent: 'passed',
      breaks: 'passed',
    })
  })

  test('fails one that collects', async () => {
    const collects = `const pieces = []
    answer.on('data', (piece) => pieces.push(piece)).on('error', () => response.destroy()).on('end', () => response.end(Buffer.concat(pieces)))`
    const slow = told(await written.grade({ kind: 'server', checks, program: program(collects) }))
    expect(slow).toMatchObject({
      streams: expect.stringMatching(/^what came first/),
      transparent: 'passed',
    })
  })

  test('is told by an upstream that stops and starts', async () => {
    const stops = `const asks = scenario('The upstream stops and starts', {
  async setUp({ origin }) {
    const upstream = await origin('the upstream', () => ({ body: 'ok' }))
    return { upstream, environment: { UPSTREAM: upstream.url } }
  },
  async record({ send }, { upstream }) {
    await upstream.stop()
    const stopped = await send('/')
    await upstream.start()
    return { stopped, started: await send('/') }
  },
})
const badGateway = check('An upstream that refuses is 502, and back when it is back', asks, {
  verify: ({ stopped, started }, expect) => {
    expect(stopped).toHaveStatus(502)
    expect(started).toHaveStatus(200)
  },
})
export default { badGateway }`
    const grade = (onError?: string) =>
      written.grade({ kind: 'server', checks: stops, program: program(right, onError) })
    expect(told(await grade())).toMatchObject({ 'bad-gateway': 'passed' })
    const { report } = await grade("throw new Error('upstream')")
    expect(report.checks.at(-1)).toMatchObject({ outcome: 'failed', diagnosis: { id: 'crashed' } })
  })
})

describe('a server from scratch, in small', () => {
  const checks = `${more('status')}
const asks = scenario('Clients keep connections', {
  async record({ connect, send }) {
    const connection = await connect()
    const pipelined = await connection.pipeline([{ method: 'POST', path: '/echo', body: 'GET / HTTP/1.1\\r\\n\\r\\n' }, '/b', { method: 'POST', path: '/echo', body: ['c', 'd'], chunked: true, trailers: [['X-T', '1']] }])
    const expects = await send({ method: 'POST', path: '/echo', body: 'later', expectContinue: true })
    const old = await connect()
    const closed = await old.request({ path: '/', version: '1.0' })
    const { ended } = await old.receive()
    return { pipelined, expects, closed, ended }
  },
})
const pipeline = check('Pipelined requests are answered in order', asks, {
  verify: ({ pipelined }, expect) => {
    expect(pipelined[0]).toHaveText('GET / HTTP/1.1\\r\\n\\r\\n')
    expect(pipelined[1]).toHaveStatus(200)
    expect(pipelined[2]).toHaveText('cd')
  },
})
const goesOn = check('A client that asks is told to go on', asks, {
  verify: ({ expects }, expect) => {
    expect(expects).toHaveText('later')
    expect(expects.interim?.[0]?.status, 'the interim answer').toBe(100)
  },
})
const closes = check('HTTP/1.0 closes', asks, {
  verify: ({ closed, ended }, expect) => {
    expect(closed).toHaveStatus(200)
    expect(ended, 'the connection').toBe('closed')
  },
})
export default { pipeline, goesOn, closes }`

  test('passes node:http, and fails a server that answers once and closes', async () => {
    const right = `import { createServer } from 'node:http'
createServer((request, response) => void request.pipe(response)).listen(Number(process.env.PORT), '127.0.0.1')`
    expect(told(await written.grade({ kind: 'server', checks, program: right }))).toEqual({
      starts: 'passed',
      pipeline: 'passed',
      'goes-on': 'passed',
      closes: 'passed',
    })
    const wrong = `import { createServer } from 'node:net'
createServer((socket) => void socket.on('error', () => {}).once('data', () => socket.end('HTTP/1.1 200 OK\\r\\nContent-Length: 18\\r\\n\\r\\nGET / HTTP/1.1\\r\\n\\r\\n'))).listen(Number(process.env.PORT), '127.0.0.1')`
    const found = told(await written.grade({ kind: 'server', checks, program: wrong })) as Record<
      string,
      string
    >
    expect(found['pipeline']).toMatch(/^GET \/b is answered/)
    expect(found['goes-on']).toMatch(/^the content is/)
    expect(found['closes']).toBe('passed')
  })
})

describe('two addresses of one program', () => {
  const checks = `const opens = scenario('Chromium opens a site and the plain address', {
  setUp: () => ({ sites: { 'http://shop.test': 'PORT' } }),
  async record({ newPage, loopback, send, exchanges }) {
    const page = await newPage()
    const named = await page.open('/')
    const isNamedSecure = await page.evaluate('isSecureContext')
    const plain = await page.open(loopback + '/plain')
    const isPlainSecure = await page.evaluate('isSecureContext')
    const fetched = await page.fetch(loopback + '/fetched')
    return { named, plain, fetched, isNamedSecure, isPlainSecure, sites: exchanges().map(({ site }) => site ?? 'none') }
  },
})
const both = check('Both are answered', opens, {
  verify: ({ named, plain, fetched, isNamedSecure, isPlainSecure, sites }, expect) => {
    expect(named.document).toHaveText('shop.test /')
    expect(plain.document).toHaveText(matching('the plain address', (text) => /^127.0.0.1:\\d+ .plain$/.test(text)))
    expect(fetched.exchange).toHaveStatus(200)
    expect(isNamedSecure).toGive(false)
    expect(isPlainSecure).toGive(true)
    expect(sites, 'the sites').toBe(['http://shop.test', 'none', 'none'])
  },
})
export default { both }`

  test('are asked by one browser in one scenario', async () => {
    const program = `import { createServer } from 'node:http'
createServer((request, response) => void response.setHeader('Content-Type', 'text/html').end(request.headers.host + ' ' + request.url)).listen(Number(process.env.PORT), '127.0.0.1')`
    const grading = await written.grade({ kind: 'server', checks, program })
    expect(told(grading)).toEqual({ starts: 'passed', both: 'passed' })
  })
})

describe('a page with routes of its own', () => {
  const html =
    '<!doctype html><link rel="icon" href="data:,"><p id="state">…</p><script type="module" src="/page.js"></script>'
  const checks = (site: string, more = '') => `const polls = scenario('Chromium polls a job', {
  setUp: ({ random }) => {
    const job = '/jobs/' + random.word()
    let asked = 0
    return { job, ${more}
      site: ${site} }
  },
  async record({ newPage, exchanges, loopback, address }, { job }) {
    const page = await newPage()
    await page.open('/')
    const state = await page.until("document.querySelector('#state').textContent", (value) => value === 'done')
    const of = (path) => exchanges().filter(({ request }) => request.path === path)
    return { state, polls: of(job), page: of('/')[0], script: of('/page.js')[0] }
  },
})
const shows = check('The result is shown', polls, {
  verify: ({ state, polls, page, script }, expect) => {
    expect(state).toGive('done')
    expect(polls.length, 'polls').toBe(3)
    expect(polls[0]).toHaveHeader('Cache-Control', 'max-age=0').notToHaveHeader('Expires')
    expect(page).toHaveHeader('Cache-Control', ${more === '' ? "'no-store'" : "'max-age=60'"})
    expect(script).toHaveHeader('Cache-Control', ${more === '' ? "'no-store'" : "'max-age=60'"})
  },
})
export default { shows }`
  const site = `({ method, path }) => {
        if (method === 'POST' && path === '/jobs') return { status: 202, headers: { Location: job } }
        if (path === job) return { headers: { 'Cache-Control': 'max-age=0' }, body: ++asked < 3 ? 'running' : 'done' }
      }`
  const program = `const { headers } = await fetch('/jobs', { method: 'POST' })
let state = 'running'
while (state === 'running') {
  state = await (await fetch(headers.get('location')!)).text()
  document.querySelector('#state')!.textContent = state
}
export {}
`
  test.each(['', "cacheControl: 'max-age=60',"])(
    'asks them, and its files keep their own cache fields %s',
    async (more) => {
      const grading = await written.grade({
        kind: 'page',
        checks: checks(site, more),
        program,
        html,
      })
      expect(told(grading)).toEqual({ starts: 'passed', shows: 'passed' })
    },
  )

  test('is the mistake of the author where they throw, or hide the script', async () => {
    const mistakeOf = async (routes: string) => {
      const opens = `const opens = scenario('Chromium opens the page', {
  setUp: () => ({ site: ${routes} }),
  record: async ({ newPage }) => ({ visit: await (await newPage()).open('/') }),
})
const shows = check('It is shown', opens, { verify: ({ visit }, expect) => expect(visit.document).toHaveStatus(200) })
export default { shows }`
      const { report } = await written.grade({ kind: 'page', checks: opens, program: '', html })
      return report.error ?? report.checks.at(-1)!.error
    }
    expect(await mistakeOf("() => { throw new Error('no such job') }")).toContain('no such job')
    expect(await mistakeOf("({ path }) => path === '/' ? undefined : { status: 404 }")).toBe(
      "The set-up's site answered /page.js, so the learner's script was not served. In checks.ts, let it give undefined for what isn't its own.",
    )
  })

  test('has them, too, where a person serves it', async () => {
    const exercise = written.write({
      kind: 'page',
      checks: checks(
        "({ path }) => (path === '/mine' ? { body: 'own' } : undefined)",
        "cacheControl: 'max-age=60',",
      ),
      program,
      html,
    })
    const { environment, page, close } = await setUpByHand(exercise)
    const { dir } = exercise
    const options = { answer: page.site!, cacheControl: page.cacheControl! }
    const files = {
      kind: 'page',
      dir,
      entry: 'page.ts',
      label: 'page.ts',
      html: join(dir, 'index.html'),
    } as const
    const server = servePage(files, environment, options)
    await listening(server, 0)
    const ask = async (path: string) => {
      const { port } = server.address() as AddressInfo
      const answer = await fetch(`http://127.0.0.1:${port}${path}`)
      return [answer.status, answer.headers.get('cache-control'), await answer.text()]
    }
    expect(await ask('/mine')).toEqual([200, null, 'own'])
    expect(await ask('/')).toEqual([200, 'max-age=60', html])
    expect((await ask('/other'))[0]).toBe(404)
    await new Promise((resolve) => server.close(resolve))
    await close()
  })

  test('is for pages alone', async () => {
    const server =
      "import { createServer } from 'node:http'\ncreateServer().listen(Number(process.env.PORT), '127.0.0.1')"
    expect(
      told(await written.grade({ kind: 'server', checks: checks(site), program: server })),
    ).toBe(
      'The set-up of the scenario "Chromium polls a job" gives site, which is for exercises of the kind page. Remove it in checks.ts; a server of your own is origin(name, answer).',
    )
  })
})

describe('a program that is busy when bytes come', () => {
  // It says of each request in how many pieces it read it, and is slow to look at a connection.
  const program = (ms: number, onEnd: string) => `import { createServer } from 'node:net'
const busy = (ms: number) => { for (const until = Date.now() + ms; Date.now() < until;); }
createServer({ allowHalfOpen: true }, (socket) => {
  busy(${ms})
  let text = ''
  let pieces = 0
  socket.on('end', () => { ${onEnd} })
  socket.on('error', () => {})
  socket.on('data', (piece) => {
    text += piece.toString('latin1')
    pieces++
    if (text.endsWith('!')) socket.end('HTTP/1.1 200 OK\\r\\nConnection: close\\r\\nContent-Length: 1\\r\\n\\r\\n' + pieces)
  })
}).listen(Number(process.env.PORT), '127.0.0.1')
`
  const checks = `const asks = scenario('A client asks in pieces', {
  async record({ connect, sendTogether, untilRead, exchanges }) {
    const post = { method: 'POST', path: '/', body: 'whole!' }
    const begun = await sendTogether([post, post, post])
    const connection = await connect()
    for (const piece of ['POST /pieces HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 3\\r\\n\\r\\n', 'a', 'b', '!']) {
      await connection.write(piece)
      await untilRead()
    }
    await connection.receive()
    const inPieces = exchanges().find(({ request }) => request.path === '/pieces')
    return { begun: begun.map(text).join(), inPieces: text(inPieces) }
  },
  facts: (recorded) => recorded,
})
const atOnce = check('Each was begun before any was ended', asks, { verify: ({ begun }, expect) => expect(begun, 'pieces').toBe('2,2,2') })
const inPieces = check('Each piece was read by itself', asks, { verify: ({ inPieces }, expect) => expect(inPieces, 'pieces').toBe('4') })
export default { atOnce, inPieces }`

  test.each([
    ['lets go of a connection that has ended', 60, 'socket.end()'],
    ['does not, and gets a moment', 10, ''],
  ])('and %s', async (_, ms, onEnd) => {
    expect(
      told(await written.grade({ kind: 'server', checks, program: program(ms, onEnd) })),
    ).toMatchObject({ 'at-once': 'passed', 'in-pieces': 'passed' })
  })
})

describe('the mistake of an author', () => {
  const program = `import { createServer } from 'node:http'
createServer((_, response) => void response.writeHead(200, { 'Content-Length': 9 }).write('half')).listen(Number(process.env.PORT), '127.0.0.1')`
  const mistakeOf = async (record: string, verify: string) => {
    const checks = `const asks = scenario('A client asks', { async record({ send, wire, connect }) { ${record} } })
const answers = check('It answers', asks, { verify: (facts, expect) => { ${verify} } })
export default { answers }`
    const { report } = await written.grade({ kind: 'server', checks, program })
    expect(report.verdict).toBe('errored')
    return report.error ?? report.checks.at(-1)!.error
  }

  test('who claims an answer that the scenario cut in the middle', async () => {
    const record = `const cut = wire.cut({ when: '/', at: 'mid-response', how: 'end' })
      await send('/')
      return { answer: await cut.exchange() }`
    expect(await mistakeOf(record, 'expect(facts.answer).toHaveStatus(200)')).toMatch(
      /^a claim about the answer to GET \/, which the scenario's wire\.cut ended in the middle: .*checks\.ts line 5\)$/,
    )
  })

  test('who never releases what is held', async () => {
    const record = `const hold = wire.hold({ when: '/', what: 'request' })
      const connection = await connect()
      await connection.write('GET / HTTP/1.1\\r\\n\\r\\n')
      return { answer: await hold.exchange() }`
    expect(await mistakeOf(record, 'expect(facts.answer).toHaveStatus(200)')).toBe(
      'A wire.hold held the request GET / and was never released. Call release() in checks.ts before record() returns.',
    )
  })

  test('whose request contradicts itself', async () => {
    const record = "return { answer: await send({ path: '/', chunked: true }) }"
    expect(await mistakeOf(record, 'expect(facts.answer).toHaveStatus(200)')).toBe(
      "The request for / has chunked: true, but no body. Give it a body, '' for an empty one, in checks.ts.",
    )
  })
})
