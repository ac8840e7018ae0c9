import { field, present, scenario, type Exchange, type Kit, type SetUpKit } from '#grader'
import { asWritten, LONGEST_ADDRESS, type Part } from './answers.ts'

export const addresses = scenario('A client sends GET and HEAD', {
  setUp: drawShop,
  async record({ send, random }, { parts, asked }) {
    const path = `/parts?${inAddress([...asked, random.word()])}`
    return {
      parts,
      asked,
      get: await send(path),
      head: await send({ method: 'HEAD', path }),
      unknown: await send(`/parts?code=${random.word()}`),
      none: await send('/parts'),
    }
  },
  facts: ({ parts, asked, get, head, unknown, none }) => {
    const found = inCatalogue(parts, asked)
    return {
      found,
      get: present(get, 'GET /parts'),
      head: present(head, 'HEAD /parts'),
      rows: [
        { name: 'two known codes and another', exchange: get, found },
        { name: 'a code that nobody knows', exchange: unknown, found: [] },
        { name: 'no code', exchange: none, found: [] },
      ],
    }
  },
})

export const visit = scenario('A person searches for four codes on your page in Chromium', {
  setUp: drawShop,
  async record({ newPage, until, exchanges, address, random }, { parts, asked }) {
    const page = await newPage()
    await page.open('/')
    await page.fill('textarea', [...asked, random.word(), random.word()].join('\n'))
    await page.click('button')
    const query = await until(() =>
      exchanges().find(({ request, response }) => isQuery(request) && response),
    )
    const shown = await page.until("document.querySelector('pre').textContent", Boolean)
    const linked = linkOf(query, address)
    const followed = linked === undefined ? null : await page.open(linked)
    return { parts, asked, query, shown, followed }
  },
  facts: ({ parts, asked, query, shown, followed }) => {
    const found = inCatalogue(parts, asked)
    const exchange = present(query, 'QUERY /parts')
    return {
      found,
      query: exchange,
      shown,
      whatIsShown: found.map(({ code, stock }) => `${code}: ${stock}`).join('\n'),
      location: field(exchange, 'Location'),
      followed: followed?.document ?? null,
    }
  },
})

export const longList = scenario('A client sends a QUERY with 7,000 codes in several pieces', {
  setUp: drawShop,
  async record({ send, connect, exchanges, until, untilRead, random, address }, { parts, asked }) {
    const short = await send(inJson(asked))
    const [odd, plain] = asked
    const codes = Array.from({ length: 6998 }, () => `${random.word()}-${random.integer(10, 99)}`)
    // More than 64 kB, the most that Node reads at once.
    const content = Buffer.from(asWritten([plain, ...codes, odd]))
    const connection = await connect()
    await connection.write(
      `QUERY /parts HTTP/1.1\r\nHost: ${new URL(address).host}\r\n` +
        `Content-Type: application/json\r\nContent-Length: ${content.length}\r\n\r\n`,
    )
    const withinLetter = content.indexOf('Ø') + 1
    const cuts = [0, 9000, withinLetter, content.length]
    for (const [index, end] of cuts.slice(1).entries()) {
      await connection.write(content.subarray(cuts[index], end))
      await untilRead()
    }
    const sent = () => exchanges().find(({ id, request }) => isQuery(request) && id !== short?.id)
    await until(() => sent()?.response?.complete)
    const long = sent() ?? null
    connection.end()
    const linked = linkOf(long, address)
    const isTooLong = linked === undefined || linked.length > LONGEST_ADDRESS
    const followed = isTooLong ? null : await send(linked.slice(address.length))
    return { parts, asked, short, long, bytes: content.length, followed }
  },
  facts: ({ parts, asked, short, long, bytes, followed }) => ({
    found: inCatalogue(parts, asked),
    short: present(short, 'QUERY /parts'),
    long: present(long, 'QUERY /parts'),
    kilobytes: Math.round(bytes / 1000),
    location: field(long, 'Location'),
    followed,
  }),
})

