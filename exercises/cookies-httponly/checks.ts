import {
  atLeast,
  check,
  cookieSent,
  cookiesSent,
  differing,
  header,
  longerThan,
  matching,
  setCookie,
  setCookies,
  type Exchange,
  rule,
} from '#grader'
import {
  brief,
  goodbye,
  inTheConsole,
  misspelt,
  pathWords,
  plantedId,
  sessionOf,
  threeViews,
  twoPeople,
  userIn,
  userOf,
  viewsOfOneJar,
  whereElse,
} from './scenarios.ts'

/** Counters and clocks differ in fewer characters from one login to the next. */
const FAR_APART = 5

const oneReplacedTheOther = rule({
  when: ({ login }: { login: Exchange | null }) => {
    const [only, ...others] = setCookies(login)
    const isOurs = only && ['session', 'theme'].includes(only.name) && !only.line.includes(',')
    return isOurs && others.length === 0 && only
  },
  say: ({ name }) =>
    `Your answer carried one Set-Cookie, for ${name} alone. Two cookies take two fields; one set later under the same field name replaces the one before.`,
})

const stillSent = check(
  'The next request carried session although no script can see it',
  threeViews,
  {
    reread: 'three-steps',
    verify: ({ login, jar, me }, expect) => {
      expect(login).toHaveStatus(200).toSetCookie('session')
      expect(jar).toHold('session', {}, login)
      expect(me)
        .toSendCookie('session', setCookie(login, 'session')?.value)
        .toHaveStatus(200)
        .toHaveJson(someUser)
    },
    diagnose: {
      'local-storage': rule({
        when: ({ login, storage }) =>
          setCookie(login, 'session') === undefined &&
          Array.isArray(storage.value) &&
          storage.value.length > 0,
        say: (_, { storage }) =>
          `No cookie was set; localStorage holds ${String(storage.value)}. Every script can read that, and no request carries it by itself.`,
      }),
      'one-replaces-the-other': oneReplacedTheOther,
      'not-recognised': rule({
        when: ({ login, me }) =>
          me?.response?.status === 401 &&
          sessionOf(login) !== '' &&
          cookieSent(me, 'session') === sessionOf(login),
        say: (_, { me }) =>
          `The request carried \`Cookie: ${header(me?.request.headers ?? [], 'Cookie')}\`, with the id that your login had given out, and you answered 401. Look at what you look up: a cookie ends at the next \`;\`, and other cookies may stand on both sides.`,
      }),
    },
  },
)

const hidden = check('document.cookie in the console does not list session', threeViews, {
  after: stillSent,
  spec: 'RFC 6265bis §4.1.2.6',
  reread: 'who-may-see',
  verify: ({ login, jar, seen, store, scriptSaw }, expect) => {
    expect.show(viewsOfOneJar(login, jar, seen, scriptSaw))
    expect(seen).notToMention('session=')
    expect(store).toGive(
      matching(
        'a list without session',
        (list) => Array.isArray(list) && !list.some((item) => String(item).startsWith('session=')),
      ),
    )
    expect(jar).toHold('session', { httpOnly: true }, login)
    expect(
      whereElse(login, seen) ?? 'nowhere else',
      'where a script finds the value of session',
      login ?? undefined,
    ).toBe('nowhere else')
  },
  diagnose: {
    'told-elsewhere': rule({
      when: ({ login, seen }) =>
        setCookie(login, 'session')?.httpOnly === true && whereElse(login, seen) !== null,
      say: (_, { login, seen }) =>
        `session is HttpOnly, and its value stood in ${whereElse(login, seen)} all the same. What a script is not to have must not be written where it reads.`,
    }),
    'httponly-misspelt': rule({
      when: ({ login }) => misspelt(login) !== undefined,
      say: (_, { login }) =>
        `\`${misspelt(login)}\` is an attribute no browser knows, and Chromium passed over it: scripts read session. It is spelt HttpOnly.`,
    }),
    'no-httponly': rule({
      when: ({ login }) => setCookie(login, 'session')?.httpOnly === false,
      say: (_, { seen }) =>
        `document.cookie listed ${inTheConsole(seen, 'session')}; any script on the page can send it away. The Set-Cookie line carries no HttpOnly.`,
    }),
  },
})

