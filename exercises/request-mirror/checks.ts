import { check, header, jsonBody, matching, together, type Exchange, rule } from '#grader'
import { badEscapes, browser, byHand } from './scenarios.ts'

const MEMBERS = ['method', 'path', 'query', 'host', 'headers', 'bodyLength']

const mirror = check(
  'Your answer is JSON with all six members, and method and host are right',
  browser,
  {
    reread: 'request-line',
    verify: ({ visit, post, host }, expect) => {
      expect(visit)
        .toHaveStatus(200)
        .toHaveHeader(
          'Content-Type',
          matching('application/json', (type) => /^application\/json\s*(;|$)/i.test(type)),
        )
      expect(visit).toHaveJson(matching('an object', isObject))
      expect(missingOf(visit), 'members that are missing', visit ?? undefined).toBe('none')
      expect(said(visit).method, 'method', visit ?? undefined).toBe('GET')
      expect(said(visit).host, 'host', visit ?? undefined).toBe(host)
      expect(post).toHaveStatus(200)
      expect(said(post).method, 'method', post ?? undefined).toBe('POST')
    },
    diagnose: {
      'not-named-json': rule({
        when: ({ visit }) =>
          isObject(jsonBody(visit?.response)) &&
          !visit!.response!.headers.some(
            ([name, value]) => name.toLowerCase() === 'content-type' && /json/i.test(value),
          ),
        say: (_, { visit }) => {
          const type = header(visit?.response?.headers ?? [], 'Content-Type')
          return `The content was JSON, and ${type === undefined ? 'no Content-Type said so' : `Content-Type said \`${type}\``}. What content is, a recipient learns from the head.`
        },
      }),
      'host-without-port': rule({
        when: ({ visit, host }) => said(visit).host === host.split(':')[0],
        say: (_, { host }) =>
          `Host was \`${host}\`, and you reported it without the port. Two sites may differ in nothing else.`,
      }),
    },
  },
)

const path = check('The path is decoded, and has neither query nor fragment', browser, {
  after: mirror,
  spec: 'RFC 9112 §3.2.1',
  reread: 'target',
  verify: ({ visit, post, place, tag }, expect) => {
    expect(said(visit).path, 'path', visit ?? undefined).toBe(`/café/${place}`)
    expect(said(post).path, 'path', post ?? undefined).toBe(`/${place}&${tag}%41`)
  },
  diagnose: {
    'reports-target': rule({
      when: ({ visit }) => String(said(visit).path).includes('?'),
      say: (_, { visit }) =>
        `You reported \`${String(said(visit).path)}\` as the path. What stands from the ? on is the query.`,
    }),
    'decodes-in-part': rule({
      when: ({ visit, post, place, tag }) =>
        said(visit).path !== visit?.request.path &&
        String(said(post).path).startsWith(`/${place}%26${tag}`),
      say: (_, { post }) =>
        `You reported \`${String(said(post).path)}\`: %26 is an &, and it stayed as it was sent. decodeURI leaves alone what separates the parts of an address; within a part nothing is to be left.`,
    }),
    'decodes-twice': rule({
      when: ({ post, place, tag }) => said(post).path === `/${place}&${tag}A`,
      say: (_, { post }) =>
        `The target was \`${post?.request.target}\`, and you reported \`${String(said(post).path)}\`. %25 is a percent sign, and what is decoded once is read as it is: decoded again, %41 became a letter that nobody sent.`,
    }),
    'undecoded-path': rule({
      when: ({ visit }) => said(visit).path === visit?.request.path,
      say: (_, { visit }) =>
        `You reported \`${visit?.request.path}\`, as it was sent. %C3%A9 are the two bytes of é, written so that a request line can carry them.`,
    }),
  },
})

const queryArrays = check(
  'A name given twice has two values, and %26 separates nothing',
  together({ browser, byHand }),
  {
    after: mirror,
    reread: 'target',
    verify: ({ browser: { visit, post, tag }, byHand: { signs, two } }, expect) => {
      expect(said(visit).query, 'query', visit ?? undefined).toBe({
        tag: [tag, 'b&c'],
        empty: [''],
      })
      expect(signs).toHaveStatus(200)
      expect(said(signs).query, 'query', signs ?? undefined).toBe({ link: [`/${two}?a=1`] })
      expect(said(post).query, 'query', post ?? undefined).toBe({})
    },
    diagnose: {
      'decodes-first': rule({
        when: ({ browser: { visit } }) => 'c' in object(said(visit).query),
        say: '%26 is an & within a value, and you reported a name `c`. Once the whole target is decoded, that & looks like a separator.',
      }),
      'last-value-wins': rule({
        when: ({ browser: { visit } }) =>
          'tag' in object(said(visit).query) &&
          !JSON.stringify(object(said(visit).query)['tag']).includes(','),
        say: (_, { browser: { visit } }) =>
          `tag was sent twice, and you reported \`${JSON.stringify(object(said(visit).query)['tag'])}\`. A name may repeat, and an object keeps one value for it.`,
      }),
      'lists-only-repeats': rule({
        when: ({ browser: { visit } }) =>
          Array.isArray(object(said(visit).query)['tag']) &&
          object(said(visit).query)['empty'] === '',
        say: 'You reported a list for the name that was sent twice and a string for the other. Whoever reads this has to handle both; a list of one is a list.',
      }),
      'undecoded-value': rule({
        when: ({ browser: { visit } }) =>
          JSON.stringify(object(said(visit).query)['tag'] ?? '').includes('b%26c'),
        say: 'A value was sent as `b%26c`, and you reported it so. Split at its & and =, a query has names and values; each of them is still to be decoded.',
      }),
      'splits-at-every-sign': rule({
        when: ({ browser: { visit, tag }, byHand: { signs, two } }) =>
          JSON.stringify(object(said(visit).query)['tag']) === JSON.stringify([tag, 'b&c']) &&
          signs?.response?.status === 200 &&
          !JSON.stringify(said(signs).query ?? '').includes(`/${two}?a=1`),
        say: (_, { byHand: { signs } }) =>
          `The query was \`${signs?.request.target.replace(/^[^?]*\?/, '')}\`, and you reported \`${JSON.stringify(said(signs).query)}\`. The first ? begins a query, and the first = ends a name; those behind them belong to the value.`,
      }),
    },
  },
)

