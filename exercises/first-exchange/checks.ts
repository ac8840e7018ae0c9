import {
  between,
  check,
  field,
  hasStatus,
  hasType,
  isAnswered,
  path,
  rule,
  status,
  text,
  type,
  type Exchange,
} from '#grader'
import {
  aHeadingThatSays,
  aPageWith,
  aTime,
  asBetweenTheRequests,
  fiveAtOnce,
  laterThan,
  visit,
} from './scenarios.ts'

/** How far the program's clock may be from the recorder's. */
const MINUTES_APART = 1

const htmlType = check('Your answer to / declares HTML, and Chromium treated it as HTML', visit, {
  spec: 'RFC 9110 §8.3',
  reread: 'one-address',

  verify: ({ home }, expect) => {
    expect(home).toHaveStatus(200).toHaveHeader('Content-Type', type('text/html'))
    expect(home.documentType).toGive('text/html')
  },

  diagnose: {
    'sent-as-text': rule({
      when: ({ home }) =>
        hasStatus(200)(home) && hasType('text/plain')(home) && text(home).includes('<') && home,
      say: ({ shown }) =>
        'Your answer declares plain text, so Chromium drew no heading: ' +
        `the page shows the tags themselves, \`${beginning(shown)}\`.`,
    }),
    'no-type': rule({
      when: ({ home }) => hasStatus(200)(home) && field(home, 'Content-Type') === undefined && home,
      say: ({ documentType }) =>
        'Your answer named no type, so Chromium looked at the first bytes and guessed: ' +
        `${String(documentType.value)}. Other clients guess differently, or not at all.`,
      alsoEarnedBy: ['stub', 'empty-200'],
    }),
  },
})

const page = check('Chromium shows the greeting in a heading', visit, {
  after: htmlType,
  reread: 'one-address',

  verify: ({ greeting, headings }, expect) => {
    expect(headings).toGive(aHeadingThatSays(greeting))
  },

  diagnose: {
    'greeting-of-its-own': rule({
      when: ({ heading }) => heading,
      say: (heading, { greeting }) =>
        `GREETING was \`${greeting}\` when your program was started, ` +
        `but the heading says \`${heading}\`.`,
    }),
  },
})

const freshTime = check('Two requests to /time got two answers, each with its own time', visit, {
  reread: 'alone',

  verify: ({ first, second, moved }, expect) => {
    for (const time of [first, second]) expect(time).toHaveStatus(200).toHaveText(aTime)
    expect(second.says, 'the second answer', second).toBe(laterThan(first))
    const apart = 'minutes between your clock and the recorder’s'
    expect(first.minutesOff, apart, first).toBe(between(0, MINUTES_APART))
    const pace = asBetweenTheRequests(first, second)
    expect(moved, 'seconds from the first time to the second', second).toBe(pace)
    for (const time of [first, second])
      expect(time).toHaveHeader('Content-Type', type('text/plain'))
  },

  diagnose: {
    'time-of-start': rule({
      when: ({ first, second }) => first.at === second.at && second,
      say: ({ says }, { apart }) =>
        `The second request left ${apart} s after the first, but both answers say ${says}. ` +
        'Your program has to read the clock anew for each request.',
    }),
    'clock-of-the-wall': rule({
      when: ({ first }) => first.minutesOff > MINUTES_APART && first,
      say: ({ says, crossedAt }) =>
        `Your answer says ${says}, but it crossed the wire at ${crossedAt}. ` +
        'The Z means UTC, which is the same all over the world.',
    }),
  },
})

