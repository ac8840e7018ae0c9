import { check, hasType, rule, status, together, type } from '#grader'
import {
  anObject,
  badEscapes,
  browser,
  byHand,
  countsRight,
  hasCapitals,
  hasJson,
  hasRightQuery,
  isReported,
  joinedFields,
  missingMembers,
  none,
  sentHost,
  sentQuery,
  values,
  withoutPort,
} from './scenarios.ts'

const everyRequest = together({ browser, byHand })

const mirror = check('Your answer is JSON with every member; method and host are right', browser, {
  reread: 'request-line',

  verify: ({ visit, post }, expect) => {
    expect(visit).toHaveStatus(200).toHaveHeader('Content-Type', type('application/json'))
    expect(visit).toHaveJson(anObject)
    expect(missingMembers(visit), 'missing members', visit).toBe(none)
    expect(visit.report.method, 'method', visit).toBe('GET')
    expect(visit.report.host, 'host', visit).toBe(sentHost(visit))
    expect(post).toHaveStatus(200)
    expect(post.report.method, 'method', post).toBe('POST')
  },

  diagnose: {
    'not-named-json': rule({
      when: ({ visit }) => hasJson(visit) && !hasType('application/json')(visit) && visit,
      say:
        'The content is JSON, but no `Content-Type: application/json` says so. ' +
        'A client learns from the head what the content is.',
    }),
    'host-without-port': rule({
      when: ({ visit }) => visit.report.host === withoutPort(sentHost(visit)) && visit,
      say: (visit) =>
        `Host was \`${sentHost(visit)}\`, but you reported it without the port. ` +
        'Two sites may differ in nothing else.',
    }),
  },
})

const path = check('The path is decoded once, and has neither query nor fragment', browser, {
  after: mirror,
  spec: 'RFC 9112 §3.2.1',
  reread: 'target',

  verify: ({ visit, visitedPath, post, postedPath }, expect) => {
    expect(visit.report.path, 'path', visit).toBe(visitedPath)
    expect(post.report.path, 'path', post).toBe(postedPath)
  },

  diagnose: {
    'reports-target': rule({
      when: ({ visit }) => visit.path.includes('?') && visit,
      say: (visit) =>
        `You reported \`${visit.path}\` as the path. ` +
        'The path ends before the first ?, where the query begins.',
    }),
    'undecoded-path': rule({
      when: ({ visit }) => visit.path.includes('%C3%A9') && visit,
      say: (visit) =>
        `You reported \`${visit.path}\`, as it was sent. ` +
        '%C3%A9 are the two bytes of é, encoded so that a request line can carry them.',
    }),
    'decodes-in-part': rule({
      when: ({ visit, visitedPath, post }) =>
        visit.path === visitedPath && post.path.includes('%26') && post,
      say: (post) =>
        `You reported \`${post.path}\`: %26 is an &, but it stayed as it was sent. ` +
        'decodeURI() would do that: it leaves alone what separates the parts of an address.',
    }),
    'decodes-twice': rule({
      when: ({ post, postedPathDecodedTwice }) => post.path === postedPathDecodedTwice && post,
      say: (post) =>
        `The target was \`${post.target}\`, but you reported \`${post.path}\`. %25 is a percent ` +
        'sign, so %2541 is %41. You decoded that again, into a letter that nobody sent.',
    }),
  },
})

