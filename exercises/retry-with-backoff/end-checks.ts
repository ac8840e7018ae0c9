import { check, rule } from '#grader'
import { recovers } from './again-checks.ts'
import {
  anError,
  calledOf,
  counted,
  endsLost,
  hasRejected,
  onlyOf,
  resultOf,
  rightResult,
  seen,
  statusGiven,
} from './reading.ts'
import { contents, failures } from './scenarios.ts'
import { ENOUGH, type Row } from './server.ts'
import { shortOf } from './steps.ts'

export const finalAnswers = check(
  'Every other answer is the result, and asked for once',
  failures,
  {
    after: recovers,
    spec: 'RFC 9110 §15.5',
    reread: 'retry',

    verify: ({ final }, expect) =>
      expect.each(calledOf(final), (row, expect) => {
        expect(row.asked.length, 'requests', seen(row)).toBe(row.times)
        expect(resultOf(row), 'result', seen(row)).toBe(rightResult(row))
      }),

    diagnose: {
      'rejects-errors': rule({
        when: ({ final }) =>
          final.find((row) => row.asked.length === row.times && hasRejected(row)),
        say: (row) =>
          `The server answered ${shortOf(row.steps[row.times - 1]!)}, and sendWithRetry rejected. That's an answer, ` +
          'with a content that may say what is wrong. It rejects only when there is no answer.',
      }),
      'hint-as-reason': rule({
        when: ({ final }) => onlyOf(final, isRepeated, ({ name }) => name.includes('Retry-After')),
        say:
          'This 500 was asked for again, and the others were not, because it has a Retry-After. The status says ' +
          'whether to try again, and that field only when.',
      }),
      'repeats-server-errors': rule({
        when: ({ final }) => onlyOf(final, isRepeated, (row) => statusOf(row) >= 500),
        say: ([row]) =>
          `You asked again after ${statusOf(row!)}. It says that the server has a bug, or can't do this at all, ` +
          'and that is the same a moment later. 502, 503 and 504 are those that pass.',
      }),
      'repeats-every-error': rule({
        when: ({ final }) => final.find(isRepeated),
        say: (row) =>
          `You asked again after ${statusOf(row)}. Then the request itself has to change: ` +
          'sent as it was, it gets the same answer, and only makes work.',
      }),
    },
  },
)

export const givesUp = check('After the last try the caller learns how it ended', failures, {
  after: recovers,
  reread: 'retry',

  verify: ({ endless }, expect) =>
    expect.each(calledOf(endless), (row, expect) => {
      const { tries = 5 } = row.limits ?? {}
      expect(row.asked.length, `requests (tries: ${tries})`, seen(row)).toBe(row.times)
      if (endsLost(row)) expect(row.call).toThrow(anError)
      else expect(resultOf(row), 'result', seen(row)).toBe(rightResult(row))
    }),

  diagnose: {
    'no-end': rule({
      when: ({ endless }) => endless.find(({ asked }) => asked.length >= ENOUGH),
      say:
        `${ENOUGH} requests came, and then the server ended it. Nothing in your program would have. A server ` +
        'that is down for an hour would hear from you all the time.',
    }),
    'one-try-more': rule({
      when: ({ endless }) =>
        endless.every(({ asked, times }) => asked.length === times + 1) && endless[0],
      say: ({ asked, times }) =>
        `${asked.length} requests came, and \`tries\` is ${times}. It counts all requests, and the first ` +
        'one is a try, too.',
    }),
    'tries-unread': rule({
      when: ({ endless }) => onlyOf(endless, isOtherCount, ({ times }) => times !== 5)?.[0],
      say: ({ asked, times }) =>
        `\`tries\` was ${times}, and ${counted(asked.length, 'request')} came. With \`tries\` left out the number ` +
        'is right. The caller decides how long it can wait.',
    }),
    'other-default': rule({
      when: ({ endless }) => onlyOf(endless, isOtherCount, ({ limits }) => limits === null)?.[0],
      say: ({ asked }) =>
        `The third argument was left out, and ${counted(asked.length, 'request')} came. Then \`tries\` is 5.`,
    }),
    'throws-last-answer': rule({
      when: ({ endless, final }) =>
        !final.some(hasRejected) && endless.find((row) => !endsLost(row) && hasRejected(row)),
      say: (row) =>
        `The last answer was a ${statusOf(row)}, and sendWithRetry rejected. What the server said in it ` +
        'is lost: the caller can neither show it nor tell an overloaded server from a broken line.',
    }),
    'earlier-answer': rule({
      when: ({ endless }) => endless.find(givesEarlier),
      say: (row) =>
        `The last try got no answer, but sendWithRetry gave ${resultOf(row)}, which was the answer to an ` +
        "earlier try. Reject then: what came of the last try isn't known.",
    }),
  },
})

export const lettingGo = check(
  'The content of an earlier answer keeps no connection busy',
  contents,
  {
    after: recovers,
    spec: 'RFC 9112 §9.3',
    reread: 'retry',

    verify: ({ row, isLetGo }, expect) => {
      expect(row.asked.length, 'requests', seen(row)).toBe(row.times)
      expect(resultOf(row), 'result', seen(row)).toBe(rightResult(row))
      const received = isLetGo ? 'over' : 'still open'
      expect(received, 'the connection of the 503', seen(row)).toBe('over')
    },

    diagnose: {
      'left-unread': rule({
        when: ({ row, isLetGo }) => row.asked.length === 2 && !isLetGo && row,
        say:
          'You looked at the status and left the content where it was. So your program never came to the ' +
          'end of this connection, although the server had ended it. Each further try opens a new one. ' +
          'Read the content, or destroy it.',
      }),
    },
  },
)

function isRepeated({ asked, times }: Row): boolean {
  return asked.length > times
}

function isOtherCount({ asked, times }: Row): boolean {
  return asked.length !== times
}

/** Whether an answer was given although the last try had none. */
function givesEarlier(row: Row): boolean {
  const statuses = row.asked.map(({ response }) => response?.status)
  return endsLost(row) && row.call.error === null && statuses.includes(Number(statusGiven(row)))
}

/** The status with which the call had to end. */
function statusOf({ steps, times }: Row): number {
  return Number(shortOf(steps[times - 1] ?? steps.at(-1)!))
}
