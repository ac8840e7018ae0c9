import { bytesExhibit, check, hasStatus, hasType, path, rule, status, type } from '#grader'
import { dotsRefused, isIn, problemOf, typeInWords } from './answers.ts'
import { kinds } from './kind-checks.ts'
import { asked, broken } from './scenarios.ts'
import { problem } from './word-checks.ts'

export const headErrors = check('HEAD gets the status of GET, and no content', asked, {
  after: kinds,
  spec: 'RFC 9110 §9.3.2',
  reread: 'choose',

  verify: ({ heads }, expect) => {
    expect.each(heads, ({ name, wanted, exchange, content }, expect) => {
      expect(exchange).toHaveStatus(wanted)
      const head = exchange?.response?.head ?? new Uint8Array()
      const sent = Buffer.concat([head, content])
      const where = bytesExhibit(`What you sent after HEAD: ${name}`, sent, head.length)
      expect(content.length, 'bytes after the empty line', where).toBe(0)
    })
  },

  diagnose: {
    'head-refused': rule({
      when: ({ heads }) => heads.find(({ exchange }) => hasStatus(405)(exchange)),
      say: ({ exchange, wanted }) =>
        `HEAD ${path(exchange)} got 405, and GET gets ${wanted}. A link checker asks with HEAD ` +
        'first. HEAD works wherever GET does, with the same status.',
    }),
  },
})

export const alive = check(
  'Broken escapes get 400 and are explained, and the server goes on',
  broken,
  {
    after: problem,
    spec: 'RFC 9110 §15.5.1, RFC 3986 §2.1',
    reread: 'choose',

    verify: ({ escapes, dots, after }, expect) => {
      expect.each(escapes, ({ wanted, exchange }, expect) => {
        expect(exchange)
          .toHaveStatus(wanted)
          .toHaveHeader('Content-Type', type('application/problem+json'))
          .toHaveJson(problemOf(wanted))
      })
      expect(dots).toHaveStatus(dotsRefused)
      expect(after).toHaveStatus(200)
    },

    diagnose: {
      'broken-is-500': rule({
        when: ({ escapes }) => escapes.find(({ exchange }) => isIn(5, exchange)),
        say: ({ exchange }) =>
          `GET ${path(exchange)} got ${status(exchange)}, which says that your server has failed. ` +
          'But the address is broken, and only the client can correct it: 400.',
      }),
      'broken-unexplained': rule({
        when: ({ escapes }) =>
          escapes.find(
            ({ exchange }) =>
              hasStatus(400)(exchange) && !hasType('application/problem+json')(exchange),
          ),
        say: ({ exchange }) =>
          `GET ${path(exchange)} got 400, but the answer ${typeInWords(exchange)}, although the ` +
          'client accepts JSON only. Let this error take the same way as your others, and become a ' +
          'problem document.',
      }),
    },
  },
)
