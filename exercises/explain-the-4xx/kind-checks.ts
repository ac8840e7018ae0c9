import {
  check,
  field,
  hasStatus,
  isAnswered,
  matching,
  path,
  rule,
  status,
  text,
  type Exchange,
} from '#grader'
import { allowed, isIn, leftOut } from './answers.ts'
import { asked } from './scenarios.ts'

export const kinds = check(
  'Published, unknown, removed and malformed addresses are told apart',
  asked,
  {
    spec: 'RFC 9110 §15.5.1, §15.5.5, §15.5.11',
    reread: 'choose',

    verify: ({ addresses }, expect) => {
      expect.each(addresses, ({ wanted, exchange }, expect) => {
        expect(exchange).toHaveStatus(wanted)
      })
    },

    diagnose: {
      'error-in-200': rule({
        when: ({ never }) => never && isPage(never.exchange) && never,
        say: ({ exchange }) =>
          `GET ${path(exchange)} got 200, although no article has this slug. A search engine goes ` +
          'by the status, so it would list this page. A page that says "not found" needs the ' +
          'status 404.',
      }),
      'gone-is-404': rule({
        alsoEarnedBy: ['stub'],
        when: ({ removed }) => hasStatus(404)(removed?.exchange ?? null) && removed,
        say: ({ exchange }) =>
          `GET ${path(exchange)} got 404, but this slug is in REMOVED. After 404 a search engine ` +
          'comes back and tries again, because the page may appear one day. 410 says that it was ' +
          'removed for good.',
      }),
      'part-is-found': rule({
        when: ({ never, part }) =>
          hasStatus(404)(never?.exchange ?? null) && hasStatus(200)(part?.exchange ?? null) && part,
        say: ({ exchange }, { published }) =>
          `GET ${path(exchange)} got 200, but only ${path(published?.exchange ?? null)} is ` +
          'published. Compare the whole slug: a text such as SLUGS includes each part of itself.',
      }),
      'malformed-is-404': rule({
        when: ({ malformed }) => malformed.find(({ exchange }) => hasStatus(404)(exchange)),
        say: ({ exchange }) =>
          `GET ${path(exchange)} got 404. No slug looks like this, so no article can ever be here, ` +
          'and the client has to correct the address: 400. Look at the form of the slug before ' +
          'you look it up.',
      }),
    },
  },
)

export const allow = check(
  'A method that does not work on an article gets 405, and Allow names those that do',
  asked,
  {
    after: kinds,
    spec: 'RFC 9110 §15.5.6, §10.2.1',
    reread: 'choose',

    verify: ({ methods, elsewhere }, expect) => {
      expect.each([...methods, ...elsewhere], ({ wanted, exchange }, expect) => {
        expect(exchange).toHaveStatus(wanted)
        if (wanted !== 405) return
        expect(exchange).toHaveHeader('Allow')
        const list = allowed(exchange).join(', ')
        expect(list, 'the methods in Allow', exchange).toBe(whatWorks)
      })
    },

    diagnose: {
      'lets-through': rule({
        when: ({ methods }) => methods.find(({ exchange }) => isIn(2, exchange)),
        say: ({ name, exchange }) =>
          `${name} got ${status(exchange)}, so its client believes that your server did what ` +
          `${name} asks for. Only GET and HEAD work on an article.`,
      }),
      'method-is-404': rule({
        when: ({ methods }) => methods.find(({ exchange }) => hasStatus(404)(exchange)),
        say: ({ name, exchange }) =>
          `${name} ${path(exchange)} got 404, but an article is there. It is the method that the ` +
          'client has to change: 405, with the methods that work in Allow.',
      }),
      'method-first': rule({
        when: ({ elsewhere }) => elsewhere.find(({ exchange }) => hasStatus(405)(exchange)),
        say: ({ exchange, wanted }) =>
          `${exchange?.request.method} ${path(exchange)} got 405, which says that another method ` +
          `would work. But no method works there, and GET gets ${wanted}. Look for the article ` +
          'first and at the method after that.',
      }),
      'without-allow': rule({
        when: ({ methods }) =>
          methods.find(
            ({ exchange }) => hasStatus(405)(exchange) && field(exchange, 'Allow') === undefined,
          ),
        say: ({ name }) =>
          `${name} got 405 without Allow. A client that used a wrong method needs to know which are ` +
          'right, so each 405 has to name them.',
      }),
    },
  },
)

const REFUSED = ['POST', 'PUT', 'DELETE']

const whatWorks = matching('GET, HEAD', (list: string) => {
  const methods = list.split(', ')
  return leftOut(methods).length === 0 && refusedIn(methods).length === 0
})

function refusedIn(methods: readonly string[]): string[] {
  return methods.filter((method) => REFUSED.includes(method))
}

function isPage(of: Exchange | null): boolean {
  return hasStatus(200)(of) && isAnswered(of) && text(of) !== ''
}
