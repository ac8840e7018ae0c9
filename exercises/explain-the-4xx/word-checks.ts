import {
  check,
  hasStatus,
  hasType,
  path,
  rule,
  sentField,
  status,
  type,
  type Exchange,
} from '#grader'
import { explaining, isEmpty, problemIn, problemOf, showing, typeInWords } from './answers.ts'
import { kinds } from './kind-checks.ts'
import { asked, opened } from './scenarios.ts'

export const ownPages = check(
  'Chromium showed the article, and your own page for each error',
  opened,
  {
    after: kinds,
    spec: 'RFC 9110 §15.5',
    reread: 'problem',

    verify: ({ slug, article, errors }, expect) => {
      expect.each([article, ...errors], ({ wanted, exchange, body }, expect) => {
        expect(exchange).toHaveStatus(wanted).toHaveHeader('Content-Type', type('text/html'))
        expect(body).toGive(wanted === 200 ? showing(slug) : explaining(wanted))
      })
    },

    diagnose: {
      'empty-page': rule({
        when: ({ errors }) => errors.find(({ exchange }) => isEmpty(exchange)),
        say: ({ exchange }) =>
          `GET ${path(exchange)} got ${status(exchange)} without content, so your server explained ` +
          'nothing to the reader. An error has content, too: send a page after the head.',
      }),
      'json-for-people': rule({
        when: ({ errors }) =>
          errors.find(({ exchange }) => problemIn(exchange) && !hasType('text/html')(exchange)),
        say: ({ exchange }) =>
          `GET ${path(exchange)} was answered with JSON, and that is what the reader saw. Chromium's ` +
          'Accept names text/html, so send it a page.',
      }),
    },
  },
)

export const problem = check(
  'A program gets each error as a problem document with the status of the answer',
  asked,
  {
    after: kinds,
    spec: 'RFC 9457 §3.1',
    reread: 'problem',

    verify: ({ problems, article, never }, expect) => {
      // Which status a wrong method gets is judged by itself.
      const judged = problems.filter(
        ({ wanted, exchange }) => wanted !== 405 || hasStatus(405)(exchange),
      )
      expect.each(judged, ({ wanted, exchange }, expect) => {
        expect(exchange)
          .toHaveStatus(wanted)
          .toHaveHeader('Content-Type', type('application/problem+json'))
          .toHaveJson(problemOf(wanted))
      })
      expect(article).toHaveStatus(200).toHaveHeader('Content-Type', type('text/html'))
      // It is Accept that chooses, and not whether the client looks like a browser.
      expect(never?.exchange ?? null).toHaveHeader('Content-Type', type('text/html'))
    },

    diagnose: {
      'problem-in-200': rule({
        when: ({ problems }) =>
          problems.find(({ exchange }) => hasStatus(200)(exchange) && problemIn(exchange)),
        say: ({ exchange }) =>
          `GET ${path(exchange)} got 200 with a document about an error. Programs, proxies and ` +
          'monitors go by the status, so they take this for a success. The document explains ' +
          'the status and does not replace it.',
      }),
      'page-for-programs': rule({
        when: ({ problems }) => problems.find(({ exchange }) => hasType('text/html')(exchange)),
        say: ({ exchange }) =>
          `${asWritten(exchange)} said \`Accept: ${sentField(exchange, 'Accept')}\` and got an HTML page. A ` +
          'program cannot read that. Send it a problem document instead.',
      }),
      'plain-json': rule({
        when: ({ problems }) =>
          problems.find(
            ({ exchange }) => problemIn(exchange) && !hasType('application/problem+json')(exchange),
          ),
        say: ({ exchange }) =>
          `The answer to ${asWritten(exchange)} has JSON, but it ${typeInWords(exchange)}. With ` +
          '`application/problem+json` a program knows what the members mean, whichever server ' +
          'sent them.',
      }),
      'another-status': rule({
        when: ({ problems }) =>
          problems.find(({ wanted, exchange }) => {
            const problem = problemIn(exchange)
            return hasStatus(wanted)(exchange) && problem && problem.status !== wanted
          }),
        say: ({ exchange, wanted }) =>
          `The status of the answer is ${wanted}, but the document has ` +
          (problemIn(exchange)?.status === undefined
            ? 'no member "status"'
            : `"status": ${JSON.stringify(problemIn(exchange)?.status)}`) +
          `. It has to be the number ${wanted}, so that a program that keeps only the document ` +
          'knows it, too.',
      }),
    },
  },
)

function asWritten(exchange: Exchange | null): string {
  return `${exchange?.request.method} ${path(exchange)}`
}
