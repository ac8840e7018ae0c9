import { check, field, hasStatus, hasType, matching, rule, seconds, text } from '#grader'
import { failing, LATEST, REFUSES, streaming, waiting } from './faults.ts'
import { answers } from './answer-checks.ts'
import { BROKEN_OFF, isSilent, jsonKind, PART, statusOf, WHOLE } from './read.ts'

export const badGateway = check(
  'No answer and nonsense become 502, and the gateway goes on',
  failing,
  {
    after: answers,
    spec: 'RFC 9110 §15.6.3',
    reread: 'gateway',

    verify: ({ failures, back }, expect) => {
      expect.each(failures, ({ name, exchange, survives }, of) => {
        // The upstream that a person starts by hand is there, so no command shows its absence.
        of(statusOf(exchange), 'the status', name === REFUSES ? null : exchange).toBe('502')
        of(exchange).toHaveStatus(502).toHaveHeader('Content-Type', PROBLEM)
        of(jsonKind(exchange), 'the content', exchange).toBe('a JSON object')
        of(survives ? 'runs' : 'has ended', 'your program', exchange).toBe('runs')
      })
      expect(back).toHaveStatus(200)
    },

    diagnose: {
      'other-failure': rule({
        when: ({ failures }) => failures.find(({ exchange }) => hasStatus(500, 503, 504)(exchange)),
        say: ({ exchange }) =>
          `The client was told ${exchange?.response?.status}. Your gateway works, and it got an answer quickly: a useless one, or a ` +
          'refusal. 502 is the status that says so.',
      }),
      'hangs-on': rule({
        when: ({ failures }) => failures.find(({ exchange }) => isSilent(exchange)),
        say:
          'The upstream failed at once, but the client got no answer and waits. An error on the request to the ' +
          'upstream has to end the client’s wait, too.',
      }),
      'plain-error': rule({
        when: ({ failures }) =>
          failures.find(
            ({ exchange }) => hasStatus(502)(exchange) && !hasType(PROBLEM_JSON)(exchange),
          ),
        say: ({ exchange }) =>
          `The status is right, but the content is \`${field(exchange, 'Content-Type') ?? 'of no type'}\`. The task asks for ` +
          `\`${PROBLEM_JSON}\`, so that programs can read what went wrong.`,
      }),
    },
  },
)

export const timeout = check('Silence becomes 504 in time', waiting, {
  after: badGateway,
  spec: 'RFC 9110 §15.6.5',
  reread: 'gateway',

  verify: ({ limit, silent, waited, givenUp }, expect) => {
    expect(statusOf(silent), 'the answer to /silent', silent).toBe('504')
    expect(silent).toHaveStatus(504).toHaveHeader('Content-Type', PROBLEM)
    expect(jsonKind(silent), 'the content', silent).toBe('a JSON object')
    expect(waited, 'the time until the 504', silent).toBe({
      ...seconds(limit, LATEST),
      test: (value: number) => isInTime(value, limit),
    })
    expect(givenUp ? 'ended' : 'stayed open', 'the connection to the upstream', silent).toBe(
      'ended',
    )
  },

  diagnose: {
    'never-gives-up': rule({
      when: ({ silent }) => isSilent(silent) && silent,
      say:
        'The upstream keeps silent, and so the client waited for ever. Every such request keeps two connections. Answer 504 ' +
        'when no head has come within TIMEOUT_MS.',
    }),
    'says-502': rule({
      when: ({ silent }) => hasStatus(502)(silent) && silent,
      say:
        'The upstream was only slow, and the client was told 502, that its answer was bad. When you destroy the request to the ' +
        'upstream, its error comes to the code for refusals. Tell the two apart.',
    }),
    'own-limit': rule({
      when: ({ silent, waited, limit }) =>
        hasStatus(504)(silent) && !isInTime(waited, limit) && { silent, waited },
      say: ({ waited }, { limit }) =>
        `TIMEOUT_MS was ${Math.round(limit * 1000)}, and the 504 came after ${waited.toFixed(2)} s. The limit is set in the ` +
        'environment of your gateway, so go by what is there.',
    }),
    'upstream-works-on': rule({
      when: ({ silent, givenUp }) => hasStatus(504)(silent) && !givenUp && silent,
      say:
        'The client has its 504, but the connection to the upstream stayed open. So the upstream goes on with work that nobody ' +
        'waits for. Destroy the request to it.',
    }),
  },
})

