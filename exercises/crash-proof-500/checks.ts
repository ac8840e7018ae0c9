import { check, field, hasStatus, hasType, isAnswered, matching, rule, seconds } from '#grader'
import { BROKEN_OFF, isDelayOrDate, isSilent, statusOf } from './answers.ts'
import { failing, hanging, overdue } from './scenarios.ts'

const is500 = check('An exception and a rejected promise are both answered with 500', failing, {
  spec: 'RFC 9110 §15.6.1',
  reread: 'failed',

  verify: ({ failures }, expect) => {
    for (const { name, exchange } of failures) {
      expect(statusOf(exchange), `the answer to ${name}`, exchange).toBe('500')
      expect(exchange).toHaveStatus(500)
    }
  },

  diagnose: {
    'rejection-lost': rule({
      when: ({ failures: [thrown, rejected] }) =>
        hasStatus(500)(thrown.exchange) && isSilent(rejected.exchange) && rejected.exchange,
      say:
        'The exception of /throws was answered, but the promise that /rejects gave was rejected ' +
        'and nobody answered. A `try` catches a rejection only where the promise is awaited in it.',
    }),
    'another-status': rule({
      when: ({ failures }) =>
        failures.find(({ exchange }) => isAnswered(exchange) && !hasStatus(500)(exchange)),
      say: ({ name, exchange }) =>
        `The action ${name} failed, and the client was told ${exchange?.response?.status}. It asked ` +
        'rightly, and your server failed: that is what 500 says.',
      alsoEarnedBy: ['empty-200', 'echo', 'endless-body'],
    }),
  },
})

const isProblem = check('The answer is problem+json with an instance', failing, {
  after: is500,
  spec: 'RFC 9457 §3.1.5',
  reread: 'failed',

  verify: ({ failures }, expect) => {
    for (const { exchange, instance } of failures) {
      expect(exchange).toHaveHeader('Content-Type', PROBLEM)
      expect(instance ?? NO_INSTANCE, 'its member `instance`', exchange).toBe(
        matching('a text of 8 characters or more', isId),
      )
    }
  },

  diagnose: {
    'plain-json': rule({
      when: ({ failures }) =>
        failures.find(
          ({ exchange, instance }) => instance !== undefined && !hasType(PROBLEM_JSON)(exchange),
        ),
      say: ({ exchange }) =>
        `The content is right, but its type is \`${field(exchange, 'Content-Type')}\`. ` +
        `\`${PROBLEM_JSON}\` tells a program that it can look for \`instance\` here.`,
    }),
  },
})

const noSecrets = check('The answer contains neither the error text nor a stack', failing, {
  after: is500,
  reread: 'failed',

  verify: ({ failures }, expect) => {
    for (const { exchange, secrets } of failures)
      expect(secrets, 'what the answer gives away about the error', exchange).toBe('nothing')
  },

  diagnose: {
    'tells-stack': rule({
      when: ({ failures }) => failures.find(({ secrets }) => secrets === 'its stack'),
      say: ({ name }) =>
        `The answer to ${name} has a stack. So strangers learn the names of your files and what ` +
        'calls what. Send them an id, and print the stack to your log.',
    }),
    'tells-message': rule({
      when: ({ failures }) => failures.find(({ secrets }) => secrets === 'its message'),
      say: ({ name }) =>
        `The answer to ${name} has the error's message, and with it the database's password. ` +
        'Messages are written for the people who run the server, so they belong in its log.',
    }),
  },
})

const traceable = check('The id in the answer is in your log, next to the stack', failing, {
  after: isProblem,
  reread: 'failed',

  verify: ({ failures }, expect) => {
    const [thrown, rejected] = failures
    for (const { name, exchange, trace } of failures)
      expect(trace, `the instance of ${name}`, exchange).toBe(
        'on stderr, next to the stack of its error',
      )
    expect(rejected.instance, 'the instance of another failure', rejected.exchange).notToBe(
      thrown.instance,
    )
  },

  diagnose: {
    'not-logged': rule({
      when: ({ failures }) =>
        failures.find(({ trace }) => trace === 'neither on stderr nor on stdout'),
      say: ({ instance }) =>
        `A visitor who complains has \`${instance}\`, but nothing that you printed has it. Print it ` +
        'with the error, so that you find what happened.',
    }),
    'on-stdout': rule({
      when: ({ failures }) => failures.find(({ trace }) => trace === 'on stdout'),
      say:
        'The id is on stdout, but the task asks for stderr. Failures are kept apart there, so that ' +
        'they can be collected and watched: use `console.error`.',
    }),
    'no-stack': rule({
      when: ({ failures }) => failures.find(({ trace }) => trace.includes('but the stack')),
      say: ({ instance }) =>
        `stderr has \`${instance}\`, but not the error's stack beside it: its message, and the line ` +
        'of `actions.ts` that threw. `console.error(instance, error)` prints both.',
    }),
    'same-id': rule({
      when: ({ failures: [thrown, rejected] }) =>
        thrown.instance === rejected.instance && rejected.exchange,
      say:
        'Two failures have the same id, so it leads to both of them in your log. Make a new one for ' +
        'each failure.',
    }),
  },
})

