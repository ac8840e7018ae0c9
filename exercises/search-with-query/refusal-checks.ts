import { check, hasStatus, matching, rule, status } from '#grader'
import {
  allowed,
  answeredWith,
  justJson,
  lacking,
  namesAllThree,
  queryTypes,
  saidOf,
} from './answers.ts'
import { oddContent, oddTypes, threeMethods } from './scenarios.ts'
import { pageFinds } from './search-checks.ts'

export const otherTypes = check(
  'JSON is taken with its charset, and any other media type gets 415',
  oddTypes,
  {
    after: pageFinds,
    spec: 'RFC 10008 §2.1',
    reread: 'query',

    verify: ({ parameters, found, others, untyped }, expect) => {
      expect(parameters).toHaveStatus(200).toHaveJson(found)
      expect.each(others, ({ exchange }, expect) => {
        expect(exchange).toHaveStatus(415).toHaveHeader('Accept-Query')
        expect(queryTypes(exchange), 'the types in Accept-Query', exchange).toBe(justJson)
      })
      expect(untyped).toHaveStatus(
        matching('400 or 415', (got: number) => got === 400 || got === 415),
      )
    },

    diagnose: {
      'compares-parameters': rule({
        when: ({ parameters }) => hasStatus(415, 400)(parameters) && parameters,
        say: (parameters) =>
          `\`Content-Type: Application/JSON; charset=UTF-8\` got ${status(parameters)}. A media type ` +
          'has no case, and what follows the ; are parameters: this is application/json.',
      }),
      'begins-alike': rule({
        when: ({ others: [form, jsonPath] }) =>
          hasStatus(415)(form?.exchange) && !hasStatus(415)(jsonPath?.exchange) && jsonPath,
        say: ({ exchange }) =>
          `\`application/jsonpath\` got ${status(exchange)}. The name only begins like ` +
          'application/json. It is another language, and your server knows nothing of it.',
      }),
      'takes-any-type': rule({
        when: ({ others }) => answeredWith(others, 200),
        say: ({ name }) =>
          `\`Content-Type: ${name}\` got 200, so you read the content as JSON. ` +
          'Its type says how the sender meant it, and it is not for the server to guess.',
      }),
      'types-are-400': rule({
        when: ({ others }) => answeredWith(others, 400, 406, 422),
        say: ({ name, exchange }) =>
          `\`Content-Type: ${name}\` got ${status(exchange)}, as if something were wrong with the ` +
          'content. 415 says that the type is what you do not take.',
      }),
      'refuses-without-remedy': rule({
        when: ({ others }) => others.find(({ exchange }) => queryTypes(exchange).length === 0),
        say: ({ name }) =>
          `You refused \`${name}\` with 415, but no Accept-Query says which type you take. ` +
          'The client knows that it failed, and not what to do about it.',
      }),
      'assumes-json': rule({
        when: ({ untyped }) => hasStatus(200)(untyped) && untyped,
        say:
          'A QUERY came without a Content-Type, and you took its content for JSON. Its type is part ' +
          'of the question: without it, the request has to fail.',
      }),
    },
  },
)

export const unusable = check(
  'What is not JSON gets 400, and JSON without a list of texts 422',
  oddContent,
  {
    after: pageFinds,
    spec: 'RFC 10008 §2.1',
    reread: 'query',

    verify: ({ rows, afterwards, found }, expect) => {
      expect.each(rows, ({ exchange, right }, expect) => {
        expect(exchange).toHaveStatus(right)
      })
      expect(afterwards).toHaveStatus(200).toHaveJson(found)
    },

    diagnose: {
      'fault-of-the-server': rule({
        when: ({ rows }) => answeredWith(rows, 500),
        say: ({ name }) =>
          `${name} got 500, which says that the server failed and that the same query may work ` +
          'later. It never will: the client has to change it first, so the status is a 4xx.',
      }),
      'nothing-found': rule({
        when: ({ rows }) => answeredWith(rows, 200),
        say: ({ name }) =>
          `${name} got 200, as if there had been a search. ` +
          'The client never learns that you did not understand its query.',
      }),
      'all-400': rule({
        when: ({ rows }) => rows.find((row) => row.right === 422 && hasStatus(400)(row.exchange)),
        say: ({ name }) =>
          `${name} got 400. The content was what its Content-Type says, and you could read it; only ` +
          'its meaning is of no use. 422 tells the client to look there.',
      }),
      'all-422': rule({
        when: ({ rows }) => rows.find((row) => row.right === 400 && hasStatus(422)(row.exchange)),
        say: ({ name }) =>
          `${name} got 422, which is about the meaning of content that could be read. This could ` +
          'not: its Content-Type said JSON, and it was not. That is 400.',
      }),
    },
  },
)

export const otherMethods = check(
  'Other methods get 405, and Allow names what works',
  threeMethods,
  {
    after: pageFinds,
    spec: 'RFC 9110 §15.5.6',
    reread: 'query',

    verify: (rows, expect) => {
      expect.each(rows, ({ exchange }, expect) => {
        expect(exchange).toHaveStatus(405).toHaveHeader('Allow')
        expect(allowed(exchange), 'the methods in Allow', exchange).toBe(namesAllThree)
      })
    },

    diagnose: {
      'post-searches': rule({
        when: (rows) => rows.find(({ exchange }) => hasStatus(200)(exchange)),
        say: ({ name }) =>
          `You answered ${name} as if it were QUERY. But ${name} may change something, so no cache ` +
          'answers it, and nobody on the way repeats it. 405 shows the client the better way.',
      }),
      'methods-are-404': rule({
        when: (rows) => answeredWith(rows, 404),
        say: ({ name }) =>
          `${name} /parts got 404, which says that nothing is at this address. Something is, but ` +
          'not for this method: 405, and Allow names those that work.',
      }),
      'refuses-without-allow': rule({
        when: (rows) =>
          rows.find(({ exchange }) => hasStatus(405)(exchange) && allowed(exchange).length === 0),
        say: ({ name }) =>
          `${name} got 405 without Allow. Each 405 has to say which methods this address takes, ` +
          'so that the client can choose one of them.',
      }),
      'allow-incomplete': rule({
        when: (rows) =>
          rows.find(({ exchange }) => hasStatus(405)(exchange) && lacking(exchange).length > 0),
        say: ({ exchange }) =>
          `${saidOf(exchange, 'Allow')} leaves out ${lacking(exchange).join(' and ')}, which your ` +
          'server answers. Methods are written in capitals, with commas between them.',
      }),
    },
  },
)
