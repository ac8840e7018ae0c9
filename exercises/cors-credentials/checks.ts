import {
  bodyText,
  check,
  header,
  headers,
  jsonBody,
  matching,
  setCookies,
  together,
  rule,
} from '#grader'
import {
  allowCredentials,
  allowOrigin,
  friends,
  gotIn,
  ofPreflight,
  permission,
  saidInPreflight,
  seen,
  strangers,
  varies,
  xTotal,
} from './scenarios.ts'

const noStar = check(
  'To requests with cookies you named the one origin that asked, and no star',
  friends,
  {
    spec: 'Fetch, CORS protocol and credentials',
    reread: 'with-cookies',
    verify: ({ first, login, me }, expect) => {
      for (const { exchange } of [login, me]) {
        expect(exchange).toBeAnswered()
        expect(
          allowOrigin(exchange) || 'none',
          'Access-Control-Allow-Origin for a request with cookies',
          exchange ?? undefined,
        ).toBe(first)
      }
    },
    diagnose: {
      'star-with-credentials': rule({
        when: ({ login, me }) => [login, me].some(({ exchange }) => allowOrigin(exchange) === '*'),
        say: (_, { login, me }) =>
          `Chromium withheld the answer (${login.corsError ?? me.corsError ?? 'no reason given'}). For a request with cookies the star is no permission: the answer names the one origin that asked.`,
      }),
      'sends-the-list': rule({
        when: ({ login, friends }) =>
          allowOrigin(login.exchange) === friends ||
          headers(login.exchange?.response?.headers ?? [], 'Access-Control-Allow-Origin').length >
            1,
        say: (_, { login }) =>
          `Access-Control-Allow-Origin names several origins, and to Chromium that is none (${login.corsError ?? 'no reason given'}). It takes one: the origin that asked, when that is a friend's.`,
      }),
      'list-not-split': rule({
        when: ({ login }) => login.corsError === 'MissingAllowOriginHeader',
        say: (_, { first, friends }) =>
          `The page at ${first} was given no permission. FRIENDS was \`${friends}\`: three origins, and this is one of them.`,
      }),
    },
  },
)

const friendReads = check("The friend's page read /me with its cookie", friends, {
  after: noStar,
  spec: 'Fetch, CORS check',
  reread: 'with-cookies',
  verify: ({ user, login, jar, me }, expect) => {
    expect(login.exchange).toHaveStatus(200)
    expect(
      seen(login),
      'what the page saw of the answer to /login',
      login.exchange ?? undefined,
    ).toBe('status 200')
    for (const { name } of setCookies(login.exchange).slice(0, 1))
      expect(jar).toHold(name, {}, login.exchange)
    expect(
      header(me.exchange?.request.headers ?? [], 'Cookie') === undefined ? 'none' : 'one',
      'cookies that Chromium sent to /me',
      me.exchange ?? undefined,
    ).toBe('one')
    expect(me.exchange).toHaveStatus(200).toHaveJson({ user })
    expect(seen(me), 'what the page saw of the answer to /me', me.exchange ?? undefined).toBe(
      'status 200',
    )
  },
  diagnose: {
    'cookie-for-one-path': rule({
      when: ({ jar, me }) =>
        header(me.exchange?.request.headers ?? [], 'Cookie') === undefined &&
        jar.cookies.some(({ path }) => !'/me'.startsWith(path)),
      say: (_, { jar }) =>
        `Chromium keeps ${jar.cookies[0]!.name} for ${jar.cookies[0]!.path} and what lies below it, and sent it nowhere else. Path=/ covers the whole site.`,
    }),
    'credentials-misspelt': rule({
      when: ({ login, me }) =>
        [login, me].some(
          ({ exchange, corsError }) =>
            corsError === 'InvalidAllowCredentials' && allowCredentials(exchange) !== undefined,
        ),
      say: (_, { login, me }) =>
        `Access-Control-Allow-Credentials was \`${[login, me].map(({ exchange }) => allowCredentials(exchange)).find((value) => value !== undefined)}\`. It counts only as \`true\`, letter by letter, so Chromium withheld the answer (InvalidAllowCredentials).`,
    }),
    'no-allow-credentials': rule({
      when: ({ login, me }) =>
        [login, me].some(({ corsError }) => corsError === 'InvalidAllowCredentials'),
      say: (_, { first }) =>
        `Your answer named ${first}, and nothing in it said that cookies are welcome. Chromium withheld it (InvalidAllowCredentials).`,
    }),
  },
})

