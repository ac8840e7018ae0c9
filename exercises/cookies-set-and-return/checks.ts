import {
  atLeast,
  check,
  cookieSent,
  cookiesSent,
  differing,
  header,
  jsonBody,
  longerThan,
  matching,
  setCookie,
  setCookies,
  type Rule,
  type Exchange,
  rule,
} from '#grader'
import {
  hasEnded,
  isObject,
  isOffBySpaces,
  pathInJar,
  reported,
  roundTrip,
  sessionOf,
  twoVisitors,
} from './scenarios.ts'

/** Counters and clocks differ in fewer characters from one login to the next. */
const FAR_APART = 5

const set = check('Your answer carried a Set-Cookie for session, and Chromium kept it', roundTrip, {
  spec: 'RFC 6265bis §4.1',
  reread: 'three-steps',
  verify: ({ login, jar }, expect) => {
    expect(login).toHaveStatus(200).toSetCookie('session')
    expect(jar).toHold('session', {}, login)
    expect(sessionOf(login), 'the value of session', login ?? undefined).toBe(
      matching('no space, comma or backslash in it', (value: string) => /^[^\s,\\]*$/.test(value)),
    )
  },
  diagnose: {
    'comma-for-semicolon': rule({
      when: ({ login }) => sessionOf(login).includes(','),
      say: (_, { login }) =>
        `Chromium took \`${sessionOf(login)}\` for the value. Only a semicolon ends it; what comes after the first one are the attributes.`,
    }),
    redirected: rule({
      when: ({ login }) =>
        login?.response !== null && Math.floor((login?.response.status ?? 0) / 100) === 3,
      say: (_, { login }) =>
        `Your answer to /login sent Chromium on to ${header(login?.response?.headers ?? [], 'Location') ?? 'another address'}. What is asked of /login is 200 and a page.`,
    }),
    'cookie-in-response': rule({
      when: ({ login }) => header(login?.response?.headers ?? [], 'Cookie') !== undefined,
      say: 'Your answer to /login carried a Cookie field. Servers set with Set-Cookie; Cookie is what clients send.',
    }),
    'comma-joined': rule({
      when: ({ login }) =>
        setCookies(login).some(({ name, line }) => name !== 'session' && /,\s*session=/.test(line)),
      say: 'session stood behind a comma in one Set-Cookie field. To a browser all of it is about the first cookie: each cookie needs a field of its own.',
    }),
    'over-at-once': rule({
      when: ({ login, jar }) => jar.refused.length === 0 && hasEnded(login),
      say: (_, { login }) =>
        `The cookie was over when it came: \`${setCookie(login, 'session')?.line}\`. That is how a cookie is deleted.`,
    }),
    'wrong-domain': rule({
      when: ({ jar }) => jar.refused.some(({ reasons }) => reasons.includes('InvalidDomain')),
      say: (_, { login }) =>
        `Chromium refused the cookie (InvalidDomain): it came by 127.0.0.1, and the cookie was meant for ${setCookie(login, 'session')?.domain}. Without Domain it belongs to the host that was asked.`,
    }),
  },
})

const returned = check('The follow-up request carried it in its Cookie header', roundTrip, {
  after: set,
  spec: 'RFC 6265bis §5.8.3',
  reread: 'where-sent',
  verify: ({ login, whoami }, expect) => {
    expect(whoami).toSendCookie('session', setCookie(login, 'session')?.value)
  },
  diagnose: {
    'path-too-narrow': rule({
      when: ({ whoami, jar }) =>
        cookieSent(whoami, 'session') === undefined &&
        jar.cookies.some(({ name, path }) => name === 'session' && path !== '/'),
      say: (_, { jar }) =>
        `Chromium keeps session for ${pathInJar(jar)} only, so the request for /whoami went out without it. Path=/ covers the whole site.`,
    }),
  },
})

