import {
  atLeast,
  check,
  cookieSent,
  cookiesSent,
  differing,
  field,
  hasStatus,
  json,
  longerThan,
  matching,
  path,
  rule,
  sendsCookie,
  sentField,
  setCookie,
  setCookies,
} from '#grader'
import {
  asSent,
  hasEnded,
  isCutAtEquals,
  isObject,
  isOffBySpaces,
  reported,
  roundTrip,
  twoVisitors,
  type Misread,
} from './scenarios.ts'

/** Counters and clocks differ in fewer characters from one login to the next. */
const FAR_APART = 5
const LONG = 16
const isRedirect = hasStatus(301, 302, 303, 307, 308)

const set = check('GET /login answers 200 and sets a session that Chromium keeps', roundTrip, {
  spec: 'RFC 6265bis §4.1',
  reread: 'three-steps',

  verify: ({ login, session, jar }, expect) => {
    expect(login).toHaveStatus(200).toSetCookie('session')
    expect(jar).toHold('session', {}, login)
    expect(session?.value ?? '', 'the value of session', login).toBe(
      matching('no white space, comma or backslash in it', (value) => /^[^\s,\\]*$/.test(value)),
    )
  },

  diagnose: {
    'comma-for-semicolon': rule({
      when: ({ session }) => session?.value.includes(',') && session.value,
      say: (value) =>
        `Chromium read all of \`${value}\` as the value. Only a semicolon ends the value; ` +
        'the attributes come after it.',
    }),
    redirected: rule({
      when: ({ login }) => isRedirect(login) && field(login, 'Location'),
      say: (location) =>
        `Your answer to /login sent Chromium on to ${location}. Answer 200, with a page.`,
    }),
    'cookie-in-response': rule({
      when: ({ login }) => field(login, 'Cookie'),
      say:
        'Your answer to /login carried a Cookie field. Servers set cookies with Set-Cookie; ' +
        'Cookie is what clients send.',
    }),
    'comma-joined': rule({
      when: ({ login, session }) =>
        !session && setCookies(login).find(({ line }) => /,\s*session=/.test(line)),
      say: ({ name }) =>
        `You wrote session after a comma, in the Set-Cookie field of ${name}. A browser reads ` +
        'one cookie from each field: give session a field of its own.',
    }),
    'over-at-once': rule({
      when: ({ login, session, jar }) =>
        jar.refused.length === 0 && session && hasEnded(session, login) && session.line,
      say: (line) =>
        `The cookie had ended when it came: \`${line}\`. That is how a server deletes a cookie.`,
    }),
    'wrong-domain': rule({
      when: ({ session, jar }) =>
        jar.refused.some(({ reasons }) => reasons.includes('InvalidDomain')) && session?.domain,
      say: (domain) =>
        'Chromium refused the cookie (InvalidDomain): it came from 127.0.0.1, but its Domain is ' +
        `${domain}. Without Domain, a cookie belongs to the host that set it.`,
    }),
  },
})

const returned = check('Chromium sends that session to /whoami', roundTrip, {
  after: set,
  spec: 'RFC 6265bis §5.8.3',
  reread: 'where-sent',

  verify: ({ session, whoami }, expect) => {
    expect(whoami).toSendCookie('session', session?.value)
  },

  diagnose: {
    'path-too-narrow': rule({
      when: ({ whoami, onlyFor }) => !sendsCookie('session')(whoami) && onlyFor,
      say: (folder) =>
        `Chromium keeps session for ${folder} only, so the request for /whoami went out without ` +
        'it. Path=/ covers the whole site.',
    }),
  },
})

const stranger = check('/whoami answers null to a visitor without the cookie', twoVisitors, {
  after: returned,
  reread: 'stateless',

  verify: ({ stranger }, expect) => {
    expect(stranger).notToSendCookie('session').toHaveStatus(200).toHaveJson({ cookie: null })
  },

  diagnose: {
    'remembers-last-login': rule({
      when: ({ stranger, first }) => first.value !== '' && reported(stranger) === first.value,
      say:
        "A visitor who had never logged in got the first visitor's session: your answer " +
        'repeated the last login. Only the request says who is asking.',
    }),
    'empty-for-strangers': rule({
      when: ({ stranger }) => {
        const value = reported(stranger)
        return isObject(json(stranger)) && (value === undefined || value === '') && { value }
      },
      say: ({ value }) =>
        'The request had no session, and your answer did not say null. ' +
        (value === undefined
          ? 'JSON.stringify leaves out what is undefined.'
          : 'An empty value and no cookie are two different things.'),
    }),
    'null-as-text': rule({
      when: ({ stranger }) => reported(stranger) === 'null',
      say:
        'Your answer said "null", a string of four letters, which a cookie could have as its ' +
        'value. JSON has a null of its own, without quotes.',
    }),
  },
})