const customReadable = check("The friend's page could read X-Total", friends, {
  after: friendReads,
  spec: 'Fetch, CORS-safelisted response-header name',
  reread: 'both-answers',
  verify: ({ me }, expect) => {
    expect(me.exchange).toHaveHeader(
      'X-Total',
      matching('1, for one login so far', (value) => value.trim() === '1'),
    )
    expect(xTotal(me), 'X-Total, as the page saw it', me.exchange ?? undefined).toBe(
      header(me.exchange?.response?.headers ?? [], 'X-Total')?.trim() ?? '',
    )
  },
  diagnose: {
    'star-exposes-nothing': rule({
      when: ({ me }) =>
        xTotal(me) === 'not there' &&
        header(me.exchange?.response?.headers ?? [], 'Access-Control-Expose-Headers')?.trim() ===
          '*',
      say: "Access-Control-Expose-Headers was a star, and headers.get('X-Total') gave null. With cookies a star shows only a field that is called star.",
    }),
    'not-exposed': rule({
      when: ({ me }) =>
        header(me.exchange?.response?.headers ?? [], 'X-Total') !== undefined &&
        xTotal(me) === 'not there',
      say: (_, { me }) =>
        `X-Total: ${header(me.exchange?.response?.headers ?? [], 'X-Total')} was on the wire, and headers.get('X-Total') gave null. It is not among the few fields that a page may read unasked.`,
    }),
  },
})

const preflightCredentials = check('PATCH with cookies passed its preflight', friends, {
  after: friendReads,
  spec: 'Fetch, CORS-preflight fetch',
  reread: 'the-question',
  verify: ({ renamed, patch, after }, expect) => {
    expect(patch.preflight).toBeAnswered()
    expect(
      patch.exchange ? 'accepted' : (patch.corsError ?? patch.error ?? 'not sent'),
      "Chromium's verdict on the answer to OPTIONS",
      patch.preflight ?? undefined,
    ).toBe('accepted')
    expect(patch.exchange).toHaveStatus(200).toHaveJson({ user: renamed })
    expect(
      seen(patch),
      'what the page saw of the answer to PATCH',
      patch.exchange ?? undefined,
    ).toBe('status 200')
    expect(after.exchange).toHaveStatus(200).toHaveJson({ user: renamed })
  },
  diagnose: {
    'star-in-preflight': rule({
      when: ({ patch }) =>
        patch.exchange === null &&
        [
          ...ofPreflight(patch, 'Access-Control-Allow-Methods'),
          ...ofPreflight(patch, 'Access-Control-Allow-Headers'),
        ].some((value) => value.trim() === '*'),
      say: (_, { patch }) =>
        `${patch.corsError}: with cookies a star is a method or a field that is called star, and PATCH and content-type are called otherwise.`,
    }),
    'preflight-unanswered': rule({
      when: ({ patch }) =>
        patch.corsError === 'PreflightInvalidStatus' &&
        [404, 405, 501].includes(patch.preflight?.response?.status ?? 0),
      say: (_, { patch }) =>
        `Before the PATCH, Chromium asked with OPTIONS, and the question itself got ${patch.preflight?.response?.status}. Only a 2xx status permits; the PATCH never left the browser.`,
    }),
    'preflight-needs-session': rule({
      when: ({ patch }) => patch.corsError === 'PreflightInvalidStatus',
      say: (_, { patch }) =>
        `The question got ${patch.preflight?.response?.status}. A preflight carries no cookies, whoever is logged in.`,
    }),
    'patch-unlisted': rule({
      when: ({ patch }) => patch.corsError === 'MethodDisallowedByPreflightResponse',
      say: (_, { patch }) =>
        `Chromium asked whether it may send PATCH, and the answer ${saidInPreflight(patch, 'Access-Control-Allow-Methods')}. The PATCH never left the browser.`,
    }),
    'content-type-unlisted': rule({
      when: ({ patch }) => patch.corsError === 'HeaderDisallowedByPreflightResponse',
      say: (_, { patch }) =>
        `Chromium asked whether it may send content-type, and the answer ${saidInPreflight(patch, 'Access-Control-Allow-Headers')}. The PATCH never left the browser.`,
    }),
  },
})

const enemyRefused = check('No look-alike origin, nor null, was given permission', strangers, {
  after: noStar,
  spec: 'RFC 9110 §4.3.1',
  reread: 'with-cookies',
  verify: ({ stranger, far, read, framed, asked, byFriend }, expect) => {
    expect(read.exchange).toBeAnswered()
    for (const { origin, answer } of asked)
      expect(permission(answer, origin), `permission for ${origin}`, answer ?? undefined).toBe(
        'none',
      )
    expect(seen(read), `what the page at ${stranger} saw`, read.exchange ?? undefined).toBe(
      matching('nothing', (said: string) => said.startsWith('nothing')),
    )
    expect(
      framed.error === null ? 'an answer' : 'nothing',
      'what a sandboxed frame saw, whose origin is null',
    ).toBe('nothing')
    expect(
      permission(byFriend, far),
      `permission for ${far}, a friend`,
      byFriend ?? undefined,
    ).toBe(far)
  },
  diagnose: {
    'echoes-any-origin': rule({
      when: ({ asked, read, stranger }) =>
        allowOrigin(read.exchange) === stranger &&
        asked.filter(({ answer, origin }) => allowOrigin(answer) === origin).length >=
          asked.length - 1,
      say: (_, { stranger }) =>
        `The page at ${stranger} was named in your answer, and so was everybody else who asked. Any site can now read the accounts of its visitors.`,
    }),
    'trusts-null': rule({
      when: ({ asked }) => gotIn(asked).join() === 'null',
      say: 'Origin: null was given permission. Every page can have that origin, by a frame with the attribute sandbox.',
    }),
    'substring-match': rule({
      when: ({ asked, far }) => gotIn(asked).includes(far.slice(0, -1)),
      say: (_, { asked }) =>
        `${gotIn(asked)[0]} was given permission. It stands in FRIENDS, as a part of a friend's address, and is nobody's.`,
    }),
    'prefix-match': rule({
      when: ({ asked, far }) => gotIn(asked).includes(`${far}.evil.test`),
      say: (_, { asked }) =>
        `${gotIn(asked)[0]} was given permission. It begins like a friend and belongs to whoever owns evil.test.`,
    }),
    'host-match': rule({
      when: ({ asked }) => gotIn(asked).length > 0,
      say: (_, { asked, far }) =>
        `${gotIn(asked)[0]} was given permission; the friend is ${far}. Scheme, host and port together are an origin.`,
    }),
  },
})

