import { between, check, field, hasStatus, rule, status, together, type } from '#grader'
import {
  answeredWith,
  gives,
  hasField,
  isEmptyList,
  justJson,
  LONGEST_ADDRESS,
  lengthOf,
  queryTypes,
  saidOf,
} from './answers.ts'
import { addresses, longList, visit } from './scenarios.ts'

const JSON_TYPE = type('application/json')

export const findsByAddress = check(
  'GET finds the parts whose codes are in its address',
  addresses,
  {
    spec: 'RFC 9110 §9.3.1',
    reread: 'safe',

    verify: ({ rows }, expect) => {
      expect.each(rows, ({ exchange, found }, expect) => {
        expect(exchange).toHaveStatus(200).toHaveHeader('Content-Type', JSON_TYPE).toHaveJson(found)
      })
    },

    diagnose: {
      'nothing-is-404': rule({
        when: ({ get, rows }) => hasStatus(200)(get) && answeredWith(rows, 404),
        say: ({ name }) =>
          `You answered a search for ${name} with 404, which says that nothing is at this address. ` +
          'The search is there, and its result is an empty list: 200 with `[]`.',
      }),
      'address-not-read': rule({
        alsoEarnedBy: ['stub'],
        when: ({ get }) => isEmptyList(get) && get,
        say:
          'The address asked for two codes of your catalogue, but your answer is an empty list. GET ' +
          'has no content: what it asks for is in its address, after the ?.',
      }),
      'first-code-alone': rule({
        when: ({ get, found }) => gives(get, found.slice(1)) && found[1],
        say: ({ code }) =>
          'The address asked for two codes of your catalogue and for another one, but your answer ' +
          `has only \`${code}\`, the first of them. A name may repeat in a query.`,
      }),
      'code-not-decoded': rule({
        when: ({ get, found }) => gives(get, found.slice(0, 1)) && found[1],
        say: ({ code }) =>
          `Your answer lacks \`${code}\`. In an address a space is written as + and a + as %2B, ` +
          'so a code has to be decoded before it is looked for.',
      }),
    },
  },
)

export const announced = check(
  'The answer to GET says in Accept-Query that JSON will do',
  addresses,
  {
    after: findsByAddress,
    spec: 'RFC 10008 §3',
    reread: 'query',

    verify: ({ get }, expect) => {
      expect(get).toHaveHeader('Accept-Query')
      expect(queryTypes(get), 'the types in Accept-Query', get).toBe(justJson)
    },

    diagnose: {
      'accept-in-place': rule({
        when: ({ get }) =>
          field(get, 'Accept-Query') === undefined && hasField(get, 'Accept') && get,
        say: (get) =>
          `Your answer said ${saidOf(get, 'Accept')}. Accept is about answers that a client takes. ` +
          'Which types a QUERY may have is said in a field of its own, Accept-Query.',
      }),
      'announces-more': rule({
        when: ({ get }) => queryTypes(get).length > 0 && get,
        say: (get) =>
          `Your answer said ${saidOf(get, 'Accept-Query')}. A client that believes it sends a type ` +
          'you refuse. The field is a list of the types that you take: application/json.',
      }),
      'not-announced': rule({
        when: ({ get }) => field(get, 'Accept-Query') === undefined && get,
        say:
          'Nothing in your answer says that this address takes QUERY too. A client that begins ' +
          'with GET or HEAD learns it from Accept-Query, without a query that fails.',
      }),
    },
  },
)

const FIELDS = ['Content-Type', 'Accept-Query']

export const headMirrors = check(
  'HEAD has the status and the fields of GET, and no content',
  addresses,
  {
    after: findsByAddress,
    spec: 'RFC 9110 §9.3.2',
    reread: 'head',

    verify: ({ get, head }, expect) => {
      expect(head).toHaveStatus(200).toHaveEmptyBody()
      expect(head.extra?.length ?? 0, 'bytes after the head of the answer', head).toBe(0)
      for (const name of FIELDS) {
        const value = field(get, name)
        if (value !== undefined) expect(head).toHaveHeader(name, value)
      }
      const length = field(head, 'Content-Length')
      if (length !== undefined) expect(head).toHaveHeader('Content-Length', lengthOf(get))
    },

    diagnose: {
      'head-refused': rule({
        when: ({ head }) => hasStatus(404, 405, 501)(head) && head,
        say: (head) =>
          `GET found parts at this address, but HEAD got ${status(head)}. HEAD asks what GET would ` +
          'answer, without the content, so every address with GET has HEAD as well.',
      }),
      'length-of-nothing': rule({
        when: ({ head }) => field(head, 'Content-Length') === '0' && head,
        say: (_, { get }) =>
          'HEAD got `Content-Length: 0`. The length is that of the content GET would bring, here ' +
          `${lengthOf(get)}, although HEAD itself brings none. ` +
          'You may also leave it out.',
      }),
      'head-without-fields': rule({
        when: ({ head, get }) =>
          hasStatus(200)(head) &&
          FIELDS.find((name) => hasField(get, name) && field(head, name) !== field(get, name)),
        say: (name, { get, head }) =>
          `GET got ${saidOf(get, name)}, and HEAD got ${saidOf(head, name)}. The fields are all ` +
          'that HEAD brings: a client asks with it to learn them.',
      }),
    },
  },
)

