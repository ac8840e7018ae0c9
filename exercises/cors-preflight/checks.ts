import { check, field, fields, hasStatus, path, rule, sentField, status } from '#grader'
import {
  FIELDS,
  listed,
  lists,
  listWith,
  MAX_AGE,
  METHODS,
  nothing,
  notSent,
  ORIGIN,
  permission,
  putAndDelete,
  refusedFor,
  requestedFields,
  said,
} from './permissions.ts'
import { everyday, SECONDS_BETWEEN, strangers, twice } from './scenarios.ts'

const putPasses = check(
  'Chromium sent OPTIONS, accepted your answer and then sent the PUT',
  everyday,
  {
    spec: 'Fetch, CORS-preflight fetch',
    reread: 'the-question',

    verify: ({ put }, expect) => {
      expect(put.preflight).toBeAnswered()
      const what = 'what Chromium did with the PUT after your answer to OPTIONS'
      expect(put.sent, what, put.preflight).toBe('sent it')
      expect(put.exchange).toHaveStatus(200)
    },

    diagnose: {
      'question-gets-an-error': rule({
        when: ({ put: { preflight, refusal } }) =>
          (refusal === 'PreflightInvalidStatus' || (status(preflight) ?? 0) >= 300) && preflight,
        say: (preflight) =>
          `Your server answered the preflight with ${status(preflight)}` +
          `${field(preflight, ORIGIN) === undefined ? ` and without ${ORIGIN}` : ''}. ` +
          'A preflight passes with a 2xx status only, whatever its fields say.',
        alsoEarnedBy: ['stub'],
      }),
      'content-type-unlisted': rule({
        when: ({ put }) =>
          !lists(put.preflight, FIELDS, 'content-type') &&
          refusedFor('HeaderDisallowedByPreflightResponse', put),
        say: (preflight) =>
          `Chromium asked to send ${requestedFields(preflight)}, and ` +
          `${said(preflight, FIELDS)}. That leaves out content-type, which needs permission when ` +
          'its value is application/json.',
      }),
      'x-client-unlisted': rule({
        when: ({ put }) => refusedFor('HeaderDisallowedByPreflightResponse', put),
        say: (preflight) =>
          `Chromium asked to send ${requestedFields(preflight)}, and ` +
          `${said(preflight, FIELDS)}. That leaves out x-client.`,
      }),
      'methods-in-small-letters': rule({
        when: ({ put }) =>
          lists(put.preflight, METHODS, 'put') &&
          refusedFor('MethodDisallowedByPreflightResponse', put),
        say: (preflight) =>
          `Chromium asked to send PUT, and ${said(preflight, METHODS)}. ` +
          'Methods are compared letter by letter, and put is not PUT.',
      }),
      'put-unlisted': rule({
        when: ({ put }) => refusedFor('MethodDisallowedByPreflightResponse', put),
        say: (preflight) => `Chromium asked to send PUT, and ${said(preflight, METHODS)}.`,
      }),
      'origin-misspelt': rule({
        when: ({ put }) =>
          refusedFor('PreflightAllowOriginMismatch', put) ??
          refusedFor('PreflightInvalidAllowOriginValue', put),
        say: (preflight) =>
          `Chromium asked for a page at ${sentField(preflight, 'Origin')}, and ` +
          `${said(preflight, ORIGIN)}. The two are compared letter by letter.`,
      }),
      'several-origins': rule({
        when: ({ put }) => refusedFor('PreflightMultipleAllowOriginValues', put),
        say: (preflight) =>
          `Your answer permitted \`${fields(preflight, ORIGIN).join('` and `')}\`. ` +
          'The field holds one origin, the one that asks, or `*`. Browsers accept no list.',
      }),
      'list-unreadable': rule({
        when: ({ put: { preflight, refusal } }) => {
          if (refusal === 'InvalidAllowHeadersPreflightResponse') return said(preflight, FIELDS)
          if (refusal === 'InvalidAllowMethodsPreflightResponse') return said(preflight, METHODS)
          return undefined
        },
        say: (list) =>
          `Chromium could not read what is allowed: ${list}. Commas separate the names.`,
      }),
      'only-the-answer': rule({
        when: ({ put }) => refusedFor('PreflightMissingAllowOriginHeader', put),
        say: (preflight) =>
          `Chromium sent OPTIONS first, and ${said(preflight, ORIGIN)}. ` +
          'So the PUT never left the browser.',
        alsoEarnedBy: ['empty-200', 'endless-body'],
      }),
    },
  },
)