export const streams = check('Content flows before the upstream is at its end', streaming, {
  after: timeout,
  reread: 'gateway',

  verify: ({ rows: { exchange, early } }, expect) => {
    expect(
      early ? 'had the first row' : NOTHING_YET,
      'while rows were still coming, the client',
      exchange,
    ).toBe('had the first row')
    expect(exchange).toHaveStatus(200)
  },

  diagnose: {
    collects: rule({
      when: ({ rows: { exchange, early } }) => !early && exchange,
      say:
        'Row after row came from the upstream, but the client got none of them while there were more. Your gateway waits for ' +
        'the end, and some lists have none. Pass each piece on when it comes.',
    }),
  },
})

export const patient = check('The limit is for the head alone: slow content comes whole', waiting, {
  after: streams,
  reread: 'gateway',

  verify: ({ slow }, expect) => {
    expect(slow).toHaveStatus(200)
    expect(
      slow?.response?.complete ? text(slow) : `${text(slow)}, and then no end`,
      'the content',
      slow,
    ).toBe('first\nlater\n')
  },

  diagnose: {
    'cuts-content': rule({
      when: ({ slow }) => slow && !(hasStatus(200)(slow) && slow.response?.complete) && slow,
      say:
        'The head and the first line came at once, and the rest after TIMEOUT_MS. Your gateway gave up ' +
        'in between. An upstream that has sent a head is there, so stop the timer then: a download ' +
        'may take as long as it wants.',
    }),
  },
})

export const breaks = check('When the upstream breaks off, the client sees it', streaming, {
  after: streams,
  spec: 'RFC 9112 §8',
  reread: 'gateway',

  verify: ({ broken }, expect) => {
    expect.each(broken, ({ exchange, outcome, survives }, of) => {
      of(outcome, 'what the client has of it', exchange).toBe(BROKEN_OFF)
      of(survives ? 'runs' : 'has ended', 'your program', exchange).toBe('runs')
    })
  },

  diagnose: {
    'ends-in-order': rule({
      when: ({ broken }) => broken.find(({ outcome }) => outcome === WHOLE),
      say:
        'The upstream broke off in the middle of a list, but the client got a proper end. It takes that part for the whole ' +
        'list. Break the client’s connection, too.',
    }),
    'left-hanging': rule({
      when: ({ broken }) => broken.find(({ outcome }) => outcome === PART),
      say:
        'The upstream broke off, but the client’s connection stayed open, and so it waits for a rest that never comes. A pipe ' +
        'doesn’t hand on that its source has broken.',
    }),
  },
})

export const aborts = check('When the client leaves, the upstream is left, too', streaming, {
  after: streams,
  reread: 'gateway',

  verify: ({ left }, expect) => {
    expect.each(left, ({ exchange, arrived, ended, survives }, of) => {
      of(arrived ? 'the upstream' : 'none', 'the server that was asked', exchange).toBe(
        'the upstream',
      )
      of(ended ? 'ended' : 'stayed open', 'the connection to the upstream', exchange).toBe('ended')
      of(survives ? 'runs' : 'has ended', 'your program', exchange).toBe('runs')
    })
  },

  diagnose: {
    'works-for-nobody': rule({
      when: ({ left }) => left.find(({ arrived, ended }) => arrived && !ended),
      say: ({ name }) =>
        `The client left ${name}, and the connection to the upstream stayed open. The upstream works on for nobody. The ` +
        '`close` event of your response tells you that the client is gone.',
    }),
  },
})

const NOTHING_YET = 'had nothing'
const PROBLEM_JSON = 'application/problem+json'
const PROBLEM = matching(
  PROBLEM_JSON,
  (value: string) => value.toLowerCase().split(';')[0]!.trim() === PROBLEM_JSON,
)
/** Hardly early, because timers are not, but for a millisecond or two. */
const isInTime = (waited: number, limit: number) => waited >= limit - 0.05 && waited <= LATEST