export const pageFinds = check(
  'The QUERY of your page got the parts that its content names',
  visit,
  {
    after: findsByAddress,
    spec: 'RFC 10008 §2',
    reread: 'query',

    verify: ({ query, found, shown, whatIsShown }, expect) => {
      expect(query).toHaveStatus(200).toHaveHeader('Content-Type', JSON_TYPE).toHaveJson(found)
      expect(shown.value, 'what the page shows', query).toBe(whatIsShown)
    },

    diagnose: {
      'query-not-known': rule({
        when: ({ query }) => hasStatus(404, 405, 501)(query) && query,
        say: (query) =>
          `Chromium sent QUERY /parts with the codes in its content, and got ${status(query)}. ` +
          'To Node, QUERY is a method like any other: `request.method` says it.',
      }),
      'sends-elsewhere': rule({
        when: ({ query }) => (status(query) ?? 0) >= 300 && (status(query) ?? 0) < 400 && query,
        say: (query) =>
          `You answered with ${status(query)}, so Chromium had to ask a second time. That is ` +
          'permitted for a QUERY, but here its own answer is to bring the parts.',
      }),
      'content-not-read': rule({
        when: ({ query }) => isEmptyList(query) && query,
        say:
          'The content named two codes of your catalogue, but your answer is empty. The address of ' +
          'a QUERY has no codes here: they are in the content.',
      }),
    },
  },
)

export const readWhole = check('A QUERY with 7,000 codes is read whole', longList, {
  after: pageFinds,
  spec: 'RFC 9112 §6.3',
  reread: 'query',

  verify: ({ long, found }, expect) => {
    expect(long).toHaveStatus(200).toHaveJson(found)
  },

  diagnose: {
    'first-piece-alone': rule({
      when: ({ long, short }) => hasStatus(200)(short) && hasStatus(400)(long) && long,
      say: (_, { kilobytes }) =>
        `A query with two codes got 200, but this one got 400. Its ${kilobytes} kB of JSON came ` +
        'in three pieces, and no piece is JSON by itself. Parse it when all of it is there.',
    }),
    'decodes-each-piece': rule({
      when: ({ long, found }) => gives(long, found.slice(0, 1)) && long,
      say: (_, { found }) =>
        `The content named \`${found[1]?.code}\`, too, but you didn't find it. One piece of the ` +
        'content ended between the two bytes of its Ø, and half a letter becomes \uFFFD. Join the ' +
        'bytes of all pieces first, and make one text of them at the end.',
    }),
  },
})

export const linked = check(
  'GET on the Location of a QUERY gives the same parts',
  together({ visit, longList }),
  {
    after: pageFinds,
    spec: 'RFC 10008 §2.4',
    reread: 'query',

    verify: ({ visit, longList }, expect) => {
      expect(visit.query).toHaveHeader('Location')
      const where = visit.followed ? 'on your server' : 'not on your server'
      expect(where, 'where Location leads', visit.query).toBe('on your server')
      expect(visit.followed).toHaveStatus(200).toHaveJson(visit.found)
      const { location, long } = longList
      if (location === undefined) return
      expect(location.length, 'characters of Location', long).toBe(between(1, LONGEST_ADDRESS))
      expect(longList.followed).toHaveStatus(200).toHaveJson(longList.found)
    },

    diagnose: {
      'content-location': rule({
        when: ({ visit: { query, location } }) =>
          location === undefined && hasField(query, 'Content-Location') && query,
        say: (query) =>
          `Your answer said ${saidOf(query, 'Content-Location')}. That is where this result can be ` +
          'fetched again. Location is where the search can be made again, with the stock of that day.',
      }),
      'not-linked': rule({
        when: ({ visit: { query, location } }) => location === undefined && query,
        say:
          'Your answer had no Location. A QUERY has its question in the content, so nobody can ' +
          'bookmark it or send it to a colleague; Location gives the address that asks the same.',
      }),
      'links-to-itself': rule({
        when: ({ visit: { followed } }) => isEmptyList(followed) && followed,
        say: (_, { visit: { location } }) =>
          `Your Location was \`${location}\`. GET there gave an empty list, because the codes are ` +
          'not in that address.',
      }),
      'link-in-part': rule({
        when: ({ longList: { followed, found } }) => gives(followed, found.slice(0, 1)) && followed,
        say: (_, { longList: { found } }) =>
          `The content named 7,000 codes, but GET on your Location did not give ` +
          `\`${found[1]?.code}\`. Location asks the whole question, or is left out.`,
      }),
      'link-not-encoded': rule({
        when: ({ visit: { followed, found } }) => gives(followed, found.slice(0, 1)) && followed,
        say: (_, { visit: { found, location } }) =>
          `GET on \`${location}\` did not give \`${found[1]?.code}\`. In a query, & separates, + is a ` +
          'space and % begins an escape, so each of them has to be encoded.',
      }),
    },
  },
)