const deletePasses = check('Chromium sent the DELETE, too, and got 204', everyday, {
  after: putPasses,
  spec: 'Fetch, CORS-preflight fetch',
  reread: 'the-question',

  verify: ({ deleted }, expect) => {
    const what = 'what Chromium did with the DELETE after your answer to OPTIONS'
    expect(deleted.sent, what, deleted.preflight).toBe('sent it')
    expect(deleted.exchange).toHaveStatus(204)
  },

  diagnose: {
    'delete-unlisted': rule({
      when: ({ deleted }) => refusedFor('MethodDisallowedByPreflightResponse', deleted),
      say: (preflight) =>
        `Chromium asked to send DELETE, and ${said(preflight, METHODS)}. ` +
        'Only GET, HEAD and POST may be left out.',
    }),
  },
})

const answerReadable = check('The page could read the answers to PUT, DELETE and GET', everyday, {
  after: deletePasses,
  spec: 'Fetch, CORS check',
  reread: 'both-answers',

  verify: ({ text, put, deleted, list }, expect) => {
    expect(put.seen, 'what the page saw of the answer to PUT', put.exchange).toBe('status 200')
    const ofDelete = 'what the page saw of the answer to DELETE'
    expect(deleted.seen, ofDelete, deleted.exchange).toBe('status 204')
    expect(list.seen, 'what the page saw of the answer to GET', list.exchange).toBe('status 200')
    expect(list.exchange).toHaveJson(listWith(text))
  },

  diagnose: {
    'only-the-question': rule({
      when: ({ put: { preflight, exchange, refusal } }) =>
        refusal === 'MissingAllowOriginHeader' &&
        field(preflight, ORIGIN) !== undefined &&
        exchange,
      say:
        'The preflight passed, and your server carried out the PUT. Then Chromium withheld its ' +
        `answer (MissingAllowOriginHeader), because only the answer to OPTIONS had ${ORIGIN}.`,
    }),
  },
})

const errorsReadable = check('The app can read a 404, too', everyday, {
  after: answerReadable,
  spec: 'Fetch, CORS check',
  reread: 'both-answers',

  verify: ({ missing }, expect) => {
    expect(missing.exchange).toHaveStatus(404)
    expect(missing.seen, 'what the page saw of the answer', missing.exchange).toBe('status 404')
  },

  diagnose: {
    'errors-unreadable': rule({
      when: ({ missing: { refusal, error } }) => refusal === 'MissingAllowOriginHeader' && error,
      say: (error) =>
        `Your 404 had no ${ORIGIN}, so the app could not read it: ` +
        `its fetch() ended with "${error}", as if the network had failed.`,
    }),
  },
})

const strangersRefused = check('No other origin got permission', strangers, {
  after: putPasses,
  spec: 'Fetch, CORS check',
  reread: 'same-origin',

  verify: ({ app, other, twin, put, list, byTwin, byNull }, expect) => {
    expect(list.exchange).toBeAnswered()
    expect(list.seen, `what the page at ${other} saw of GET /todos`, list.exchange).toBe(nothing)
    const what = `what Chromium did with a PUT of the page at ${other}`
    expect(put.sent, what, put.preflight ?? put.exchange).toBe(notSent)
    expect(byTwin).toBeAnswered()
    const forTwin = `permission for ${twin}, while the app is at ${app}`
    expect(permission(byTwin, twin), forTwin, byTwin).toBe('none')
    expect(byNull).toBeAnswered()
    expect(permission(byNull, 'null'), 'permission for the origin null', byNull).toBe('none')
  },

  diagnose: {
    star: rule({
      when: ({ list, other }) => field(list.exchange, ORIGIN) === '*' && other,
      say: (other) =>
        `Your answer permitted every origin, and the page at ${other} read all todos in its ` +
        "visitor's browser.",
    }),
    'echoes-any-origin': rule({
      when: ({ list, other, app }) => field(list.exchange, ORIGIN) === other && { other, app },
      say: ({ other, app }) =>
        `Your answer permitted the page at ${other}, by name. ` +
        `The app is at ${app}, and only the app may read.`,
    }),
    'permits-null': rule({
      when: ({ byNull }) => field(byNull, ORIGIN) === 'null' && byNull,
      say:
        'Your answer permitted the origin null. Pages without an origin of their own send that, ' +
        'and any site can make one: a frame with `sandbox` is enough.',
    }),
    'hosts-only': rule({
      when: ({ byTwin, twin, app }) => field(byTwin, ORIGIN) === twin && { twin, app },
      say: ({ twin, app }) =>
        `Your answer permitted ${twin}, but the app is at ${app}. ` +
        'An origin is scheme, host and port together.',
    }),
  },
})

