import { atLeast, check, differing, hasStatus, longerThan, rule, status } from '#grader'
import { hidden, lax, notOverwritten, stillSent, themeVisible } from './browser-checks.ts'
import { goodbye, isLetIn, pathInWords, plantedId, twoPeople } from './scenarios.ts'
import { brief } from './views.ts'

/** Counters and clocks differ in fewer characters from one login to the next. */
const FAR_APART = 5
const LONG = 16

const isUnauthorized = hasStatus(401)

const onlyGivenOut = check('/me answers 401 without an id that your server gave out', twoPeople, {
  after: stillSent,
  spec: 'RFC 6265bis §8.4',
  reread: 'what-the-server-keeps',

  verify: ({ stranger, invented }, expect) => {
    expect(stranger).toHaveStatus(401)
    expect(invented).toHaveStatus(401)
  },

  diagnose: {
    'lets-anybody-in': rule({
      when: ({ stranger }) => isLetIn(stranger) && stranger,
      say:
        'Two visitors were logged in when a request without any cookie asked for /me, and you ' +
        'let it in, too. Only the Cookie field says who is asking.',
    }),
    'any-value-opens': rule({
      when: ({ stranger, invented }) => isUnauthorized(stranger) && isLetIn(invented) && invented,
      say:
        'The request carried an invented session, and /me let it in. That a value came says ' +
        'nothing: it has to be one that you gave out.',
    }),
    'never-401': rule({
      when: ({ stranger }) => status(stranger) === 200 && stranger,
      say:
        'The request without a cookie got no user, but the status was 200, which says that all ' +
        'is well. Without a living session, answer 401.',
    }),
  },
})

const newAtLogin = check('A login gives a new id, and a planted one opens nothing', plantedId, {
  after: onlyGivenOut,
  spec: 'RFC 6265bis §8.4',
  reread: 'what-the-server-keeps',

  verify: ({ planted, login, given, thief }, expect) => {
    expect(login).toSetCookie('session')
    expect(given, 'the session of this login', login).notToBe(planted)
    expect(thief).toHaveStatus(401)
  },

  diagnose: {
    'keeps-the-planted-id': rule({
      when: ({ planted, given, thief }) => (given === planted || isLetIn(thief)) && planted,
      say: (planted) =>
        `Somebody had planted session=${brief(planted)} in this browser, and your login kept it. ` +
        'So they are logged in as well: session fixation. Give out a fresh id at every login.',
    }),
  },
})

const logout = check('POST /logout answers 204, and the browser drops session', goodbye, {
  after: onlyGivenOut,
  spec: 'RFC 6265bis §3.1',
  reread: 'how-long',

  verify: ({ logout, jar }, expect) => {
    expect(logout).toHaveStatus(204)
    expect(jar).notToHold('session', logout)
  },

  diagnose: {
    'tells-the-browser-nothing': rule({
      when: ({ logout, taken }) => status(logout) === 204 && !taken && logout,
      say:
        'Your answer to POST /logout carried no Set-Cookie for session. So the browser cannot ' +
        'know that it is over, and keeps its copy.',
    }),
    'emptied-not-ended': rule({
      when: ({ taken }) => taken?.maxAge === undefined && taken?.expires === undefined && taken,
      say: ({ value }) =>
        `Your answer to POST /logout set session to ${value === '' ? 'an empty value' : `\`${value}\``}, ` +
        'without Max-Age=0. That gives the cookie another value; it does not end it.',
    }),
    'logout-wrong-path': rule({
      when: ({ given, taken }) =>
        given && taken && given.path !== taken.path && [given, taken].map(pathInWords),
      say: ([set, deleted]) =>
        `You deleted a cookie that does not exist: session was set with ${set} and deleted with ` +
        `${deleted}. Name, domain and path together say which cookie is meant.`,
    }),
  },
})

const revoked = check('An id opens /me until its logout, and not after it', goodbye, {
  after: logout,
  spec: 'RFC 6265bis §8.4',
  reread: 'what-the-server-keeps',

  verify: ({ before, me, replay }, expect) => {
    expect(before).toHaveStatus(200)
    expect(me).toHaveStatus(401)
    expect(replay).toHaveStatus(401)
  },

  diagnose: {
    'only-browser-forgets': rule({
      when: ({ replay }) => isLetIn(replay) && replay,
      say:
        'Somebody who had copied the value asked for /me after the logout, and you let them in. ' +
        'The browser forgot the session; your server did not.',
    }),
  },
})

const ownSessions = check('Two visitors have unlike sessions, and one can leave alone', twoPeople, {
  after: onlyGivenOut,
  spec: 'RFC 6265bis §8.4',
  reread: 'what-the-server-keeps',

  verify: ({ first, second, adaAsks, benAsks }, expect) => {
    expect(second.value, 'the session of the second visitor', second)
      .toBe(longerThan(LONG - 1))
      .notToBe(first.value)
    const places = differing(first.value, second.value)
    expect(places, 'places where the two sessions differ', second).toBe(atLeast(FAR_APART))
    expect(adaAsks).toHaveStatus(200)
    expect(benAsks).toHaveStatus(200)
  },

  diagnose: {
    'same-for-all': rule({
      when: ({ first, second }) => second.value !== '' && first.value === second.value && second,
      say: ({ value }) =>
        `Both visitors got \`${value}\`: anyone who has logged in once holds everybody's key. ` +
        'Give out a fresh random id at every login.',
    }),
    'counts-up': rule({
      when: ({ first, second }) =>
        second.value.length >= LONG && differing(first.value, second.value) < FAR_APART && second,
      say: ({ value }, { first }) =>
        `The two visitors got \`${first.value}\` and \`${value}\`. However long they are, anyone ` +
        "who has seen one can work out the next, and with it somebody's session.",
    }),
    'one-at-a-time': rule({
      when: ({ adaAsks }) => isUnauthorized(adaAsks) && adaAsks,
      say:
        'The first visitor was logged in until the second one came. Your server remembers one ' +
        'session; it needs one for each id that it gave out.',
    }),
    'logs-everybody-out': rule({
      when: ({ adaAsks, benAsks }) => status(adaAsks) === 200 && isUnauthorized(benAsks) && benAsks,
      say:
        'The first visitor logged out, and then the second one was not let in either. A logout ' +
        'ends only the session whose id its request carries.',
    }),
  },
})

export default {
  stillSent,
  hidden,
  themeVisible,
  notOverwritten,
  lax,
  onlyGivenOut,
  newAtLogin,
  logout,
  revoked,
  ownSessions,
}
