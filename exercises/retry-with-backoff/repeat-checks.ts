import { check, rule, sentField } from '#grader'
import { recovers } from './again-checks.ts'
import {
  calledOf,
  contentOf,
  hasRejected,
  isLoss,
  NOT_SENT,
  onlyOf,
  resultOf,
  rightResult,
  seen,
  sent,
} from './reading.ts'
import { failures } from './scenarios.ts'
import type { Row } from './server.ts'
import { shortOf } from './steps.ts'

export const sameRequest = check('Each try sends the whole request', failures, {
  after: recovers,
  reread: 'retry',

  verify: ({ temporary }, expect) =>
    expect.each(temporary.filter(hasMore), (row, expect) => {
      for (const [index, exchange] of row.asked.entries()) {
        const which = `in request ${index + 1}`
        for (const [name, value] of Object.entries(row.headers))
          expect(sentField(exchange, name) ?? NOT_SENT, `${name} ${which}`, sent(exchange)).toBe(
            value,
          )
        expect(contentOf(exchange), `the content ${which}`, sent(exchange)).toBe(row.body ?? '')
      }
    }),

  diagnose: {
    'new-key': rule({
      when: ({ temporary }) => {
        const wrong = temporary.flatMap(({ asked, headers }) =>
          keysOf(headers).flatMap(([name, key]) =>
            asked.filter((exchange) => (sentField(exchange, name) ?? key) !== key),
          ),
        )
        return wrong[0]
      },
      say: (exchange) =>
        `This try came with another key, \`${sentField(exchange, 'Idempotency-Key')}\`. To the server that is ` +
        'another order, so it does the work a second time. A key belongs to the work and not to the try.',
    }),
    'content-lost': rule({
      when: ({ temporary }) =>
        temporary
          .filter(hasMore)
          .flatMap(({ asked, body = '' }) => asked.filter((each) => contentOf(each) !== body))[0],
      say: 'This try came with other content than was given. Each try is a request of its own, and needs all of it.',
    }),
    'fields-lost': rule({
      when: ({ temporary }) =>
        temporary.flatMap(({ asked, headers }) =>
          asked.filter((exchange) =>
            Object.entries(headers).some(([name, value]) => sentField(exchange, name) !== value),
          ),
        )[0],
      say:
        'This try came without fields that were given. A server knows nothing of the try before: without ' +
        'its fields, this is another request.',
    }),
  },
})

export const onlySafe = check(
  'Without a key, POST and PATCH are repeated only after 429',
  failures,
  {
    after: recovers,
    spec: 'RFC 9110 §9.2.2',
    reread: 'retry',

    verify: ({ unsafe }, expect) =>
      expect.each(calledOf(unsafe), (row, expect) => {
        expect(row.asked.length, 'requests', seen(row)).toBe(row.times)
        if (isLoss(shortOf(row.steps[row.times - 1]!)))
          expect(hasRejected(row) ? 'an error' : resultOf(row), 'result', seen(row)).toBe(
            'an error',
          )
        else expect(resultOf(row), 'result', seen(row)).toBe(rightResult(row))
      }),

    diagnose: {
      'patch-repeated': rule({
        when: ({ unsafe }) => onlyRepeated(unsafe, ({ method }) => method === 'PATCH'),
        say:
          'You kept POST from being repeated, but sent this PATCH again. A PATCH may say "two fewer", and two fewer ' +
          'twice are four fewer. So it needs a key, like POST.',
      }),
      'posts-after-loss': rule({
        when: ({ unsafe }) => onlyRepeated(unsafe, endsInLoss),
        say: ([row]) =>
          `The connection was lost, and you sent the ${row!.method} again. The server had received the first one: ` +
          'only its answer got lost. So the work may be done twice.',
      }),
      'posts-after-status': rule({
        when: ({ unsafe }) => onlyRepeated(unsafe, (row) => !endsInLoss(row)),
        say: ([row]) =>
          `After ${row!.asked[row!.times - 1]?.response?.status} you sent the ${row!.method} again. ` +
          'Such an answer may come from a gateway in between, while the server behind it goes on with the work. Only 429 ' +
          'says that nothing was done.',
      }),
      'posts-repeated': rule({
        when: ({ unsafe }) => unsafe.find(isRepeated),
        say: ({ method }) =>
          `You sent this ${method} again. It has no key, so the server can't know that both are the same, and may do the work ` +
          'twice.',
      }),
      'no-answer-given': rule({
        when: ({ unsafe }) => unsafe.find((row) => endsInLoss(row) && !hasRejected(row)),
        say: (row) =>
          `No whole answer came, but sendWithRetry gave ${resultOf(row)}. Only the server sends a status. ` +
          'Reject then, because nobody here knows what came of the request.',
      }),
    },
  },
)

function hasMore({ headers }: Row): boolean {
  return Object.keys(headers).length > 0
}

function keysOf(headers: Row['headers']): [string, string][] {
  return Object.entries(headers).filter(([name]) => name.toLowerCase() === 'idempotency-key')
}

function isRepeated({ asked, times }: Row): boolean {
  return asked.length > times
}

function onlyRepeated(rows: readonly Row[], isMeant: (row: Row) => boolean): Row[] | undefined {
  return onlyOf(rows, isRepeated, isMeant)
}

function endsInLoss({ steps, times }: Row): boolean {
  return isLoss(shortOf(steps[times - 1]!))
}