const plainOptions = check('OPTIONS without an Origin is answered with Allow', strangers, {
  spec: 'RFC 9110 §9.3.7',
  reread: 'the-question',

  verify: ({ withoutOrigin }, expect) => {
    expect(withoutOrigin).toHaveStatus(204).toHaveHeader('Allow')
    const methods = listed(withoutOrigin, 'Allow')
    expect(methods, 'the methods in Allow', withoutOrigin).toBe(putAndDelete)
  },

  diagnose: {
    'options-only-for-browsers': rule({
      when: ({ withoutOrigin }) => (status(withoutOrigin) ?? 0) >= 400 && withoutOrigin,
      say: (asked) =>
        `A client without an Origin sent OPTIONS ${path(asked)} and got ${status(asked)}. ` +
        'OPTIONS is older than CORS, and not only browsers send it.',
      alsoEarnedBy: ['stub'],
    }),
    'no-allow': rule({
      when: ({ withoutOrigin }) =>
        hasStatus(204)(withoutOrigin) &&
        field(withoutOrigin, 'Allow') === undefined &&
        withoutOrigin,
      say:
        'The answer had no Allow. That field names the methods of a resource to every client; ' +
        `${METHODS} says what pages of an origin may use.`,
    }),
  },
})

const remembered = check('The permission holds for 10 minutes', twice, {
  after: putPasses,
  spec: 'Fetch, CORS-preflight cache',
  reread: 'remembered',

  verify: ({ first, second }, expect) => {
    expect(second.exchange).toHaveStatus(200)
    expect(first.preflight).toHaveHeader(MAX_AGE, '600')
    const asked = second.preflight ? 'sent' : 'not sent'
    expect(asked, 'a preflight before the second PUT', second.preflight).toBe('not sent')
  },

  diagnose: {
    'age-on-the-answer': rule({
      when: ({ first, second }) =>
        field(first.preflight, MAX_AGE) === undefined &&
        second.preflight !== null &&
        field(first.exchange, MAX_AGE),
      say: (age) =>
        `Your answer to OPTIONS had no ${MAX_AGE}. The one to PUT said ${age}, but browsers ` +
        `ignore it there. So ${SECONDS_BETWEEN} s later Chromium sent another preflight.`,
    }),
    'asks-every-time': rule({
      when: ({ first, second }) =>
        field(first.preflight, MAX_AGE) === undefined &&
        second.preflight !== null &&
        first.preflight,
      say:
        `Your answer to OPTIONS had no ${MAX_AGE}. Chromium forgets such a permission after 5 s, ` +
        `so ${SECONDS_BETWEEN} s later it sent another preflight. Every save costs two round trips.`,
    }),
    milliseconds: rule({
      when: ({ first }) => field(first.preflight, MAX_AGE) === '600000' && first.preflight,
      say:
        `${MAX_AGE} was 600000. It counts seconds, and 600000 of them are almost seven days. ` +
        'Ten minutes are 600.',
    }),
  },
})

export default {
  putPasses,
  deletePasses,
  answerReadable,
  errorsReadable,
  strangersRefused,
  plainOptions,
  remembered,
}