const stranger = check('A visitor without the cookie is reported as null', twoVisitors, {
  after: returned,
  reread: 'stateless',
  verify: ({ stranger }, expect) => {
    expect(stranger).notToSendCookie('session').toHaveStatus(200).toHaveJson({ cookie: null })
  },
  diagnose: {
    'remembers-last-login': rule({
      when: ({ stranger, adaLogin }) =>
        sessionOf(adaLogin) !== '' && reported(stranger) === sessionOf(adaLogin),
      say: "A visitor who had never logged in was told the first one's session: the answer repeated the last login, whoever asked. Only the request says who is asking.",
    }),
    'empty-for-strangers': rule({
      when: ({ stranger }) =>
        isObject(jsonBody(stranger?.response)) &&
        !reported(stranger) &&
        reported(stranger) !== null,
      say: (_, { stranger }) =>
        `No session was in the request, and your answer did not say null. ${reported(stranger) === undefined ? 'JSON.stringify leaves out what is undefined.' : 'An empty value and no cookie are two different things.'}`,
    }),
    'null-as-text': rule({
      when: ({ stranger }) => reported(stranger) === 'null',
      say: 'Your answer said "null", a text of four letters that a cookie could have as its value. JSON has a null of its own, without quotes.',
    }),
  },
})

const read = check('/whoami reported exactly the value that was sent', twoVisitors, {
  after: stranger,
  reread: 'several',
  verify: ({ adaAsks, benAsks, empty }, expect) => {
    expect(adaAsks).toHaveStatus(200).toHaveJson(asSent(adaAsks))
    expect(benAsks).toHaveStatus(200).toHaveJson(asSent(benAsks))
    expect(empty).toHaveStatus(200).toHaveJson({ cookie: '' })
  },
  diagnose: {
    'remembers-last-login': rule({
      when: ({ adaAsks, benLogin, adaLogin }) => {
        const latest = setCookie(benLogin, 'session')?.value
        return latest !== setCookie(adaLogin, 'session')?.value && reported(adaAsks) === latest
      },
      say: "The first visitor was told the second one's session: the answer repeated the last login, whoever asked. Only the request says who is asking.",
    }),
    'splits-at-every-equals': splitsAtEveryEquals(
      (facts: Record<'adaAsks' | 'benAsks', Exchange | null>) => [facts.adaAsks, facts.benAsks],
    ),
    'finds-no-cookie': rule({
      when: ({ adaAsks }) =>
        cookieSent(adaAsks, 'session') !== undefined && reported(adaAsks) === null,
      say: (_, { adaAsks }) =>
        `The request carried \`Cookie: ${header(adaAsks?.request.headers ?? [], 'Cookie')}\`, and you reported null. That field is what browsers send; node:http gives it as \`request.headers.cookie\`, in small letters.`,
    }),
    'whole-field': rule({
      when: ({ adaAsks }) =>
        typeof reported(adaAsks) === 'string' &&
        reported(adaAsks) === header(adaAsks?.request.headers ?? [], 'Cookie'),
      say: 'You reported the whole Cookie field. It has a name and a value for each cookie, and there may be several; asked for is the value of session.',
    }),
    'reads-to-the-end': rule({
      when: ({ empty }) => String(reported(empty)).startsWith(';'),
      say: (_, { empty }) =>
        `\`${header(empty?.request.headers ?? [], 'Cookie')}\` was sent, and you reported what stands behind session= up to the end of the field. The next \`;\` ends the value.`,
    }),
    'empty-counts-as-none': rule({
      when: ({ empty }) => reported(empty) === null,
      say: 'The request carried session with an empty value, and you reported null. A cookie with an empty value is there.',
    }),
  },
})

const everywhere = check('It was also sent to a deeper path', roundTrip, {
  after: returned,
  spec: 'RFC 6265bis §5.1.4',
  reread: 'where-sent',
  verify: ({ login, deep }, expect) => {
    expect(deep).toSendCookie('session', setCookie(login, 'session')?.value)
  },
  diagnose: {
    'set-again': rule({
      when: ({ login, whoami, deep }) =>
        setCookie(whoami, 'session') !== undefined &&
        cookieSent(deep, 'session') !== setCookie(login, 'session')?.value,
      say: (_, { whoami }) =>
        `Your answer to /whoami set session again, to \`${setCookie(whoami, 'session')?.value}\`: whoever only asks has lost the session of the login. A new one is issued at /login alone.`,
    }),
    'only-top-level': rule({
      when: ({ jar }) => jar.cookies.some(({ name, path }) => name === 'session' && path !== '/'),
      say: (_, { jar, deep }) =>
        `Chromium keeps session for ${pathInJar(jar)} and what lies below it; ${deep?.request.path} does not. Path=/ covers the whole site.`,
    }),
  },
})