const queryArrays = check('Every name in the query has a list of decoded values', everyRequest, {
  after: mirror,
  reread: 'target',

  verify: ({ browser: { visit, post }, byHand: { signs, plus } }, expect) => {
    for (const each of [visit, signs, plus, post]) {
      expect(each).toHaveStatus(200)
      expect(each.report.query, 'query', each).toBe(sentQuery(each))
    }
  },

  diagnose: {
    'decodes-first': rule({
      when: ({ browser: { visit } }) => 'c' in visit.query && visit,
      say:
        '%26 is an & within a value, but you reported a name `c`. Decode after you split: ' +
        'in a decoded query, the & of a value looks like one that separates.',
    }),
    'last-value-wins': rule({
      when: ({ browser: { visit } }) =>
        'tag' in visit.query && !values(visit, 'tag').includes(',') && visit,
      say: (visit) =>
        `tag was sent twice, but you reported \`${values(visit, 'tag')}\`. ` +
        'A name may repeat, and an object keeps one value for each name.',
    }),
    'lists-only-repeats': rule({
      when: ({ browser: { visit } }) =>
        Array.isArray(visit.query['tag']) && visit.query['empty'] === '' && visit,
      say:
        'You reported a list for the name that was sent twice, but a string for the other one. ' +
        'Every reader would have to handle both. A single value is a list of one.',
    }),
    'undecoded-value': rule({
      when: ({ browser: { visit } }) => values(visit, 'tag').includes('b%26c') && visit,
      say:
        'A value was sent as `b%26c`, and you reported it like that. When the query is split ' +
        'at its & and =, each name and each value still has to be decoded.',
    }),
    'splits-at-every-sign': rule({
      when: ({ browser: { visit }, byHand: { signs, two } }) =>
        hasRightQuery(visit) && !values(signs, 'link').includes(`/${two}?a=1`) && signs,
      say: ({ target, query }) =>
        `The target was \`${target}\`, but you reported the query ` +
        `\`${JSON.stringify(query)}\`. The first ? begins the query, and the first = ends a ` +
        'name; the ones after them belong to the value.',
    }),
    'keeps-plus-signs': rule({
      when: ({ byHand: { signs, plus } }) =>
        hasRightQuery(signs) && values(plus, 'words').includes('+') && plus,
      say: (plus) =>
        `The target was \`${plus.target}\`, and you reported \`${values(plus, 'words')}\`. ` +
        'A + in a query is a space, as forms write it. decodeURIComponent() leaves it alone.',
    }),
  },
})

const headers = check('headers has each field in lower case, with all its values', everyRequest, {
  after: mirror,
  spec: 'RFC 9110 §5.3',
  reread: 'fields',

  verify: ({ browser: { post, field, token }, byHand: { fields } }, expect) => {
    expect(fields).toHaveStatus(200)
    expect(fields.report.headers, 'headers', fields).toBe(joinedFields(fields))
    expect(post.headers[field], `${field} in headers`, post).toBe(token)
  },

  diagnose: {
    'keeps-spelling': rule({
      when: ({ byHand: { fields } }) => Object.keys(fields.headers).filter(hasCapitals),
      say: (names) =>
        `You reported \`${names.join('`, `')}\`. The names of fields have no case: however a ` +
        'client spells X-Tag, it is one field, and a mirror gives it one name.',
    }),
    'last-field-wins': rule({
      when: ({ byHand: { fields } }) =>
        ['1', '3'].find((value) => value === fields.headers['x-tag']),
      say: (value) =>
        `X-Tag came three times, but you reported \`${value}\`. ` +
        'A mirror shows every line that came, in their order.',
    }),
    'drops-repeats-of-some': rule({
      when: ({ byHand: { fields, one, two } }) =>
        [one, two].find((value) => value === fields.headers['user-agent']),
      say: (value) =>
        `User-Agent came twice, but you reported \`${value}\`. In Node, \`request.headers\` ` +
        'keeps only one line of some fields, User-Agent among them; a mirror shows them all.',
    }),
  },
})

