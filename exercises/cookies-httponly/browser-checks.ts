import { check, cookieSent, rule, sentField, setCookies, status, type SetCookie } from '#grader'
import { misspeltHttpOnly, someUser, threeViews, withoutSession } from './scenarios.ts'
import { viewsOfOneJar } from './views.ts'

const oneReplacedTheOther = rule({
  when: ({ onlyCookie }: { onlyCookie: SetCookie | undefined }) => onlyCookie,
  say: ({ name }) =>
    `Your answer carried one Set-Cookie, for ${name} alone. Two cookies need two fields; a field ` +
    'that is set again under the same name replaces the first.',
})

export const stillSent = check(
  'GET /login sets session, and /me answers with its user',
  threeViews,
  {
    reread: 'three-steps',

    verify: ({ login, session, jar, me }, expect) => {
      expect(login).toHaveStatus(200).toSetCookie('session')
      expect(jar).toHold('session', {}, login)
      expect(me).toSendCookie('session', session?.value).toHaveStatus(200).toHaveJson(someUser)
    },

    diagnose: {
      'local-storage': rule({
        when: ({ session, storage }) => !session && Array.isArray(storage.value) && storage.value,
        say: (keys) =>
          `Your login set no session cookie; localStorage holds ${keys.join(', ')}. Every script ` +
          'can read that, and no request carries it by itself.',
      }),
      'one-replaces-the-other': oneReplacedTheOther,
      'not-recognised': rule({
        when: ({ session, me }) =>
          status(me) === 401 &&
          session &&
          cookieSent(me, 'session') === session.value &&
          sentField(me, 'Cookie'),
        say: (cookies) =>
          `The request carried \`Cookie: ${cookies}\`, with the id that your login had given out, ` +
          'but you answered 401. A value ends at the next `;`, and other cookies may come before ' +
          'and after it.',
      }),
    },
  },
)

export const hidden = check('No script can read session', threeViews, {
  after: stillSent,
  spec: 'RFC 6265bis §4.1.2.6',
  reread: 'who-may-see',

  verify: ({ leak, store, ...views }, expect) => {
    expect.show(viewsOfOneJar(views))
    expect(views.seen).notToMention('session=')
    expect(store).toGive(withoutSession)
    expect(views.jar).toHold('session', { httpOnly: true }, views.login)
    const place = leak ?? 'nowhere else'
    expect(place, 'where a script finds the value of session', views.login).toBe('nowhere else')
  },

  diagnose: {
    'told-elsewhere': rule({
      when: ({ session, leak }) => session?.httpOnly && leak,
      say: (place) =>
        `session is HttpOnly, but its value is also in ${place}, where scripts can read it.`,
    }),
    'httponly-misspelt': rule({
      when: ({ session }) => session && misspeltHttpOnly(session),
      say: (name) =>
        `No browser knows an attribute \`${name}\`, so Chromium ignored it, and scripts can read ` +
        'session. It is spelt HttpOnly.',
    }),
    'no-httponly': rule({
      when: ({ session }) => session?.httpOnly === false,
      say:
        'Your Set-Cookie for session carries no HttpOnly, so any script on the page can read the ' +
        'value and send it away.',
    }),
  },
})

export const themeVisible = check('Scripts can read theme and change it', threeViews, {
  after: stillSent,
  reread: 'who-may-see',

  verify: ({ login, seen, themed }, expect) => {
    expect(login).toSetCookie('theme')
    expect(seen).toMention('theme=dark')
    expect(themed).toMention('theme=light')
  },

  diagnose: {
    'comma-joined': rule({
      when: ({ login, theme }) =>
        !theme && setCookies(login).some(({ line }) => /,\s*theme=/.test(line)),
      say:
        'You joined both cookies with a comma in one Set-Cookie field. A browser reads one ' +
        'cookie from each field: send two fields.',
    }),
    'one-replaces-the-other': oneReplacedTheOther,
    'httponly-on-both': rule({
      when: ({ theme }) => theme?.httpOnly,
      say: 'theme was set with HttpOnly, too, so the script could not read it.',
    }),
  },
})

export const notOverwritten = check('A script that writes session changes nothing', threeViews, {
  after: hidden,
  spec: 'RFC 6265bis §5.7',
  reread: 'who-may-see',

  verify: ({ session, meAgain, sentAgain }, expect) => {
    const own = [session?.value ?? '']
    expect(sentAgain, 'the session values in the Cookie header', meAgain).toBe(own)
    expect(meAgain).toHaveStatus(200)
  },

  diagnose: {
    overwritable: rule({
      when: ({ session, sentAgain }) => sentAgain.length > 1 && session?.path,
      say: (path) =>
        `The script's session=stolen went out beside yours: Chromium keeps yours for ${path} ` +
        'only, so the name was free at Path=/. HttpOnly protects a cookie, not its name at ' +
        'other paths.',
    }),
  },
})

export const lax = check('session is set with SameSite=Lax, not left to the default', threeViews, {
  after: stillSent,
  spec: 'RFC 6265bis §4.1.2.7',
  reread: 'who-may-see',

  verify: ({ login, jar }, expect) => {
    expect(login).toSetCookie('session', { sameSite: 'Lax' })
    expect(jar).toHold('session', { sameSite: 'Lax' }, login)
  },

  diagnose: {
    'lax-by-default': rule({
      when: ({ session }) => session && session.sameSite === undefined,
      say:
        "session was set without SameSite. Chromium's default is weaker than Lax: for its first " +
        'two minutes such a cookie is also sent with a cross-site form POST.',
    }),
  },
})