const vary = check(
  'Your second friend was not served the copy that was made for the first',
  together({ friends, strangers }),
  {
    after: friendReads,
    spec: 'Fetch, CORS protocol and HTTP caches',
    reread: 'both-answers',
    verify: (
      { friends: { publicForFirst, publicForSecond, second }, strangers: { plainPublic } },
      expect,
    ) => {
      expect(publicForFirst.exchange)
        .toHaveStatus(200)
        .toHaveHeader(
          'Cache-Control',
          matching(
            'max-age=60',
            (value) =>
              /(?:^|[\s,])max-age=60(?:[\s,]|$)/i.test(value) && !/no-store|no-cache/i.test(value),
          ),
        )
      expect(
        seen(publicForSecond),
        `what the page at ${second} saw of /public`,
        publicForFirst.exchange ?? undefined,
      ).toBe('status 200')
      for (const exchange of [publicForFirst.exchange, plainPublic])
        expect(exchange).toHaveHeader(
          'Vary',
          matching('Origin', (value) =>
            value.split(',').some((name) => /^(origin|\*)$/i.test(name.trim())),
          ),
        )
    },
    diagnose: {
      'no-vary': rule({
        when: ({ friends: { publicForSecond } }) =>
          publicForSecond.exchange === null && publicForSecond.seen === null,
        say: (_, { friends: { first, second, publicForSecond } }) =>
          `${second} asked for /public and nothing crossed the wire: Chromium had a copy, on which your answer permits ${first}, and refused it (${publicForSecond.corsError ?? 'no permission'}). The answer depended on who asked and did not say so.`,
      }),
      'vary-for-friends-only': rule({
        when: ({ friends: { publicForFirst }, strangers: { plainPublic } }) =>
          varies(publicForFirst.exchange) && !varies(plainPublic),
        say: 'Without an Origin your answer said nothing of Vary. A copy of it, kept from an <img>, carries no permission and would be served to a friend, whose fetch then fails.',
      }),
    },
  },
)

const noOriginOk = check('A request without Origin still works', strangers, {
  reread: 'same-origin',
  verify: ({ user, plainLogin, plainMe, plainPublic }, expect) => {
    expect(plainLogin).toHaveStatus(200)
    expect(plainMe).toHaveStatus(200).toHaveJson({ user })
    expect(plainPublic).toHaveStatus(200)
    expect(
      bodyText(plainPublic!.response!) !== '' && jsonBody(plainPublic?.response) !== undefined
        ? 'JSON'
        : 'no JSON',
      'the content',
      plainPublic ?? undefined,
    ).toBe('JSON')
  },
  diagnose: {
    'origin-required': rule({
      when: ({ plainLogin, plainPublic }) =>
        [plainLogin, plainPublic].some((answer) => (answer?.response?.status ?? 0) >= 400),
      say: (_, { plainLogin, plainPublic }) =>
        `A client that sent no Origin got ${[plainLogin, plainPublic].find((answer) => (answer?.response?.status ?? 0) >= 400)?.response?.status}. Only browsers send one, and not always; who may do what is for the session to decide.`,
    }),
  },
})

const sessionNeeded = check(
  'Without a session that you gave out, /me is answered with 401',
  strangers,
  {
    after: noOriginOk,
    spec: 'RFC 9110 §15.5.2',
    reread: 'same-origin',
    verify: ({ nobody, invented, renaming }, expect) => {
      for (const asked of [nobody, invented, renaming]) expect(asked).toHaveStatus(401)
    },
    diagnose: {
      'lets-anybody-in': rule({
        when: ({ nobody, invented, renaming }) =>
          [nobody, invented, renaming].some((asked) => asked?.response?.status === 200),
        say: (_, { nobody, invented, renaming }) => {
          const { method, headers: fields } = [nobody, invented, renaming].find(
            (asked) => asked?.response?.status === 200,
          )!.request
          return `${method} /me came ${header(fields, 'Cookie') === undefined ? 'without any cookie' : 'with a session that somebody had made up'}, and was let in. CORS says which pages may read; who is asking, only a session that you gave out can tell.`
        },
      }),
    },
  },
)

export default {
  noStar,
  friendReads,
  customReadable,
  preflightCredentials,
  enemyRefused,
  vary,
  noOriginOk,
  sessionNeeded,
}
