import {
  hasStatus,
  json,
  matching,
  path,
  present,
  scenario,
  sentField,
  type Exchange,
  type Matcher,
} from '#grader'

export const browser = scenario(
  'Chromium opens an address with a query and a fragment, then posts what is more bytes than characters',
  {
    async record({ newPage, random }) {
      const page = await newPage()
      const place = random.word()
      const tag = random.word()
      const fragment = random.word()
      const field = random.word()
      const token = random.token()
      const opened = `/caf%C3%A9/${place}?tag=${tag}&tag=b%26c&empty=`
      const { document } = await page.open(`${opened}#${fragment}`)
      // Three bytes each.
      const cups = random.integer(11, 29)
      const { exchange: post } = await page.fetch(`/${place}%26${tag}%2541`, {
        method: 'POST',
        headers: { [`X-${field}`]: token },
        body: '☕'.repeat(cups),
      })
      const { exchange: later } = await page.fetch(`/${place}`, { method: 'POST', body: tag })
      return { opened, document, post, later, place, tag, field: `x-${field}`, token, cups }
    },
    facts: ({ opened, document, post, later, place, tag, ...drawn }) => ({
      ...drawn,
      tag,
      visit: mirrored(document, `GET ${opened}`),
      visitedPath: `/café/${place}`,
      post: mirrored(post, `POST /${place}%26${tag}%2541`),
      postedPath: `/${place}&${tag}%41`,
      postedPathDecodedTwice: `/${place}&${tag}A`,
      later: mirrored(later, `POST /${place}`),
    }),
  },
)

export const byHand = scenario('Non-browser clients send what no browser would', {
  async record({ send, connect, exchanges, random, address }) {
    const one = random.word()
    const two = random.word()
    const site = `${random.word()}.test:${random.integer(8000, 8999)}`
    const fields = await send({
      path: `/${one}`,
      headers: [
        ['X-Tag', '1'],
        ['X-Note', ` \t ${one} ${two}\t `],
        ['x-tag', '2'],
        ['X-TAG', '3'],
        ['X-Empty', ''],
        ['User-Agent', one],
        ['User-Agent', two],
      ],
    })
    const signs = await send(`/${one}?link=/${two}?a=1`)
    const plus = await send(`/${one}?words=${one}+${two}`)
    const slashes = await send(`//${one}/${two}?x=1`)
    const absolute = await send(`http://${site}/${one}/${two}?x=1`)
    const chunks = Array.from({ length: 3 }, () => 'x'.repeat(random.integer(10, 30)))
    const connection = await connect()
    await connection.write(
      `PUT /chunks HTTP/1.1\r\nHost: ${new URL(address).host}\r\n` +
        'Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n',
    )
    for (const chunk of chunks)
      await connection.write(`${chunk.length.toString(16)}\r\n${chunk}\r\n`)
    await connection.write('0\r\n\r\n')
    await connection.receive()
    return { one, two, site, fields, signs, plus, slashes, absolute, exchanges: exchanges() }
  },
  facts: ({ one, two, site, fields, signs, plus, slashes, absolute, exchanges }) => ({
    one,
    two,
    site,
    fields: mirrored(fields, `GET /${one}`),
    signs: mirrored(signs, `GET /${one}`),
    plus: mirrored(plus, `GET /${one}`),
    slashes: mirrored(slashes, `GET //${one}/${two}`),
    absolute: mirrored(absolute, `GET http://${site}/${one}/${two}`),
    chunked: mirrored(
      exchanges.find((exchange) => path(exchange) === '/chunks'),
      'PUT /chunks',
    ),
  }),
})

export const badEscapes = scenario(
  'Percent signs that lead nowhere, and then an ordinary request',
  {
    async record({ send, random }) {
      const word = random.word()
      const noDigits = await send(`/${word}/%zz`)
      const halfCharacter = await send(`/${word}/%E0%A4`)
      const afterwards = await send(`/${word}`)
      return { word, noDigits, halfCharacter, afterwards }
    },
    facts: ({ word, noDigits, halfCharacter, afterwards }) => {
      const bad = [
        mirrored(noDigits, `GET /${word}/%zz`),
        mirrored(halfCharacter, `GET /${word}/%E0%A4`),
      ]
      return { bad, notRefused: bad.find((each) => !hasStatus(400)(each)), afterwards }
    },
  },
)

/** One request, and what the learner's mirror reports of it. */
export interface Mirrored {
  readonly exchange: Exchange
  /** The request target as it was sent, with the query. */
  readonly target: string
  /** How many bytes of content the request had. */
  readonly bytes: number
  /** The members of the JSON in the answer, as they are; none when it isn't an object. */
  readonly report: { readonly [member in (typeof MEMBERS)[number]]?: unknown }
  /** The path that was reported; empty when it isn't a text. */
  readonly path: string
  /** The query that was reported; empty when it isn't an object. */
  readonly query: Readonly<Record<string, unknown>>
  /** The headers that were reported; empty when they aren't an object. */
  readonly headers: Readonly<Record<string, unknown>>
}

const MEMBERS = ['method', 'path', 'query', 'host', 'headers', 'bodyLength'] as const

function mirrored(recorded: Exchange | null | undefined, asked: string): Mirrored {
  const exchange = present(recorded, asked)
  const report: Mirrored['report'] = asObject(json(exchange))
  return {
    exchange,
    target: exchange.request.target,
    bytes: exchange.request.body.length,
    report,
    path: typeof report.path === 'string' ? report.path : '',
    query: asObject(report.query),
    headers: asObject(report.headers),
  }
}

export const anObject: Matcher<unknown> = matching('an object', isObject)

/** The members that the report lacks. */
export function missingMembers({ report }: Mirrored): readonly string[] {
  return MEMBERS.filter((name) => !(name in report))
}

export const none: Matcher<readonly string[]> = matching('none', ({ length }) => length === 0)

/** What `query` has to be: each name with the list of its decoded values. */
export function sentQuery({ target }: Mirrored): Record<string, string[]> {
  const values = new URLSearchParams(target.replace(/^[^?]*/, ''))
  return Object.fromEntries([...values.keys()].map((name) => [name, values.getAll(name)]))
}

export function hasRightQuery(of: Mirrored): boolean {
  return JSON.stringify(of.report.query) === JSON.stringify(sentQuery(of))
}

/** What `headers` has to be: names in lower case, the values of repeats joined in their order. */
export function joinedFields({ exchange }: Mirrored): Record<string, string> {
  const lines = Map.groupBy(exchange.request.headers, ([name]) => name.toLowerCase())
  return Object.fromEntries(
    [...lines].map(([name, fields]) => [name, fields.map(([, value]) => value).join(', ')]),
  )
}

/** The values of a name in the query that was reported, as JSON; empty when it isn't there. */
export function values({ query }: Mirrored, name: string): string {
  return JSON.stringify(query[name]) ?? ''
}

export function isReported({ exchange, report }: Mirrored): boolean {
  return hasStatus(200)(exchange) && typeof report.path === 'string'
}

export function countsRight({ report, bytes }: Mirrored): boolean {
  return report.bodyLength === bytes
}

export function hasJson(of: Mirrored): boolean {
  return isObject(json(of))
}

/** The value of Host, as it was sent. */
export function sentHost(of: Mirrored): string {
  return sentField(of, 'Host') ?? ''
}

export function withoutPort(host: string): string {
  return host.replace(/:\d+$/, '')
}

export function hasCapitals(name: string): boolean {
  return name !== name.toLowerCase()
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return isObject(value) ? value : {}
}