const read = check('/whoami answers exactly the value that was sent', twoVisitors, {
  after: stranger,
  reread: 'three-steps',

  verify: ({ adaAsks, benAsks, empty }, expect) => {
    for (const asked of [adaAsks, benAsks, empty]) {
      expect(asked).toHaveStatus(200).toHaveJson(asSent(asked))
    }
  },

  diagnose: {
    'remembers-last-login': rule({
      when: ({ first, second, misread }) =>
        first.value !== second.value && misread?.reported === second.value,
      say:
        "The first visitor got the second visitor's session: your answer repeated the last " +
        'login. Only the request says who is asking.',
    }),
    'splits-at-every-equals': rule({
      when: ({ misread }) => misread && isCutAtEquals(misread) && misread,
      say: (misread) => cutAtEquals(misread),
    }),
    'empty-counts-as-none': rule({
      when: ({ misread }) => misread?.sent === '' && misread.reported === null && misread,
      say:
        'The request carried session with an empty value, but you answered null. ' +
        'A cookie with an empty value is there.',
    }),
    'finds-no-cookie': rule({
      when: ({ misread }) => misread?.reported === null && sentField(misread, 'Cookie'),
      say: (cookies) =>
        `The request carried \`Cookie: ${cookies}\`, but you answered null. Browsers send the ` +
        'field Cookie; node:http gives it as `request.headers.cookie`, in small letters.',
    }),
    'whole-field': rule({
      when: ({ misread }) => misread && misread.reported === sentField(misread, 'Cookie'),
      say:
        'You answered with the whole Cookie field. It has a name and a value for each cookie, ' +
        'and there may be several; answer with the value of session alone.',
    }),
    'reads-to-the-end': rule({
      when: ({ misread }) =>
        String(misread?.reported).startsWith(';') && sentField(misread, 'Cookie'),
      say: (cookies) =>
        `The request carried \`${cookies}\`, and you answered with all that follows session=, ` +
        'up to the end of the field. The next `;` ends the value.',
    }),
  },
})

const everywhere = check('Chromium sends the same session to a deeper path, too', roundTrip, {
  after: returned,
  spec: 'RFC 6265bis §5.1.4',
  reread: 'where-sent',

  verify: ({ session, deep }, expect) => {
    expect(deep).toSendCookie('session', session?.value)
  },

  diagnose: {
    'set-again': rule({
      when: ({ session, whoami, deep }) =>
        cookieSent(deep, 'session') !== session?.value && setCookie(whoami, 'session')?.value,
      say: (value) =>
        `Your answer to /whoami set session again, to \`${value}\`, so the session of the login ` +
        'is lost. Only /login may give out a new one.',
    }),
    'only-top-level': rule({
      when: ({ onlyFor }) => onlyFor,
      say: (folder, { deep }) =>
        `Chromium keeps session for ${folder} and the paths below it, and ${path(deep)} isn't ` +
        'one of them. Path=/ covers the whole site.',
    }),
  },
})

const fresh = check('Two logins gave two long values that have little in common', twoVisitors, {
  after: set,
  spec: 'RFC 6265bis §8.4',
  reread: 'what-the-server-keeps',

  verify: ({ first, second }, expect) => {
    const isLong = longerThan(LONG - 1)
    expect(first.value, 'the session of the first login', first).toBe(isLong)
    expect(second.value, 'the session of the second login', second)
      .toBe(isLong)
      .notToBe(first.value)
    const places = differing(first.value, second.value)
    expect(places, 'places where the two sessions differ', second).toBe(atLeast(FAR_APART))
  },

  diagnose: {
    guessable: rule({
      when: ({ first, second }) =>
        first.value !== '' && first.value === second.value && first.value,
      say: (value) =>
        `Two visitors got the same session, \`${value}\`: each of them holds the other's key.`,
    }),
    'too-short': rule({
      when: ({ first, second }) =>
        [first, second].find(({ value }) => value !== '' && value.length < LONG),
      say: ({ value }) =>
        `\`${value}\` is shorter than ${LONG} characters. So few can be tried out one after ` +
        'another.',
    }),
    'counts-up': rule({
      when: ({ first, second }) => first.value !== '' && second.value !== '' && second,
      say: ({ value }, { first }) =>
        `\`${value}\` came after \`${first.value}\`. However long they are, anyone who has seen ` +
        'one can work out the next.',
    }),
  },
})

const amongOthers = check('/whoami finds session among other cookies', roundTrip, {
  after: read,
  reread: 'three-steps',

  verify: ({ amongOthers, spaced }, expect) => {
    expect(amongOthers).toSendCookie('xsession').toHaveStatus(200).toHaveJson(asSent(amongOthers))
    expect(spaced).toHaveStatus(200).toHaveJson(asSent(spaced))
  },

  diagnose: {
    'splits-at-every-equals': rule({
      when: ({ misread }) => misread && isCutAtEquals(misread) && misread,
      say: (misread) => cutAtEquals(misread),
    }),
    'matches-inside-names': rule({
      when: ({ misread }) =>
        cookiesSent(misread).find(
          ({ name, value }) =>
            name !== 'session' && name.includes('session') && value === misread?.reported,
        ),
      say: ({ name }) =>
        `You answered with the value of \`${name}\`, whose name only contains \`session\`. ` +
        'Split at every `;` and compare whole names.',
    }),
    'spaces-in-the-way': rule({
      when: ({ misread }) => misread && isOffBySpaces(misread) && misread,
      say: (misread) =>
        `\`${sentField(misread, 'Cookie')}\` arrived, and you answered ` +
        `${JSON.stringify(misread.reported)}. A \`;\` alone separates cookies; the spaces around ` +
        'a name or a value belong to neither.',
    }),
  },
})

export default { set, returned, stranger, read, everywhere, fresh, amongOthers }

function cutAtEquals({ sent, reported: answered }: Misread): string {
  return (
    `The value went on after its first =: the request carried \`${sent}\`, and you answered ` +
    `\`${String(answered)}\`. Only the first = ends the name.`
  )
}