const bodyLength = check('bodyLength counts the bytes of the content', everyRequest, {
  after: mirror,
  spec: 'RFC 9112 §6.3',
  reread: 'line-ends',

  verify: ({ browser: { visit, post, later }, byHand: { chunked } }, expect) => {
    for (const each of [visit, post, later, chunked]) {
      expect(each).toHaveStatus(200)
      expect(each.report.bodyLength, 'bodyLength', each).toBe(each.bytes)
    }
  },

  diagnose: {
    'counts-too-early': rule({
      when: ({ browser: { post } }) => post.report.bodyLength === 0 && post,
      say: ({ bytes }) =>
        `${bytes} bytes came, but you counted none: you answered when only the head had ` +
        'arrived. The content comes after it, in pieces, until the request says that it ended.',
    }),
    'counts-characters': rule({
      when: ({ browser: { post, cups } }) => post.report.bodyLength === cups && post,
      say: (post, { browser: { cups } }) =>
        `${cups} ☕ came, three bytes each, but you counted ${cups}. ` +
        'You counted characters, and content is measured in bytes.',
    }),
    'adds-up': rule({
      when: ({ browser: { post, later } }) =>
        countsRight(post) && later.report.bodyLength === post.bytes + later.bytes && later,
      say: ({ bytes }, { browser: { post } }) =>
        `${post.bytes} bytes came, then ${bytes} with another request, and for that you reported ` +
        `${post.bytes + bytes}, the sum. A variable outside the handler serves all requests.`,
    }),
    'trusts-content-length': rule({
      when: ({ browser: { post }, byHand: { chunked } }) =>
        countsRight(post) && isReported(chunked) && !countsRight(chunked) && chunked,
      say: ({ bytes, report }) =>
        `${bytes} bytes came in chunks, without a Content-Length, but you reported ` +
        `\`${JSON.stringify(report.bodyLength)}\`. Count the content as it arrives.`,
    }),
  },
})

const absoluteForm = check(
  'Absolute targets and doubled slashes are taken apart correctly',
  byHand,
  {
    after: path,
    spec: 'RFC 9112 §3.2.2',
    reread: 'target',

    verify: ({ absolute, slashes, one, two, site }, expect) => {
      expect(absolute).toHaveStatus(200)
      expect(absolute.report.path, 'path', absolute).toBe(`/${one}/${two}`)
      expect(absolute.report.query, 'query', absolute).toBe({ x: ['1'] })
      expect(absolute.report.host, 'host', absolute).toBe(site)
      expect(slashes).toHaveStatus(200)
      expect(slashes.report.path, 'path', slashes).toBe(`//${one}/${two}`)
    },

    diagnose: {
      'absolute-as-path': rule({
        when: ({ absolute, site }) => absolute.path.includes(site) && absolute,
        say: ({ target, path }) =>
          `The target was \`${target}\`, a whole address, as clients send it to a proxy. ` +
          `You reported \`${path}\` as the path.`,
      }),
      'host-from-field': rule({
        when: ({ absolute }) => absolute.report.host === sentHost(absolute) && absolute,
        say: (absolute, { site }) =>
          `The target named ${site}, but you reported \`${sentHost(absolute)}\`, as Host did. ` +
          'When a target names a host, Host does not count.',
      }),
      'loses-port-of-target': rule({
        when: ({ absolute, site }) => absolute.report.host === withoutPort(site) && absolute,
        say: (absolute, { site }) =>
          `The target named ${site}, but you reported \`${withoutPort(site)}\`. The port is part ` +
          'of whom a request is for. In a URL object, `host` has it and `hostname` does not.',
      }),
      'slashes-begin-a-host': rule({
        when: ({ slashes, two }) => slashes.path === `/${two}` && slashes,
        say: ({ target, path }, { one }) =>
          `The target was \`${target}\`, but you reported \`${path}\`: you read \`${one}\` as a ` +
          'host. In a link it would be one, but a target is not a link.',
      }),
    },
  },
)

const badEscape = check('A broken percent escape gets 400, and the server lives on', badEscapes, {
  after: path,
  spec: 'RFC 9110 §15.5.1',
  reread: 'reject',

  verify: ({ bad, afterwards }, expect) => {
    for (const each of bad) expect(each).toHaveStatus(400)
    expect(afterwards).toHaveStatus(200)
  },

  diagnose: {
    'blames-itself': rule({
      when: ({ notRefused }) => (status(notRefused) ?? 0) >= 500 && notRefused,
      say: (exchange) =>
        `You answered ${status(exchange)}, which says that your server failed. ` +
        'The request was wrong, and the statuses from 400 on say that.',
    }),
    'reports-it-raw': rule({
      when: ({ notRefused }) => notRefused && isReported(notRefused) && notRefused,
      say: ({ target, path }) =>
        `\`${target}\` cannot be decoded, but you reported the path \`${path}\`. ` +
        'Whatever reads that believes that your guess was sent.',
    }),
  },
})

export default { mirror, path, queryArrays, headers, bodyLength, absoluteForm, badEscape }
