import { check, rule } from '#grader'
import {
  bodyGiven,
  calledOf,
  commonOf,
  failuresOf,
  hasRejected,
  isLoss,
  isResultRight,
  listed,
  onlyOf,
  resultOf,
  rightResult,
  seen,
  statusGiven,
} from './reading.ts'
import { failures } from './scenarios.ts'
import { hasNoEnd, type Row } from './server.ts'
import { hasKey, shortOf, type LostStep } from './steps.ts'

export const recovers = check('What fails for a moment is sent again until it works', failures, {
  spec: 'RFC 9110 §9.2.2',
  reread: 'retry',

  verify: ({ temporary }, expect) =>
    expect.each(calledOf(temporary), (row, expect) => {
      expect(row.asked.length, 'requests', seen(row)).toBe(row.times)
      expect(resultOf(row), 'result', seen(row)).toBe(rightResult(row))
    }),

  diagnose: {
    'has-no-end': rule({
      alsoEarnedBy: ['never-settles', 'endless-loop'],
      when: ({ temporary }) => {
        const row = temporary.find(isLeft)
        return row && hasNoEnd(row.call) && row
      },
      say: (row) =>
        `The last that came was ${lastOf(row)}. Then sendWithRetry neither gave a result nor rejected, so its caller waits for ` +
        `ever. No further call was made.${endsBroken(row) ? ' A stream that breaks off has an `error` and no `end`.' : ''}`,
    }),
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
    'not-text': rule({
      when: ({ temporary }) =>
        temporary.find(
          (row) =>
            row.asked.length === row.times &&
            statusGiven(row) === row.asked.at(-1)?.response?.status &&
            typeof bodyGiven(row) !== 'string',
        ),
      say: (row) =>
        `The status is right, but \`body\` is ${kindOf(bodyGiven(row))}. The caller wants the content as a text.`,
    }),
    'tries-missing': rule({
      when: ({ temporary }) => onlyWithoutTries(temporary),
      say:
        '`tries` was left out here, and `base` was given. Calls with `tries` went well after the same failures. A default for ' +
        'the whole of `limits` holds only when all of it is left out, so give each member a default of its own.',
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
    'content-uncaught': rule({
      when: ({ temporary }) => {
        const cut = temporary.filter((row) => failuresOf(row).includes('broken'))
        return isBrokenOff(temporary.find(isLeft)) && cut.every(isBrokenOff) && cut
      },
      say:
        'The head of the answer had come when the connection ended in the middle of the content, and sendWithRetry rejected. ' +
        'Reading the content belongs to the try, so its error has to lead to another try as well.',
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
      when: ({ temporary }) => onlyWrong(temporary, ({ headers }) => LOWERED in headers),
      say: ([row]) =>
        `This ${row!.method} has a key, under the name \`${LOWERED}\`. As \`${USUAL}\` you found it in the others. ` +
        'Names of fields are the same in upper and lower case.',
    }),
    'key-lowered': rule({
      when: ({ temporary }) =>
        onlyWrong(
          temporary,
          (row) => USUAL in row.headers && failuresOf(row).some((each) => each !== 429),
        ),
      say: ([row]) =>
        `This ${row!.method} has a key, under the name \`${USUAL}\`. As \`${LOWERED}\` you found it in the others. ` +
        'The names come as they were given: compare them without regard to upper and lower case.',
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

/** Whether an answer broke off in its content, and sendWithRetry rejected. */
function isBrokenOff(row: Row | undefined): boolean {
  return row !== undefined && isLeft(row) && endsBroken(row) && hasRejected(row)
}

/** The rows that are wrong, if `tries` is left out in all, and with it the same method came past the same failures. */
function onlyWithoutTries(rows: readonly Row[]): Row[] {
  const wrong = rows.filter((row) => !isResultRight(row))
  const given = rows.filter(({ limits }) => limits?.tries !== undefined)
  const isFine = given.length > 0 && given.every(isResultRight)
  const isSame = (row: Row) =>
    given.some(
      (other) =>
        other.method === row.method &&
        failuresOf(row).every((each) => failuresOf(other).includes(each)),
    )
  return isFine && wrong.some(isSame) ? wrong : []
}

function lastOf({ asked, steps }: Row): string {
  const last = shortOf(steps[asked.length - 1] ?? steps.at(-1)!)
  return isLoss(last) ? asFailure(last) : `an answer with ${last}`
}

function endsBroken({ asked, steps }: Row): boolean {
  return steps[asked.length - 1]?.kind === 'broken'
}

function kindOf(body: unknown): string {
  if (body === undefined) return 'missing'
  if (typeof body !== 'object') return `a ${typeof body}`
  return Buffer.isBuffer(body) || body instanceof Uint8Array ? 'a Buffer' : 'an object'
}

const USUAL = 'Idempotency-Key'
const LOWERED = 'idempotency-key'

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
