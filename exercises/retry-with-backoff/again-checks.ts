import { check, rule, sentField } from '#grader'
import {
  commonOf,
  contentOf,
  failuresOf,
  hasRejected,
  isResultRight,
  listed,
  NOT_SENT,
  onlyOf,
  resultOf,
  rightResult,
  seen,
  sent,
  statusGiven,
} from './reading.ts'
import { failures } from './scenarios.ts'
import type { Row } from './server.ts'
import { hasKey, shortOf, type LostStep } from './steps.ts'

export const recovers = check('What fails for a moment is sent again until it works', failures, {
  spec: 'RFC 9110 §9.2.2',
  reread: 'retry',

  verify: ({ temporary }, expect) =>
    expect.each(temporary, (row, expect) => {
      expect(row.asked.length, 'requests', seen(row)).toBe(row.times)
      expect(resultOf(row), 'result', seen(row)).toBe(rightResult(row))
    }),

  diagnose: {
    'never-again': rule({
      // This is the task.
      alsoEarnedBy: ['stub'],
      when: ({ temporary }) => temporary.every(({ asked }) => asked.length === 1),
      say:
        'Every request was sent once, whatever came of it. The second or third try would have worked: ' +
        'the failures were over by then.',
    }),
    'older-answer': rule({
      when: ({ temporary }) =>
        temporary.every(({ asked, times }) => asked.length === times) &&
        temporary.find(
          (row) => !isResultRight(row) && statusGiven(row) !== row.asked.at(-1)?.response?.status,
        ),
      say: (row) =>
        `The request was sent again, and the last answer was a ${row.asked.at(-1)?.response?.status}. But ` +
        `sendWithRetry gave ${resultOf(row)}. Its caller wants what came in the end.`,
    }),
    'gives-half': rule({
      when: ({ temporary }) =>
        onlyWrong(
          temporary,
          (row) => failuresOf(row).includes('broken') && isHalfGiven(row),
          (row) => failuresOf(row).includes('broken'),
        ),
      say: ([row]) =>
        `The connection ended in the middle of the content, and you gave the first half as the answer: ` +
        `${resultOf(row!)}. Content-Length had announced twice as much, so this is a lost answer.`,
    }),
    'one-more-try': rule({
      when: ({ temporary }) => onlyWrong(temporary, (row) => failuresOf(row).length > 1),
      say: ([row]) =>
        `After one failure you sent the request again. After two it wasn't sent a third time: here ` +
        `${listed(failuresOf(row!).map(asFailure))} came first. Up to \`tries\` requests may be sent.`,
    }),
    'lost-kept': rule({
      when: ({ temporary }) => onlyWrong(temporary, (row) => failuresOf(row).some(isLoss)),
      say:
        'After a status such as 503 you sent the request again, but not after a lost connection. Then there is ' +
        'no answer to look at, only an error, and that one has to lead to another try as well.',
    }),
    'key-spelled': rule({
      when: ({ temporary }) => onlyWrong(temporary, ({ headers }) => 'idempotency-key' in headers),
      say: ([row]) =>
        `This ${row!.method} has a key, under the name \`idempotency-key\`. As \`Idempotency-Key\` you ` +
        'found it in the others, but names of fields have no case.',
    }),
    'key-overlooked': rule({
      when: ({ temporary }) =>
        onlyWrong(temporary, (row) => hasKey(row) && failuresOf(row).some((each) => each !== 429)),
      say: ([row]) =>
        `This ${row!.method} has an Idempotency-Key, and you sent it once. The key lets the server see that ` +
        'the second one is the same, so it may be repeated like a PUT.',
    }),
    'refusal-kept': rule({
      when: ({ temporary }) => onlyWrong(temporary, isPlainPost),
      say: ([row]) =>
        `429 came after a ${row!.method} without a key, and you left it at that. But 429 says that the server ` +
        'refused the request, so nothing was done, and sending it again is safe.',
    }),
    'methods-left': rule({
      when: ({ temporary }) => commonOf(temporary, isLeft, ({ method }) => [method]),
      say: (methods) =>
        `No ${listed(methods)} was sent again as it should have been, while other methods were. The table in the task ` +
        'says which methods may be repeated.',
    }),
    'statuses-left': rule({
      when: ({ temporary }) => commonOf(temporary, isLeft, failuresOf),
      say: (outcomes) =>
        `You sent requests again after other failures, but not after ${listed(outcomes.map(asFailure))}. ` +
        'That, too, is over after a while.',
    }),
  },
})

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
      expect.each(unsafe, (row, expect) => {
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

function isLeft({ asked, times }: Row): boolean {
  return asked.length < times
}

function onlyWrong(
  rows: readonly Row[],
  isMeant: (row: Row) => boolean,
  isEither: (row: Row) => boolean = isMeant,
): Row[] | undefined {
  const meant = onlyOf(rows, isLeft, isEither)
  return meant?.every(isMeant) ? meant : undefined
}

/** Whether what came before the connection ended was given as the answer. */
function isHalfGiven(row: Row): boolean {
  const at = row.steps.findIndex(({ kind }) => kind === 'broken')
  return row.asked.length === at + 1 && row.call.error === null
}

function isLoss(outcome: unknown): boolean {
  return typeof outcome !== 'number'
}

function asFailure(outcome: unknown): string {
  return LOSSES[outcome as LostStep['kind']] ?? String(outcome)
}

const LOSSES: Readonly<Record<LostStep['kind'], string>> = {
  reset: 'a connection that was reset',
  closed: 'a connection that was closed without an answer',
  broken: 'an answer that broke off in its content',
}

function isPlainPost(row: Row): boolean {
  return ['POST', 'PATCH'].includes(row.method) && !hasKey(row)
}

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