export const oddTypes = scenario('Queries come in several media types, and one without any', {
  setUp: drawShop,
  async record({ send }, { parts, asked }) {
    const body = asWritten(asked)
    const [code] = asked
    const form = 'application/x-www-form-urlencoded'
    return {
      parts,
      asked,
      parameters: await send(inType('Application/JSON; charset=UTF-8', body)),
      form: await send(inType(form, inAddress(asked))),
      jsonPath: await send(inType('application/jsonpath', `$[?@.code == ${asWritten(code)}]`)),
      plain: await send(inType('text/plain', body)),
      untyped: await send({ method: 'QUERY', path: '/parts', body }),
    }
  },
  facts: ({ parts, asked, parameters, form, jsonPath, plain, untyped }) => ({
    found: inCatalogue(parts, asked),
    parameters: present(parameters, 'QUERY /parts'),
    others: [
      { name: 'application/x-www-form-urlencoded', exchange: form },
      { name: 'application/jsonpath', exchange: jsonPath },
      { name: 'text/plain', exchange: plain },
    ],
    untyped: present(untyped, 'QUERY /parts'),
  }),
})

export const oddContent = scenario('Queries come that cannot be used, and then one that can', {
  setUp: drawShop,
  async record({ send, random }, { parts, asked }) {
    const [code] = asked
    const ask = (body: string) => send(inType('application/json', body))
    const broken = await ask(`{"codes": ["${random.word()}", `)
    const text = await ask(JSON.stringify({ codes: code }))
    const misnamed = await ask(JSON.stringify({ code: asked }))
    const numbers = await ask(`{"codes": [${random.integer(100, 999)}]}`)
    return { parts, asked, broken, text, misnamed, numbers, afterwards: await send(inJson(asked)) }
  },
  facts: ({ parts, asked, broken, text, misnamed, numbers, afterwards }) => ({
    found: inCatalogue(parts, asked),
    rows: [
      { name: 'JSON that breaks off', exchange: broken, right: 400 },
      { name: 'JSON with a text as codes', exchange: text, right: 422 },
      { name: 'JSON without codes', exchange: misnamed, right: 422 },
      { name: 'JSON with a number among the codes', exchange: numbers, right: 422 },
    ],
    afterwards: present(afterwards, 'QUERY /parts'),
  }),
})

export const threeMethods = scenario('A client tries POST, PUT and DELETE', {
  setUp: drawShop,
  async record({ send }, { asked }) {
    const { headers, body } = inJson(asked)
    const ask = (method: string) => send({ method, path: '/parts', headers, body })
    return { post: await ask('POST'), put: await ask('PUT'), deleted: await ask('DELETE') }
  },
  facts: ({ post, put, deleted }) => [
    { name: 'POST', exchange: post },
    { name: 'PUT', exchange: put },
    { name: 'DELETE', exchange: deleted },
  ],
})

/** Six parts; the two that are asked for are in the catalogue the other way round. */
function drawShop({ random }: SetUpKit) {
  const word = random.word()
  const plain = `${random.word()}-${random.integer(10, 99)}`
  const odd = `M${random.integer(3, 20)}+${random.integer(10, 90)} Ø4 & 5% ${word}`
  const others = Array.from({ length: 4 }, () => `${random.word()}-${random.integer(10, 99)}`)
  const [first, ...rest] = random.shuffle(others)
  const codes = [first!, plain, ...rest, odd]
  const parts = codes.map((code): Part => ({ code, stock: random.integer(1, 99) }))
  return { parts, asked: [odd, plain] as const, environment: { PARTS: JSON.stringify(parts) } }
}

function inCatalogue(parts: readonly Part[], asked: readonly string[]): Part[] {
  return parts.filter(({ code }) => asked.includes(code))
}

function inAddress(codes: readonly string[]): string {
  return new URLSearchParams(codes.map((code) => ['code', code])).toString()
}

function inJson(codes: readonly string[]) {
  return inType('application/json', asWritten(codes))
}

function inType(type: string, body: string) {
  return { method: 'QUERY', path: '/parts', headers: [['Content-Type', type]] as const, body }
}

function isQuery({ method }: Exchange['request']): boolean {
  return method === 'QUERY'
}

/** The address that Location names; undefined without one, and where it is none of the program's. */
function linkOf(query: Exchange | null, address: Kit['address']): string | undefined {
  const location = field(query, 'Location')
  if (location === undefined) return undefined
  const { href = '' } = URL.parse(location, `${address}/parts`) ?? {}
  return href.startsWith(`${address}/`) ? href : undefined
}