const lateHonest = check('A failure in the middle is visible as an incomplete response', failing, {
  after: is500,
  spec: 'RFC 9112 §8',
  reread: 'contain',

  verify: ({ late, survivesLate }, expect) => {
    expect(late.outcome, 'what the client of /late has', late.exchange).toBe(BROKEN_OFF)
    expect(survivesLate ? 'runs' : 'has ended', 'your program', late.exchange).toBe('runs')
  },

  diagnose: {
    'error-in-content': rule({
      when: ({ late }) => late.outcome === 'a whole answer' && late.text.includes('instance'),
      say:
        'Your problem was added to a list that had begun, and then the answer ended in order. The ' +
        'client reads a 200 and a list with an odd line. Break the connection off instead.',
    }),
    'ends-late': rule({
      when: ({ late }) => late.outcome === 'a whole answer' && hasStatus(200)(late.exchange),
      say:
        'The action failed in the middle of its list, but the answer came to its proper end. The ' +
        'client takes that part for the whole list. Break the connection off instead.',
    }),
    'left-open': rule({
      when: ({ late }) => late.outcome === 'a part, and a wait for more' && late.exchange,
      say:
        'The action failed, but the connection stayed open, so the client waits for the rest of a ' +
        'list that never comes. Only its end tells the client that something went wrong.',
    }),
  },
})

const bystanders = check('A request in flight was not disturbed', failing, {
  after: lateHonest,
  reread: 'contain',

  verify: ({ waits }, expect) => {
    expect(waits.exchange).toHaveStatus(200).toHaveText(`Order ${waits.order} has waited.\n`)
  },

  diagnose: {
    'cuts-others': rule({
      when: ({ waits: { exchange } }) =>
        (exchange?.cut === 'closed' || exchange?.cut === 'reset') && exchange,
      say:
        'Nothing was wrong with /waits, but its connection was ended when other requests failed. ' +
        'Touch only the response of the request that failed.',
    }),
  },
})

const sameProcess = check('Twenty failures at once are answered, and the server goes on', failing, {
  after: bystanders,
  reread: 'contain',

  verify: ({ notAnswered, ok, isRunning }, expect) => {
    const [first = null] = notAnswered
    expect(first ? 'not all of them' : 'all twenty', 'answered with 500', first).toBe('all twenty')
    expect(ok.exchange).toHaveStatus(200).toHaveText(`Order ${ok.order} is on its way.\n`)
    expect(isRunning ? 'runs' : 'has ended', 'your program', ok.exchange).toBe('runs')
  },

  diagnose: {
    'mixed-up': rule({
      when: ({ notAnswered }) => notAnswered.find((each) => each?.cut === null),
      say:
        'One by one these failures were answered. Of twenty at the same time this one was not. ' +
        'Each failure has to find the response of its own request, whatever came in between.',
    }),
  },
})

const givesUp = check('Work that never ends is answered with 503 and Retry-After', hanging, {
  spec: 'RFC 9110 §15.6.4',
  reread: 'contain',

  verify: ({ limit, exchange, waited }, expect) => {
    expect(statusOf(exchange), 'the answer to /hangs', exchange).toBe('503')
    expect(exchange)
      .toHaveStatus(503)
      .toHaveHeader('Retry-After', matching('a number of seconds or a date', isDelayOrDate))
    expect(waited, 'the time until the 503', exchange).toBe({
      ...seconds(limit, LATEST),
      test: (value: number) => isInTime(value, limit),
    })
  },

  diagnose: {
    'never-gives-up': rule({
      when: ({ exchange }) => isSilent(exchange) && exchange,
      say:
        'The action of /hangs never settles, and so its client waited for ever. Every request that ' +
        'hangs keeps its connection and its memory. Answer 503 after LIMIT_MS.',
      alsoEarnedBy: ['silent', 'stub'],
    }),
    'no-retry-after': rule({
      when: ({ exchange }) =>
        hasStatus(503)(exchange) && field(exchange, 'Retry-After') === undefined && exchange,
      say:
        '503 says that it may work later, but not when. Without Retry-After each client guesses, and ' +
        'many ask again at once.',
    }),
    'own-limit': rule({
      when: ({ exchange, waited, limit }) =>
        hasStatus(503)(exchange) && !isInTime(waited, limit) && { waited, limit },
      say: ({ waited, limit }) =>
        `LIMIT_MS was ${Math.round(limit * 1000)}, and the 503 came after ${waited.toFixed(2)} s. ` +
        'The limit is set in the environment of your server, so read it from there.',
    }),
  },
})

const timersEnd = check('When LIMIT_MS is over, what has failed before is left alone', overdue, {
  after: givesUp,
  spec: 'RFC 9110 §15.6.4',
  reread: 'contain',

  verify: ({ exchange }, expect) => {
    expect(statusOf(exchange), 'the answer to /hangs after three failures', exchange).toBe('503')
  },
})

export default {
  is500,
  isProblem,
  noSecrets,
  traceable,
  lateHonest,
  bystanders,
  sameProcess,
  givesUp,
  timersEnd,
}

/** In seconds. A second is left for a machine that is busy. */
const LATEST = 1.5
/** Hardly early, because timers are not, but for a millisecond or two. */
const isInTime = (waited: number, limit: number) => waited >= limit - 0.05 && waited <= LATEST

const PROBLEM_JSON = 'application/problem+json'
const PROBLEM = matching(
  PROBLEM_JSON,
  (value: string) => value.toLowerCase().split(';')[0]!.trim() === PROBLEM_JSON,
)
const NO_INSTANCE = 'none that is a text'
const isId = (value: string) => value !== NO_INSTANCE && value.length >= 8