const fieldNames = check(
  'Field names are in lower case, and repeated fields joined in order',
  together({ browser, byHand }),
  {
    after: mirror,
    spec: 'RFC 9110 §5.3',
    reread: 'fields',
    verify: ({ browser: { post, field, token }, byHand: { fields } }, expect) => {
      expect(fields).toHaveStatus(200)
      expect(said(fields).headers, 'headers', fields ?? undefined).toBe(joined(fields))
      expect(object(said(post).headers)[field], `${field} in headers`, post ?? undefined).toBe(
        token,
      )
    },
    diagnose: {
      'keeps-spelling': rule({
        when: ({ byHand: { fields } }) =>
          Object.keys(object(said(fields).headers)).some((name) => name !== name.toLowerCase()),
        say: (_, { byHand: { fields } }) =>
          `You reported \`${Object.keys(object(said(fields).headers))
            .filter((name) => /x-tag/i.test(name))
            .join(
              '`, `',
            )}\`. The names of fields have no case: they are one field, however a client spells it.`,
      }),
      'last-field-wins': rule({
        when: ({ byHand: { fields } }) =>
          object(said(fields).headers)['x-tag'] === '3' ||
          object(said(fields).headers)['x-tag'] === '1',
        say: (_, { byHand: { fields } }) =>
          `X-Tag came three times, and you reported \`${String(object(said(fields).headers)['x-tag'])}\`. The lines of a repeated field are one list, in their order.`,
      }),
      'drops-repeats-of-some': rule({
        when: ({ byHand: { fields, one, two } }) =>
          object(said(fields).headers)['x-tag'] === '1, 2, 3' &&
          [one, two].includes(String(object(said(fields).headers)['user-agent'])),
        say: (_, { byHand: { fields } }) =>
          `X-Tag came three times, and you reported it whole. User-Agent came twice, and you reported \`${String(object(said(fields).headers)['user-agent'])}\`. In Node, \`request.headers\` keeps one line of fields that are to come once, User-Agent among them; a mirror shows what did come.`,
      }),
    },
  },
)

const bodyLength = check(
  'bodyLength counts the bytes of the content',
  together({ browser, byHand }),
  {
    after: mirror,
    spec: 'RFC 9112 §6.3',
    reread: 'pieces',
    verify: ({ browser: { visit, post, later }, byHand: { chunked } }, expect) => {
      for (const exchange of [visit, post, later, chunked]) {
        expect(exchange).toHaveStatus(200)
        expect(said(exchange).bodyLength, 'bodyLength', exchange ?? undefined).toBe(
          exchange?.request.body.length ?? 0,
        )
      }
    },
    diagnose: {
      'counts-too-early': rule({
        when: ({ browser: { post } }) => said(post).bodyLength === 0,
        say: (_, { browser: { post } }) =>
          `${post?.request.body.length} bytes came, and you counted none: the answer was made when the head had arrived. Content comes after it, in pieces, and is whole when the request says that it has ended.`,
      }),
      'counts-characters': rule({
        when: ({ browser: { post, cups } }) => said(post).bodyLength === cups,
        say: (_, { browser: { cups } }) =>
          `${cups} ☕ came, three bytes each, and you counted ${cups}. Content is measured in bytes, and characters are something you make of them.`,
      }),
      'adds-up': rule({
        when: ({ browser: { post, later } }) =>
          said(post).bodyLength === post?.request.body.length &&
          said(later).bodyLength === post!.request.body.length + (later?.request.body.length ?? 0),
        say: (_, { browser: { post, later } }) =>
          `${post?.request.body.length} bytes came, then ${later?.request.body.length} with another request, and for that you reported ${String(said(later).bodyLength)}: both together. What stands outside the handler is there once, for all requests.`,
      }),
      'trusts-content-length': rule({
        when: ({ browser: { post, cups }, byHand: { chunked } }) =>
          chunked?.response?.status === 200 &&
          said(post).bodyLength === 3 * cups &&
          said(chunked).bodyLength !== chunked?.request.body.length,
        say: (_, { byHand: { chunked } }) =>
          `${chunked?.request.body.length} bytes came in chunks, without a Content-Length, and you reported \`${JSON.stringify(said(chunked).bodyLength)}\`. Content can be counted as it arrives.`,
      }),
    },
  },
)

