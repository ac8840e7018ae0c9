import { check, field, hasStatus, hasType, json, path, rule, status, text, type } from '#grader'
import {
  addedTo,
  inWords,
  isServerError,
  isSuccess,
  membersOf,
  replaced,
  wentWell,
} from './answers.ts'
import { ended, saved } from './scenarios.ts'

export const stored = check(
  'GET finds nothing before the first PUT, and the profile after it',
  saved,
  {
    spec: 'RFC 9110 §9.3.4',
    reread: 'put',

    verify: ({ before, first, firstPut, shown }, expect) => {
      expect(before).toHaveStatus(404)
      expect(firstPut).toHaveStatus(wentWell)
      expect(shown)
        .toHaveStatus(200)
        .toHaveHeader('Content-Type', type('application/json'))
        .toHaveJson(first)
    },

    diagnose: {
      'not-at-address': rule({
        when: ({ firstPut, shown }) => isSuccess(firstPut) && hasStatus(404)(shown) && shown,
        say: (shown, { firstPut }) =>
          `PUT ${path(shown)} was answered with ${status(firstPut)}, but GET on the same address ` +
          'with 404. With PUT the client has chosen the address. Keep the profile under the name ' +
          'in it, whatever the content says.',
      }),
      'content-lost': rule({
        when: ({ before, firstPut, shown }) =>
          hasStatus(404)(before) &&
          isSuccess(firstPut) &&
          hasStatus(200)(shown) &&
          /^(\{\})?$/.test(text(shown)) &&
          shown,
        say: (shown, { firstPut }) =>
          `PUT got ${status(firstPut)} and GET 200, but the content of GET is ` +
          `${text(shown) === '' ? 'empty' : text(shown)}, without any member of the profile. Does ` +
          'your program wait until the content of the PUT is there, and read it as JSON?',
      }),
      'without-type': rule({
        when: ({ first, shown }) =>
          membersOf(shown)?.['team'] === first.team && !hasType('application/json')(shown) && shown,
        say: (shown) =>
          'The answer to GET ' +
          (field(shown, 'Content-Type') === undefined
            ? 'has no Content-Type'
            : `says that its content is ${field(shown, 'Content-Type')}`) +
          ', so a client has to guess that it is JSON. Name the type before you send the content.',
      }),
      'text-in-json': rule({
        when: ({ first, shown }) => json(shown) === JSON.stringify(first) && shown,
        say:
          'The content of your answer is JSON for a text, with quotes around it, and the profile is ' +
          'in that text. A text that is JSON already needs no JSON.stringify().',
      }),
      'members-added': rule({
        when: ({ first, shown }) =>
          hasStatus(200)(shown) && addedTo(first, shown).length > 0 && shown,
        say: (shown, { first }) =>
          `Your answer has ${inWords(addedTo(first, shown))}, which the PUT didn't bring. The ` +
          'client sends the whole profile, and GET shows what it sent and nothing more.',
      }),
    },
  },
)

export const createOrReplace = check(
  'PUT gets 201 when it creates a profile, and 200 or 204 when it replaces one',
  saved,
  {
    after: stored,
    spec: 'RFC 9110 §9.3.4',
    reread: 'put',

    verify: ({ firstPut, secondPut }, expect) => {
      expect(firstPut).toHaveStatus(201)
      expect(secondPut).toHaveStatus(replaced)
    },

    diagnose: {
      'always-replaced': rule({
        when: ({ firstPut }) => replaced.test(status(firstPut) ?? 0) && firstPut,
        say: (put) =>
          `No profile was at ${path(put)}: GET had been answered with 404. The PUT then got ` +
          `${status(put)}, as if it had replaced one. 201 tells the client that it made one.`,
      }),
      'always-created': rule({
        when: ({ secondPut }) => hasStatus(201)(secondPut) && secondPut,
        say: (put) =>
          `A profile was at ${path(put)} already, but the second PUT got 201, too. 201 says that ` +
          'something new was made, and this time nothing was.',
      }),
      'refuses-existing': rule({
        when: ({ secondPut }) => hasStatus(400, 403, 405, 409, 412)(secondPut) && secondPut,
        say: (put) =>
          `The second PUT got ${status(put)}, so nobody can save a profile twice. ` +
          'PUT is how a client replaces what is at an address: take the new profile.',
      }),
    },
  },
)

export const replacesWhole = check('A second PUT leaves nothing of the first profile', saved, {
  after: stored,
  spec: 'RFC 9110 §9.3.4',
  reread: 'put',

  verify: ({ second, shownThen }, expect) => {
    expect(shownThen).toHaveStatus(200).toHaveJson(second)
  },

  diagnose: {
    merged: rule({
      when: ({ second, shownThen }) =>
        membersOf(shownThen)?.team === second.team &&
        addedTo(second, shownThen).includes('phone') &&
        shownThen,
      say:
        'The second PUT had no `phone`, but GET still shows that of the first one. To change ' +
        "some members and keep the others is PATCH's work. PUT brings the whole profile, so " +
        'what it leaves out is gone.',
    }),
    'first-one-stays': rule({
      when: ({ first, secondPut, shownThen }) =>
        isSuccess(secondPut) && membersOf(shownThen)?.team === first.team && shownThen,
      say: (_, { secondPut }) =>
        `The second PUT got ${status(secondPut)}, but GET still shows the first profile. What ` +
        'was put last takes the place of what was there.',
    }),
  },
})