const themeVisible = check('It does list theme, and the script could change it', threeViews, {
  after: stillSent,
  reread: 'who-may-see',
  verify: ({ login, seen, themed }, expect) => {
    expect(login).toSetCookie('theme')
    expect(seen).toMention('theme=dark')
    expect(themed).toMention('theme=light')
  },
  diagnose: {
    'comma-joined': rule({
      when: ({ login }) =>
        setCookie(login, 'theme') === undefined &&
        setCookies(login).some(({ line }) => /,\s*theme=/.test(line)),
      say: 'Both cookies stand in one Set-Cookie field, joined by a comma. The browser saw one cookie with strange attributes; send two fields.',
    }),
    'one-replaces-the-other': oneReplacedTheOther,
    'httponly-on-both': rule({
      when: ({ login }) => setCookie(login, 'theme')?.httpOnly === true,
      say: 'theme was set with HttpOnly too, so the script could not read it.',
    }),
  },
})

const notOverwritten = check("A script's attempt to write session changed nothing", threeViews, {
  after: hidden,
  spec: 'RFC 6265bis §5.7',
  reread: 'who-may-see',
  verify: ({ login, meAgain }, expect) => {
    const sent = cookiesSent(meAgain)
      .filter(({ name }) => name === 'session')
      .map(({ value }) => value)
    expect(sent, 'the session values in the Cookie header', meAgain ?? undefined).toBe([
      setCookie(login, 'session')?.value ?? '',
    ])
    expect(meAgain).toHaveStatus(200)
  },
  diagnose: {
    overwritable: rule({
      when: ({ meAgain }) =>
        cookiesSent(meAgain).filter(({ name }) => name === 'session').length > 1,
      say: (_, { login }) =>
        `The script's session=stolen went out beside yours: yours is kept for ${setCookie(login, 'session')?.path ?? 'one path'} only, which leaves the name free at Path=/. HttpOnly protects a cookie, not its name at other paths.`,
    }),
  },
})

const lax = check(
  'The session says SameSite=Lax itself instead of relying on the default',
  threeViews,
  {
    after: stillSent,
    spec: 'RFC 6265bis §4.1.2.7',
    reread: 'who-may-see',
    verify: ({ login, jar }, expect) => {
      expect(login).toSetCookie('session', { sameSite: 'Lax' })
      expect(jar).toHold('session', { sameSite: 'Lax' }, login)
    },
    diagnose: {
      'lax-by-default': rule({
        when: ({ login }) =>
          setCookie(login, 'session') !== undefined &&
          setCookie(login, 'session')?.sameSite === undefined,
        say: 'session was set without SameSite. The default is weaker than Lax: for its first two minutes such a cookie is also sent with a cross-site form POST.',
      }),
    },
  },
)

const onlyGivenOut = check('Only an id that your server gave out opens /me', twoPeople, {
  after: stillSent,
  spec: 'RFC 6265bis §8.4',
  reread: 'what-the-server-keeps',
  verify: ({ stranger, invented }, expect) => {
    expect(stranger).toHaveStatus(401)
    expect(invented).toHaveStatus(401)
  },
  diagnose: {
    'lets-anybody-in': rule({
      when: ({ stranger }) => userIn(stranger) !== null,
      say: 'Two visitors were logged in when a request without any cookie asked /me, and it was let in, too. Only the Cookie field says who is asking.',
    }),
    'any-value-opens': rule({
      when: ({ stranger, invented }) =>
        stranger?.response?.status === 401 && userIn(invented) !== null,
      say: 'The request carried an invented session, and /me let it in. That a value came says nothing; it has to be one you gave out.',
    }),
    'never-401': rule({
      when: ({ stranger }) => stranger?.response?.status === 200 && userIn(stranger) === null,
      say: 'The request without a cookie was told no user, and its status still said 200: all is well. Without a living session the status is 401.',
    }),
  },
})

