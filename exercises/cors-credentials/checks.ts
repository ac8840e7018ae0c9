import { check, field, hasStatus, rule, status } from '#grader'
import {
  anyJson,
  cookieOf,
  CREDENTIALS,
  EXPOSED,
  FIELDS,
  isStar,
  METHODS,
  naming,
  nothing,
  oneLogin,
  oneMinute,
  ORIGIN,
  permission,
  permitted,
  refusedFor,
  said,
  varies,
} from './permissions.ts'
import { friends, strangers } from './scenarios.ts'

const noStar = check('Answers to requests with cookies named the one origin that asked', friends, {
  spec: 'Fetch, CORS protocol and credentials',
  reread: 'with-cookies',

  verify: ({ first, login, me }, expect) => {
    for (const { exchange } of [login, me]) {
      expect(exchange).toBeAnswered()
      expect(permitted(exchange), `${ORIGIN} for a request with cookies`, exchange).toBe(first)
    }
  },

  diagnose: {
    'star-with-credentials': rule({
      when: ({ login, me }) => [login, me].find(({ exchange }) => permitted(exchange) === '*'),
      say: ({ refusal }) =>
        'The answer to a request with cookies has to name the one origin that asked. Yours had a ' +
        `star, so Chromium withheld it (${refusal ?? 'no reason given'}).`,
    }),
    'sends-the-list': rule({
      when: ({ login, me }) =>
        [login, me].find(({ exchange }) => permitted(exchange).includes(',')),
      say: ({ refusal }) =>
        `${ORIGIN} names several origins, and Chromium accepts only one ` +
        `(${refusal ?? 'no reason given'}): the origin that asked, if it is a friend's.`,
    }),
    'list-not-split': rule({
      when: ({ login, first, list }) =>
        login.refusal === 'MissingAllowOriginHeader' && { first, list },
      say: ({ first, list }) =>
        `Your answer did not permit the page at ${first}. ` +
        `FRIENDS was \`${list}\`: three origins, and this is one of them.`,
      alsoEarnedBy: ['stub', 'empty-200', 'endless-body'],
    }),
  },
})

const friendReads = check("The friend's page read /me with its cookie", friends, {
  after: noStar,
  spec: 'Fetch, CORS check',
  reread: 'with-cookies',

  verify: ({ user, login, session, jar, me }, expect) => {
    expect(login.exchange).toHaveStatus(200)
    expect(login.seen, 'what the page saw of POST /login', login.exchange).toBe('status 200')
    expect(login.exchange).toSetCookie(session)
    expect(jar).toHold(session, { path: '/' }, login.exchange)
    expect(me.exchange).toSendCookie(session).toHaveStatus(200).toHaveJson({ user })
    expect(me.seen, 'what the page saw of GET /me', me.exchange).toBe('status 200')
  },

  diagnose: {
    'cookie-for-one-path': rule({
      when: ({ session, jar }) =>
        jar.cookies.find(({ name, path }) => name === session && path !== '/'),
      say: ({ name, path }) =>
        `Chromium keeps ${name} for ${path} and what is below it, so it sends other requests ` +
        'without it. Path=/ covers the whole site.',
    }),
    'credentials-misspelt': rule({
      when: ({ withheld }) => field(withheld?.exchange, CREDENTIALS),
      say: (value) =>
        `${CREDENTIALS} was \`${value}\`. It counts only as \`true\`, letter by letter, so ` +
        'Chromium withheld the answer (InvalidAllowCredentials).',
    }),
    'no-allow-credentials': rule({
      when: ({ withheld }) => withheld,
      say: ({ exchange }) =>
        `Your answer permitted ${permitted(exchange)}, but it had no ${CREDENTIALS}. ` +
        'So Chromium withheld it (InvalidAllowCredentials).',
    }),
  },
})