const absoluteForm = check(
  'Absolute targets and doubled slashes are reported with the right path',
  byHand,
  {
    after: path,
    spec: 'RFC 9112 §3.2.2',
    reread: 'target',
    verify: ({ absolute, slashes, one, two, site }, expect) => {
      expect(absolute).toHaveStatus(200)
      expect(said(absolute).path, 'path', absolute ?? undefined).toBe(`/${one}/${two}`)
      expect(said(absolute).query, 'query', absolute ?? undefined).toBe({ x: ['1'] })
      expect(said(absolute).host, 'host', absolute ?? undefined).toBe(site)
      expect(slashes).toHaveStatus(200)
      expect(said(slashes).path, 'path', slashes ?? undefined).toBe(`//${one}/${two}`)
    },
    diagnose: {
      'absolute-as-path': rule({
        when: ({ absolute, site }) => String(said(absolute).path).includes(site),
        say: (_, { absolute }) =>
          `The target was \`${absolute?.request.target}\`, a whole address, as proxies are sent it. You reported \`${String(said(absolute).path)}\` as the path.`,
      }),
      'host-from-field': rule({
        when: ({ absolute }) =>
          said(absolute).host === header(absolute?.request.headers ?? [], 'Host'),
        say: (_, { absolute, site }) =>
          `The target named ${site}, and you reported \`${String(said(absolute).host)}\`, as Host did. Where a target names a host, Host does not count.`,
      }),
      'loses-port-of-target': rule({
        when: ({ absolute, site }) => said(absolute).host === site.split(':')[0],
        say: (_, { absolute, site }) =>
          `The target named ${site}, and you reported \`${String(said(absolute).host)}\`. The port belongs to whom a request is for, wherever it is named; of a URL object, \`host\` has it and \`hostname\` has not.`,
      }),
      'slashes-begin-a-host': rule({
        when: ({ slashes, two }) => said(slashes).path === `/${two}`,
        say: (_, { slashes, one }) =>
          `The target was \`${slashes?.request.target}\`, and you reported \`${String(said(slashes).path)}\`: \`${one}\` was taken for a host. A link may begin so; a target is no link.`,
      }),
    },
  },
)

const badEscape = check(
  'A broken percent escape is answered with 400, and the server lives on',
  badEscapes,
  {
    after: path,
    spec: 'RFC 9110 §15.5.1',
    reread: 'reject',
    verify: ({ noDigits, halfCharacter, afterwards }, expect) => {
      expect(noDigits).toHaveStatus(400)
      expect(halfCharacter).toHaveStatus(400)
      expect(afterwards).toHaveStatus(200)
    },
    diagnose: {
      'blames-itself': rule({
        when: ({ noDigits, halfCharacter }) =>
          [noDigits, halfCharacter].some((exchange) => (exchange?.response?.status ?? 0) >= 500),
        say: (_, { noDigits }) =>
          `You answered ${noDigits?.response?.status}, which says that your server failed. The request was wrong; the numbers from 400 on say that.`,
      }),
      'reports-it-raw': rule({
        when: ({ noDigits, halfCharacter }) => [noDigits, halfCharacter].some(isReported),
        say: (_, { noDigits, halfCharacter }) => {
          const [exchange] = [noDigits, halfCharacter].filter(isReported)
          return `\`${exchange?.request.path}\` cannot be decoded, and you reported the path \`${String(said(exchange ?? null).path)}\`. A guess at what was meant is passed on as if it had been sent.`
        },
      }),
    },
  },
)

export default {
  mirror,
  path,
  queryArrays,
  headers: fieldNames,
  bodyLength,
  absoluteForm,
  badEscape,
}

function missingOf(exchange: Exchange | null): string {
  return MEMBERS.filter((name) => !(name in said(exchange))).join(', ') || 'none'
}

function isReported(exchange: Exchange | null): boolean {
  return exchange?.response?.status === 200 && typeof said(exchange).path === 'string'
}

/** The members of the JSON that came back; none when it is no object. */
function said(exchange: Exchange | null): Record<string, unknown> {
  return object(jsonBody(exchange?.response))
}

function object(value: unknown): Record<string, unknown> {
  return isObject(value) ? value : {}
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** What `headers` owes this request. */
function joined(exchange: Exchange | null): Record<string, string> {
  const lines = Map.groupBy(exchange?.request.headers ?? [], ([name]) => name.toLowerCase())
  return Object.fromEntries(
    [...lines].map(([name, fields]) => [name, fields.map(([, value]) => value).join(', ')]),
  )
}