const fresh = check('Two logins gave two different, long values', twoVisitors, {
  after: set,
  spec: 'RFC 6265bis §8.4',
  reread: 'what-the-server-keeps',
  verify: ({ adaLogin, benLogin }, expect) => {
    const [first, second] = [sessionOf(adaLogin), sessionOf(benLogin)]
    expect(first, 'the session of the first login', adaLogin ?? undefined).toBe(longerThan(15))
    expect(second, 'the session of the second login', benLogin ?? undefined)
      .toBe(longerThan(15))
      .notToBe(first)
    expect(
      differing(first, second),
      'characters in which the two differ',
      benLogin ?? undefined,
    ).toBe(atLeast(FAR_APART))
  },
  diagnose: {
    'counts-up': rule({
      when: ({ adaLogin, benLogin }) =>
        sessionOf(benLogin).length > 15 &&
        sessionOf(adaLogin) !== sessionOf(benLogin) &&
        differing(sessionOf(adaLogin), sessionOf(benLogin)) < FAR_APART,
      say: (_, { adaLogin, benLogin }) =>
        `\`${sessionOf(benLogin)}\` came after \`${sessionOf(adaLogin)}\`. However long they are, whoever has seen one can work out the next.`,
    }),
    guessable: rule({
      when: () => true,
      say: (_, { adaLogin, benLogin }) =>
        sessionOf(adaLogin) === sessionOf(benLogin)
          ? `Two visitors got the same session, \`${sessionOf(benLogin)}\`: each of them holds the other's key.`
          : `Two visitors got \`${sessionOf(adaLogin)}\` and \`${sessionOf(benLogin)}\`. So few characters can be tried out one after another.`,
    }),
  },
})

const amongOthers = check('Neighbouring cookies did not confuse you', roundTrip, {
  after: read,
  reread: 'several',
  verify: ({ amongOthers, spaced }, expect) => {
    expect(amongOthers).toSendCookie('xsession').toHaveJson(asSent(amongOthers))
    expect(spaced).toHaveStatus(200).toHaveJson(asSent(spaced))
  },
  diagnose: {
    'splits-at-every-equals': splitsAtEveryEquals((facts: Record<'spaced', Exchange | null>) => [
      facts.spaced,
    ]),
    'matches-inside-names': rule({
      when: ({ amongOthers, spaced }) =>
        [amongOthers, spaced].some((asked) =>
          cookiesSent(asked).some(
            ({ name, value }) =>
              name !== 'session' && name.includes('session') && value === reported(asked),
          ),
        ),
      say: 'You reported the value of another cookie, whose name only contains `session`. Split at every `;` and compare whole names.',
    }),
    'spaces-in-the-way': rule({
      when: ({ amongOthers, spaced }) => [amongOthers, spaced].some(isOffBySpaces),
      say: (_, { amongOthers, spaced }) => {
        const asked = [amongOthers, spaced].find(isOffBySpaces) ?? spaced
        return `\`${header(asked?.request.headers ?? [], 'Cookie')}\` was sent and ${JSON.stringify(reported(asked))} reported. A \`;\` alone separates cookies; the spaces around a name or a value belong to neither.`
      },
    }),
  },
})

export default { set, returned, stranger, read, everywhere, fresh, amongOthers }

function splitsAtEveryEquals<Facts>(of: (facts: Facts) => (Exchange | null)[]): Rule<Facts> {
  const cut = (asked: Exchange | null) =>
    cookieSent(asked, 'session') !== reported(asked) &&
    cookieSent(asked, 'session')?.split('=', 1)[0] === reported(asked)
  return rule({
    when: (facts: Facts) => of(facts).find(cut),
    say: (asked) =>
      `The value went on after its first =: \`${cookieSent(asked, 'session')}\` was sent and \`${String(reported(asked))}\` reported. Only the first = ends the name.`,
  })
}

/** The JSON /whoami owes this request. Percent-encoding may be undone: cookie-parser does so. */
function asSent(exchange: Exchange | null) {
  const sent = cookieSent(exchange, 'session') ?? null
  const decoded = sent === null ? null : decode(sent)
  return matching(
    JSON.stringify({ cookie: sent }),
    (value: unknown) =>
      isObject(value) && 'cookie' in value && (value.cookie === sent || value.cookie === decoded),
  )
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}