const customReadable = check("The friend's page could read X-Total", friends, {
  after: friendReads,
  spec: 'Fetch, CORS-safelisted response-header name',
  reread: 'both-answers',

  verify: ({ me, totalSeen }, expect) => {
    expect(me.exchange).toHaveHeader('X-Total', oneLogin)
    expect(totalSeen ?? 'not there', 'X-Total, as the page saw it', me.exchange).toBe(oneLogin)
  },

  diagnose: {
    'star-exposes-nothing': rule({
      when: ({ me, totalSeen }) => totalSeen === undefined && isStar(me.exchange, EXPOSED),
      say:
        `${EXPOSED} was a star, and headers.get('X-Total') gave null. For a request with ` +
        'cookies a star exposes only a field whose name is a star.',
    }),
    'not-exposed': rule({
      when: ({ me, totalSeen }) => totalSeen === undefined && field(me.exchange, 'X-Total'),
      say: (total) =>
        `X-Total: ${total} was on the wire, and headers.get('X-Total') gave null. ` +
        `A page can read it only if ${EXPOSED} names it.`,
    }),
  },
})

const preflightCredentials = check("The friend's page changed its user with PATCH", friends, {
  after: friendReads,
  spec: 'Fetch, CORS-preflight fetch',
  reread: 'the-question',

  verify: ({ renamed, patch, meAfter }, expect) => {
    expect(patch.preflight).toBeAnswered()
    const what = 'what Chromium did with the PATCH after your answer to OPTIONS'
    expect(patch.sent, what, patch.preflight).toBe('sent it')
    expect(patch.exchange).toHaveStatus(200).toHaveJson({ user: renamed })
    expect(patch.seen, 'what the page saw of PATCH /me', patch.exchange).toBe('status 200')
    expect(meAfter.exchange).toHaveStatus(200).toHaveJson({ user: renamed })
  },

  diagnose: {
    'star-in-preflight': rule({
      when: ({ patch }) =>
        patch.exchange === null &&
        (isStar(patch.preflight, METHODS) || isStar(patch.preflight, FIELDS)) &&
        patch,
      say: ({ refusal }) =>
        'For a request with cookies a star permits only a method or a field whose name is a ' +
        `star, not PATCH and content-type. So Chromium refused (${refusal}).`,
    }),
    'preflight-unanswered': rule({
      when: ({ patch }) =>
        hasStatus(404, 405, 501)(patch.preflight) && refusedFor('PreflightInvalidStatus', patch),
      say: (preflight) =>
        `Before the PATCH, Chromium sent OPTIONS and got ${status(preflight)}. ` +
        'Only a 2xx status permits, so the PATCH never left the browser.',
    }),
    'preflight-needs-session': rule({
      when: ({ patch }) => refusedFor('PreflightInvalidStatus', patch),
      say: (preflight) =>
        `Your server answered the preflight with ${status(preflight)}. A preflight carries no ` +
        'cookies, even when the user is logged in, so it must not need a session.',
    }),
    'patch-unlisted': rule({
      when: ({ patch }) => refusedFor('MethodDisallowedByPreflightResponse', patch),
      say: (preflight) => `Chromium asked to send PATCH, and ${said(preflight, METHODS)}.`,
    }),
    'content-type-unlisted': rule({
      when: ({ patch }) => refusedFor('HeaderDisallowedByPreflightResponse', patch),
      say: (preflight) => `Chromium asked to send content-type, and ${said(preflight, FIELDS)}.`,
    }),
  },
})

const enemyRefused = check('Only friends got permission', strangers, {
  after: noStar,
  spec: 'RFC 9110 §4.3.1',
  reread: 'with-cookies',

  verify: ({ stranger, far, read, framed, asked, byFriend }, expect) => {
    expect(read.exchange).toBeAnswered()
    for (const { origin, answer } of asked) {
      expect(answer).toBeAnswered()
      expect(permission(answer, origin), `permission for ${origin}`, answer).toBe('none')
    }
    expect(read.seen, `what the page at ${stranger} saw of GET /public`, read.exchange).toBe(
      nothing,
    )
    expect(framed, 'what a sandboxed frame saw, whose origin is null').toBe('nothing')
    expect(permission(byFriend, far), `permission for ${far}, a friend`, byFriend).toBe(far)
  },

  diagnose: {
    'echoes-any-origin': rule({
      when: ({ asked, letIn }) => letIn.length >= asked.length - 1 && letIn[0],
      say: (origin) =>
        `Your answer permitted ${origin}, and other strangers got permission, too. ` +
        'So any site can read the accounts of its visitors.',
    }),
    'trusts-null': rule({
      when: ({ letIn: [origin] }) => origin === 'null',
      say: 'Your answer permitted the origin null, which any page gets in a frame with sandbox.',
    }),
    'substring-match': rule({
      when: ({ letIn: [origin], far }) => origin === far.slice(0, -1) && { origin, far },
      say: ({ origin, far }) =>
        `Your answer permitted ${origin}, which FRIENDS has only as a part of ${far}.`,
    }),
    'prefix-match': rule({
      when: ({ letIn: [origin], far }) => origin === `${far}.evil.test` && { origin, far },
      say: ({ origin, far }) =>
        `Your answer permitted ${origin}, which only begins like the friend ${far}.`,
    }),
    'host-match': rule({
      when: ({ letIn: [origin], far }) => origin !== undefined && { origin, far },
      say: ({ origin, far }) =>
        `Your answer permitted ${origin}, but the friend is ${far}. ` +
        'An origin is scheme, host and port together.',
    }),
  },
})

