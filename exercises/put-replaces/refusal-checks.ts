import {
  check,
  field,
  fields,
  hasStatus,
  isAnswered,
  json,
  matching,
  path,
  rule,
  status,
} from '#grader'
import { inWords, isServerError, isSuccess, lackingIn, refusedIn } from './answers.ts'
import { stored } from './profile-checks.ts'
import { broken, odd } from './scenarios.ts'

export const brokenRefused = check(
  'Content that is not JSON gets 400 and leaves the profile as it was',
  broken,
  {
    after: stored,
    spec: 'RFC 9110 §15.5.1',
    reread: 'put',

    verify: ({ brokenPut, shown, profile }, expect) => {
      expect(brokenPut).toHaveStatus(400)
      expect(shown).toHaveStatus(200).toHaveJson(profile)
    },

    diagnose: {
      'broken-is-500': rule({
        when: ({ brokenPut }) => isServerError(brokenPut) && brokenPut,
        say: (put) =>
          `The PUT with half a JSON text got ${status(put)}, which says that the server failed and ` +
          'that the same request may work later. It never will: the client has to change it, so ' +
          'answer 400.',
      }),
      'broken-accepted': rule({
        when: ({ brokenPut }) => isSuccess(brokenPut) && brokenPut,
        say: (put) =>
          `The PUT with half a JSON text got ${status(put)}, so its client believes that the ` +
          'profile is saved. Read the content as JSON before you answer, and refuse it with 400 ' +
          'when that fails.',
      }),
      'broken-removes': rule({
        when: ({ brokenPut, shown }) =>
          hasStatus(400)(brokenPut) && isAnswered(shown) && !isServerError(shown) && shown,
        say:
          'The PUT got 400, but the profile is not what it was before. A request that you refuse ' +
          'changes nothing: look at the content first, and touch the profile after that.',
      }),
    },
  },
)

export const methodGuard = check('POST and PATCH get 405 and Allow, and change nothing', odd, {
  after: stored,
  spec: 'RFC 9110 §15.5.6',
  reread: 'put',

  verify: ({ methods: { refusals, shown, profile } }, expect) => {
    expect.each(refusals, ({ exchange }, expect) => {
      const values = fields(exchange, 'Allow')
      expect(exchange).toHaveStatus(405)
      // A list may come in several fields (RFC 9110 §5.3).
      if (values.length > 1) expect(values.join(', '), 'Allow', exchange).toBe(whatWorks)
      else expect(exchange).toHaveHeader('Allow', whatWorks)
    })
    expect(shown).toHaveStatus(200).toHaveJson(profile)
  },

  diagnose: {
    'lets-through': rule({
      when: ({ methods: { refusals } }) => refusals.find(({ exchange }) => isSuccess(exchange)),
      say: ({ name, exchange }) =>
        `${name} got ${status(exchange)}, so its client believes that your server did what ${name} ` +
        'asks for. Answer only the methods that you know, and every other one with 405.',
    }),
    'guard-says-404': rule({
      when: ({ methods: { refusals } }) =>
        refusals.find(({ exchange }) => hasStatus(404)(exchange)),
      say: ({ name, exchange }) =>
        `${name} got 404, which says that nothing is at ${path(exchange)}. A profile is there, but ` +
        'this method does not work on it: that is 405, and Allow names those that do.',
    }),
    'allow-missing': rule({
      when: ({ methods: { refusals } }) =>
        refusals.find(
          ({ exchange }) => hasStatus(405)(exchange) && field(exchange, 'Allow') === undefined,
        ),
      say: ({ name }) =>
        `${name} got 405 without Allow. A client that has used a wrong method needs to know which ` +
        'are right, so each 405 has to say it.',
    }),
    'allow-incomplete': rule({
      when: ({ methods: { refusals } }) =>
        refusals.find(({ exchange, lacking }) => hasStatus(405)(exchange) && lacking.length > 0),
      say: ({ lacking }) =>
        `Allow does not name ${inWords(lacking)}, which the app needs at this address. ` +
        'Write methods in capitals, with commas between them.',
    }),
    'allows-what-it-refuses': rule({
      when: ({ methods: { refusals } }) =>
        refusals.find(({ exchange, refused }) => hasStatus(405)(exchange) && refused.length > 0),
      say: ({ name, refused }) =>
        `${name} got 405, but its Allow names ${inWords(refused)}. List only the methods that ` +
        'work here.',
    }),
  },
})

export const names = check(
  'Two spellings of one name find one profile, and two names find two',
  odd,
  {
    after: stored,
    spec: 'RFC 3986 §6.2.2',
    reread: 'put',

    verify: ({ spellings: { sameSpelling, otherSpelling, large, small } }, expect) => {
      expect.each([sameSpelling, otherSpelling, large, small], ({ exchange, profile }, expect) => {
        expect(exchange).toHaveStatus(200).toHaveJson(profile)
      })
    },

    diagnose: {
      undecoded: rule({
        when: ({ spellings: { sameSpelling, otherSpelling } }) =>
          hasStatus(200)(sameSpelling.exchange) && hasStatus(404)(otherSpelling.exchange)
            ? otherSpelling
            : undefined,
        say: ({ exchange }, { spellings: { sameSpelling } }) =>
          `The profile was put at ${path(sameSpelling.exchange)}, and GET ${path(exchange)} got ` +
          '404. Both write the same name, because %C3%BC and %c3%bc are the same two bytes. ' +
          'Decode the name before you look it up.',
      }),
      'case-folded': rule({
        when: ({ spellings: { large, small } }) =>
          JSON.stringify(json(large.exchange)) === JSON.stringify(small.profile) && large,
        say: ({ exchange }, { spellings: { small } }) =>
          `GET ${path(exchange)} shows what was put at ${path(small.exchange)}. In a path, capitals ` +
          'and small letters differ, so these are two addresses and two profiles.',
      }),
    },
  },
)

const whatWorks = matching(
  'GET, PUT, DELETE',
  (value: string) => lackingIn(value).length === 0 && refusedIn(value).length === 0,
)