export const removes = check(
  'DELETE removes one profile, and a second DELETE does no harm',
  ended,
  {
    after: stored,
    spec: 'RFC 9110 §9.3.5',
    reread: 'idempotent',

    verify: (
      { removed: { otherBefore, put, removal, shown, repetition, otherShown, ofOther, ...rest } },
      expect,
    ) => {
      // Which status the first PUT gets is judged above.
      const created = hasStatus(201)(put) ? 201 : wentWell
      expect(otherBefore).toHaveStatus(200).toHaveJson(ofOther)
      expect(removal).toHaveStatus(204)
      expect(shown).toHaveStatus(404)
      expect(repetition).toHaveStatus(404)
      expect(otherShown).toHaveStatus(200).toHaveJson(ofOther)
      expect(rest.putAgain).toHaveStatus(created)
      expect(rest.shownThen).toHaveStatus(200).toHaveJson(rest.again)
    },

    diagnose: {
      'one-profile-for-all': rule({
        when: ({ removed: { profile, otherBefore } }) =>
          membersOf(otherBefore)?.['team'] === profile.team && otherBefore,
        say: (other, { removed: { put } }) =>
          `GET ${path(other)} shows what was put at ${path(put)}. Each address has a profile of its ` +
          'own, so a PUT replaces the one at its address and leaves all others alone.',
      }),
      'removal-says-200': rule({
        when: ({ removed: { removal } }) => hasStatus(200, 202)(removal) && removal,
        say: (removal) =>
          `DELETE got ${status(removal)}. The profile is removed and there is nothing left to ` +
          'show, which is what 204 says. Such an answer has no content.',
      }),
      'still-shown': rule({
        when: ({ removed: { removal, shown } }) =>
          hasStatus(204)(removal) && hasStatus(200)(shown) && shown,
        say:
          'DELETE got 204, but the GET after it still got 200. Where no profile is, GET is ' +
          'answered with 404, as it was before the first PUT.',
      }),
      'same-answer-again': rule({
        when: ({ removed: { shown, repetition } }) =>
          hasStatus(404)(shown) && isSuccess(repetition) && repetition,
        say: (repetition) =>
          `The second DELETE got ${status(repetition)}, too, but there was nothing to remove. ` +
          'Idempotent is about what is there afterwards. The answer may differ, and here it does: ' +
          'where no profile is, DELETE gets 404.',
      }),
      'repetition-fails': rule({
        when: ({ removed: { shown, repetition } }) =>
          hasStatus(404)(shown) && isServerError(repetition) && repetition,
        say: (repetition) =>
          `The second DELETE got ${status(repetition)}, as if your server had failed. A client ` +
          'that lost the first answer sends DELETE again, so it is nothing unusual: there is no ' +
          'profile, and that is 404.',
      }),
      'others-removed': rule({
        when: ({ removed: { ofOther, otherBefore, otherShown } }) =>
          membersOf(otherBefore)?.['team'] === ofOther.team &&
          hasStatus(404)(otherShown) &&
          otherShown,
        say: (other) =>
          `DELETE was sent to another address, but ${path(other)} is gone, too. DELETE removes ` +
          'what is at its own address and nothing else.',
      }),
      'remembers-removed': rule({
        when: ({ removed: { put, putAgain } }) =>
          hasStatus(201)(put) && replaced.test(status(putAgain) ?? 0) && putAgain,
        say: (put) =>
          `After DELETE no profile was at ${path(put)}, and GET said so with 404. But the next ` +
          `PUT got ${status(put)}, as if it had replaced one. This PUT made a profile: 201.`,
      }),
    },
  },
)

export const repeatable = check('Equal PUTs leave one profile', ended, {
  after: removes,
  spec: 'RFC 9110 §9.2.2',
  reread: 'idempotent',

  verify: ({ repeated: { puts, shown, profile, removal, shownThen } }, expect) => {
    expect.each(puts, ({ exchange }, expect) => {
      expect(exchange).toHaveStatus(wentWell)
    })
    expect(shown).toHaveStatus(200).toHaveJson(profile)
    expect(removal).toHaveStatus(204)
    expect(shownThen).toHaveStatus(404)
  },

  diagnose: {
    'not-modified': rule({
      when: ({ repeated: { puts } }) => puts.find(({ exchange }) => hasStatus(304)(exchange)),
      say: ({ name }) =>
        `${name} got 304. That status answers a GET whose client has a copy already. A client that ` +
        'sends PUT wants to know whether the profile is stored now, and it is: 200 or 204.',
    }),
    copies: rule({
      when: ({ repeated: { removal, shownThen } }) =>
        hasStatus(204)(removal) && hasStatus(200)(shownThen) && shownThen,
      say:
        'The same PUT came three times, then one DELETE, and GET still finds a profile. Where a ' +
        'profile had been put once, DELETE left nothing, so the repetitions made the difference. ' +
        'Let each profile take the place of the one before.',
    }),
  },
})
