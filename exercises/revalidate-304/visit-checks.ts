import {
  check,
  field,
  hasStatus,
  rule,
  sentField,
  status,
  text,
  type,
  type Exchange,
} from '#grader'
import { noCache } from './answers.ts'
import { visits, type Load } from './scenarios.ts'

export const styled = check('The first visit gets the style, and shows its colour', visits, {
  reread: 'not-modified',

  verify: ({ first, style }, expect) => {
    expect(first)
      .toHaveStatus(200)
      .toHaveHeader('Content-Type', type('text/css'))
      .toHaveText(style.css)
    expect(first.colour).toGive(style.colour)
  },
})

export const secondVisit = check(
  'On the second visit, Chromium asks about its copy, and gets 304',
  visits,
  {
    after: styled,
    spec: 'RFC 9111 §4.3.1',
    reread: 'not-modified',

    verify: ({ first, second, style }, expect) => {
      expect(howItCame(second), 'how the second visit got the style', seen(second, first)).toBe(
        ASKED,
      )
      expect(second.exchange).toHaveStatus(304)
      expect(second.colour).toGive(style.colour)
    },

    diagnose: {
      'no-store': rule({
        when: ({ first, second }) =>
          /no-store/i.test(field(first, 'Cache-Control') ?? '') && second.exchange,
        say: (_, { first }) =>
          `Your answer says \`Cache-Control: ${field(first, 'Cache-Control')}\`, so Chromium ` +
          'kept nothing that it could ask about. `no-cache` means: keep it, but ask each time.',
      }),
      'not-asked': rule({
        when: ({ first, second }) => !second.exchange && second.fromCache && first.exchange,
        say: (first) =>
          `Your answer ${lifetimeOf(first)}, so Chromium took its copy without asking, and a ` +
          'change would go unseen. `no-cache` means: keep it, but ask each time.',
      }),
      'no-tag': rule({
        // It has no ETag yet: this is the task.
        alsoEarnedBy: ['stub'],
        when: ({ first, second: { exchange } }) => field(first, 'ETag') === undefined && exchange,
        say:
          'Your first answer had no `ETag`, so Chromium had no tag to ask with. Give the text a ' +
          'name that changes when the text does.',
      }),
      'tag-of-the-moment': rule({
        when: ({ first, second: { exchange } }) =>
          text(first) === text(exchange) &&
          field(first, 'ETag') !== field(exchange, 'ETag') &&
          exchange,
        say: (exchange, { first }) =>
          `The text was the same, but its tag had changed from ${field(first, 'ETag')} to ` +
          `${field(exchange, 'ETag')}. A tag stays as long as its text does.`,
      }),
      'always-whole': rule({
        when: ({ first, second: { exchange } }) =>
          hasStatus(200)(exchange) &&
          sentField(exchange, 'If-None-Match') === field(first, 'ETag') &&
          exchange,
        say: (exchange) =>
          `Chromium asked with \`If-None-Match: ${sentField(exchange, 'If-None-Match')}\`, the ` +
          'tag of the text as it is, and got the whole text again. Answer 304, without content.',
      }),
    },
  },
)

export const toldToAsk = check('Cache-Control says no-cache', visits, {
  after: secondVisit,
  spec: 'RFC 9111 §5.2.2.4',
  reread: 'not-modified',

  verify: ({ first }, expect) => {
    expect(first).toHaveHeader('Cache-Control', noCache)
  },

  diagnose: {
    'left-to-chance': rule({
      when: ({ first }) => field(first, 'Cache-Control') === undefined && first,
      say:
        'Your answer has no `Cache-Control`, so each cache decides for itself how long it uses ' +
        'its copy without asking. Chromium asked this time. When a text is a week old, it may not ' +
        'ask for hours. Say `no-cache`.',
    }),
  },
})

export const changesSeen = check(
  'After a change, the next visit shows the new style at once',
  visits,
  {
    after: secondVisit,
    spec: 'RFC 9110 §8.8.1',
    reread: 'not-modified',

    verify: ({ second, third, next }, expect) => {
      expect(howItCame(third), 'how the third visit got the style', seen(third, second)).toBe(ASKED)
      expect(third.exchange).toHaveStatus(200).toHaveText(next.css)
      expect(third.colour).toGive(next.colour)
    },

    diagnose: {
      'same-tag': rule({
        when: ({ put, first, third: { exchange } }) =>
          hasStatus(200, 204)(put) &&
          hasStatus(304)(exchange) &&
          field(exchange, 'ETag') === field(first, 'ETag') &&
          exchange,
        say: (exchange, { put }) =>
          `PUT brought another text of the same length and got ${status(put)}, but the tag is still ` +
          `${field(exchange, 'ETag')}. So Chromium asked with it, got 304 and showed the old style. ` +
          'A new text gets a new tag.',
      }),
      'any-tag': rule({
        when: ({ put, first, third: { exchange } }) =>
          hasStatus(200, 204)(put) &&
          hasStatus(304)(exchange) &&
          field(exchange, 'ETag') !== field(first, 'ETag') &&
          exchange,
        say: (exchange) =>
          `Chromium asked with ${sentField(exchange, 'If-None-Match')}, the tag of the text ` +
          'before PUT, and got 304. So it showed the old style. Only the tag of the text as it is ' +
          'now gets 304.',
      }),
    },
  },
)

const ASKED = 'asked, with If-None-Match'

function howItCame({ exchange, fromCache }: Load): string {
  if (!exchange) return fromCache ? 'from its cache, without asking you' : 'not at all'
  if (sentField(exchange, 'If-None-Match') !== undefined) return ASKED
  const since = sentField(exchange, 'If-Modified-Since')
  return since === undefined ? 'asked, without a condition' : 'asked, with If-Modified-Since alone'
}

function lifetimeOf(answer: Exchange): string {
  const value = field(answer, 'Cache-Control')
  return value === undefined ? 'has no `Cache-Control`' : `says \`Cache-Control: ${value}\``
}

/** What crossed the wire for the style, or else for the visit before. */
function seen(load: Load, before: Load) {
  return load.exchange ?? before.exchange
}