const unknown404 = check('A path you do not know is answered with 404 and some words', visit, {
  spec: 'RFC 9110 §15.5.5',
  reread: 'alone',

  verify: ({ unknown, longer }, expect) => {
    expect(unknown).toHaveStatus(404)
    expect(text(unknown).trim(), 'the content', unknown).notToBe('')
    expect(longer).toHaveStatus(404)
    expect(unknown).toHaveHeader('Content-Type', type('text/plain'))
  },

  diagnose: {
    'everything-is-home': rule({
      when: ({ unknown }) => hasStatus(200)(unknown) && unknown,
      say: (unknown) =>
        `${path(unknown)} is an address made up for this run, and your answer says 200: found. ` +
        'A mistyped address looks like a right one to every client and every search engine.',
      alsoEarnedBy: ['stub', 'empty-200', 'endless-body'],
    }),
    'sent-elsewhere': rule({
      when: ({ unknown }) => hasStatus(301, 302, 303, 307, 308)(unknown) && unknown,
      say: (unknown) =>
        `You have nothing at ${path(unknown)}, but your answer sends the client on to ` +
        `\`${field(unknown, 'Location')}\`. A person ends up on a page they did not ask for, ` +
        'and a program concludes that the address has moved.',
    }),
    'empty-not-found': rule({
      when: ({ unknown }) => hasStatus(404)(unknown) && text(unknown).trim() === '' && unknown,
      say: ({ exchange, shown }) =>
        `Your 404 for ${path(exchange)} had no words in it, and Chromium showed ` +
        `${shown.trim() === '' ? 'an empty page' : 'a page of its own'}. ` +
        'A person who mistyped an address does not see the status line.',
    }),
    'begins-alike': rule({
      when: ({ unknown, longer }) => hasStatus(404)(unknown) && hasStatus(200)(longer) && longer,
      say: (longer) =>
        `${path(longer)} is not /time, but your answer says 200: ` +
        `\`${beginning(text(longer))}\`. Two paths are the same only when all their characters are.`,
    }),
  },
})

const oneEach = check(
  'Every request got its own answer, even when five arrived together',
  fiveAtOnce,
  {
    spec: 'RFC 9110 §3.4',
    reread: 'who-speaks',

    verify: ({ greeting, unanswered, homes, time, unknown }, expect) => {
      const without = unanswered.map(path).join(', ') || 'none'
      expect(without, 'requests without an answer', unanswered[0]).toBe('none')
      for (const home of homes) expect(home).toHaveStatus(200).toHaveText(aPageWith(greeting))
      expect(time).toHaveStatus(200).toHaveText(aTime)
      expect(unknown).toHaveStatus(404)
    },

    diagnose: {
      'ignores-the-icon': rule({
        when: ({ unanswered }) =>
          unanswered.every(
            (exchange) => path(exchange) === '/favicon.ico' && isWaiting(exchange),
          ) && unanswered,
        say:
          'GET /favicon.ico got no answer, and its client is still waiting. Even a request that ' +
          'you have no use for needs an answer: 404 is one.',
      }),
      'one-at-a-time': rule({
        when: ({ alone, unanswered }) =>
          alone.every(isAnswered) && unanswered.length > 1 && unanswered,
        say: (unanswered) =>
          `Five requests were under way at once, and ${unanswered.length} of them got no answer. ` +
          'Each request has a response object of its own, and your program has to end every one.',
      }),
      'answers-mixed-up': rule({
        when: ({ unanswered, wrongAlone, wrong }) =>
          unanswered.length === 0 && !wrongAlone && wrong && !isServerError(wrong) && wrong,
        say: (wrong) =>
          'One after the other, your program answered all of them correctly. When five requests ' +
          `were under way at once, it answered ${path(wrong)} with ${status(wrong)} and ` +
          `\`${beginning(text(wrong))}\`. What you work out for one request must not change ` +
          'while you answer another one.',
      }),
    },
  },
)

export default { htmlType, page, freshTime, unknown404, oneEach }

/** The first line, as far as a sentence has room for it. */
function beginning(text: string): string {
  const [line = ''] = text.trim().split('\n', 1)
  return line.slice(0, 40)
}

function isServerError(exchange: Exchange): boolean {
  return (status(exchange) ?? 0) >= 500
}

/** Nothing came for it, and the connection is open. */
function isWaiting({ response, garbage, cut }: Exchange): boolean {
  return response === null && garbage === null && cut === null
}