const vary = check('A cache keeps the answers for different origins apart', friends, {
  after: friendReads,
  spec: 'Fetch, CORS protocol and HTTP caches',
  reread: 'both-answers',

  verify: ({ second, publicForFirst, publicForSecond, plainPublic }, expect) => {
    expect(publicForFirst.exchange).toHaveStatus(200).toHaveHeader('Cache-Control', oneMinute)
    const what = `what the page at ${second} saw of GET /public`
    const shown = publicForSecond.exchange ?? publicForFirst.exchange
    expect(publicForSecond.seen, what, shown).toBe('status 200')
    expect(publicForFirst.exchange).toHaveHeader('Vary', naming('Origin'))
    expect(plainPublic).toHaveHeader('Vary', naming('Origin'))
  },

  diagnose: {
    'no-vary': rule({
      when: ({ first, second, publicForSecond: { exchange, seen, refusal } }) =>
        exchange === null && seen !== 'status 200' && { first, second, refusal },
      say: ({ first, second, refusal }) =>
        `When ${second} fetched /public, nothing crossed the wire: Chromium had a copy that ` +
        `permits ${first}, and refused it (${refusal ?? 'no reason given'}). Your answer depended ` +
        'on the origin, and no Vary said so.',
    }),
    'vary-for-friends-only': rule({
      when: ({ publicForFirst, plainPublic }) =>
        varies(publicForFirst.exchange) && !varies(plainPublic) && plainPublic,
      say:
        'Your answer to a request without an Origin had no Vary: Origin. An <img> sends such a ' +
        "request. A cache would then give its copy, without permission, to a friend's fetch(), " +
        'which would fail.',
    }),
  },
})

const noOriginOk = check('Requests without an Origin still work', strangers, {
  reread: 'same-origin',

  verify: ({ user, plainLogin, plainMe, plainPublic }, expect) => {
    expect(plainLogin).toHaveStatus(200)
    expect(plainMe).toHaveStatus(200).toHaveJson({ user })
    expect(plainPublic).toHaveStatus(200).toHaveJson(anyJson)
  },

  diagnose: {
    'origin-required': rule({
      when: ({ plainLogin, plainPublic }) =>
        [plainLogin, plainPublic].find((answer) => (status(answer) ?? 0) >= 400),
      say: (answer) =>
        `A client that sent no Origin got ${status(answer)}. Only browsers send one, and not ` +
        'always. What a client may do depends on its session.',
    }),
  },
})

const sessionNeeded = check('Without a session of yours, /me is answered with 401', strangers, {
  after: noOriginOk,
  spec: 'RFC 9110 §15.5.2',
  reread: 'same-origin',

  verify: ({ withoutSession }, expect) => {
    for (const exchange of withoutSession) expect(exchange).toHaveStatus(401)
  },

  diagnose: {
    'lets-anybody-in': rule({
      when: ({ notRefused }) => hasStatus(200)(notRefused) && notRefused,
      say: (exchange) =>
        `${exchange.request.method} /me came with ${cookieOf(exchange)}, and your server answered ` +
        '200. CORS says which pages may read. Only a session that you gave out says who is asking.',
    }),
  },
})

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