const logout = check('After logout the browser no longer has the cookie', goodbye, {
  after: onlyGivenOut,
  spec: 'RFC 6265bis §3.1',
  reread: 'deleting',
  verify: ({ logout, jar }, expect) => {
    expect(logout).toHaveStatus(204)
    expect(jar).notToHold('session', logout)
  },
  diagnose: {
    'tells-the-browser-nothing': rule({
      when: ({ logout }) =>
        logout?.response?.status === 204 && setCookie(logout, 'session') === undefined,
      say: 'Your answer to POST /logout carried no Set-Cookie for session. The browser cannot know that it is over, and keeps its copy.',
    }),
    'emptied-not-ended': rule({
      when: ({ logout }) =>
        setCookies(logout).some(
          ({ name, maxAge, expires }) =>
            name === 'session' && maxAge === undefined && expires === undefined,
        ),
      say: (_, { logout }) =>
        `Your answer to POST /logout set session to ${sessionOf(logout) === '' ? 'an empty value' : `\`${sessionOf(logout)}\``}, without Max-Age=0. That is another value of the cookie, not its end.`,
    }),
    'logout-wrong-path': rule({
      when: ({ login, logout }) =>
        setCookie(logout, 'session') !== undefined &&
        setCookie(logout, 'session')?.path !== setCookie(login, 'session')?.path,
      say: (_, { login, logout }) =>
        `You deleted a cookie that does not exist: session was set with ${pathWords(login)} and deleted with ${pathWords(logout)}. Name, domain and path together say which cookie is meant.`,
    }),
  },
})

const revoked = check('The old value is worthless on the server too', goodbye, {
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
      when: ({ replay }) => userIn(replay) !== null,
      say: 'Somebody who had copied the value asked /me after the logout and was let in. The browser forgot the session; your table did not.',
    }),
  },
})

const newAtLogin = check('A login gives a new id, also to a browser that brings one', plantedId, {
  after: onlyGivenOut,
  spec: 'RFC 6265bis §8.4',
  reread: 'what-the-server-keeps',
  verify: ({ planted, login, thief }, expect) => {
    expect(login).toSetCookie('session')
    expect(sessionOf(login), 'the session of this login', login ?? undefined).notToBe(planted)
    expect(thief).toHaveStatus(401)
  },
  diagnose: {
    'keeps-the-planted-id': rule({
      when: ({ login, thief, planted }) =>
        sessionOf(login) === planted || sessionOf(login) === '' || userIn(thief) !== null,
      say: (_, { planted }) =>
        `Somebody had planted session=${brief(planted)} in this browser. The login kept it, so whoever planted it is logged in as well: session fixation. A fresh id at every login.`,
    }),
  },
})

const ownSessions = check(
  'Two visitors have two sessions, and when one leaves the other stays',
  twoPeople,
  {
    after: onlyGivenOut,
    spec: 'RFC 6265bis §8.4',
    reread: 'what-the-server-keeps',
    verify: ({ adaLogin, benLogin, adaAsks, benAsks }, expect) => {
      expect(sessionOf(benLogin), 'the session of the second visitor', benLogin ?? undefined)
        .toBe(longerThan(15))
        .notToBe(sessionOf(adaLogin))
      expect(
        differing(sessionOf(adaLogin), sessionOf(benLogin)),
        'characters in which the two sessions differ',
        benLogin ?? undefined,
      ).toBe(atLeast(FAR_APART))
      expect(adaAsks).toHaveStatus(200)
      expect(benAsks).toHaveStatus(200)
    },
    diagnose: {
      'same-for-all': rule({
        when: ({ adaLogin, benLogin }) =>
          sessionOf(benLogin) !== '' && sessionOf(adaLogin) === sessionOf(benLogin),
        say: (_, { benLogin }) =>
          `Both visitors got \`${sessionOf(benLogin)}\`: who has logged in once holds everybody's key. A fresh random id at every login.`,
      }),
      'counts-up': rule({
        when: ({ adaLogin, benLogin }) =>
          sessionOf(benLogin).length > 15 &&
          differing(sessionOf(adaLogin), sessionOf(benLogin)) < FAR_APART,
        say: (_, { adaLogin, benLogin }) =>
          `The two got \`${sessionOf(adaLogin)}\` and \`${sessionOf(benLogin)}\`. However long they are, whoever has seen one can work out the next, and with it somebody's session.`,
      }),
      'one-at-a-time': rule({
        when: ({ adaAsks }) => adaAsks?.response?.status === 401,
        say: 'The first visitor was logged in until the second one came. Your server remembers one session; it needs one for each id it gave out.',
      }),
      'logs-everybody-out': rule({
        when: ({ adaAsks, benAsks }) =>
          adaAsks?.response?.status === 200 && benAsks?.response?.status === 401,
        say: 'The first visitor logged out, and the second one was let in no more. A logout ends the session whose id its request carries.',
      }),
    },
  },
)

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

const someUser = matching('{"user": …}', (value: unknown) => userOf(value) !== null)
