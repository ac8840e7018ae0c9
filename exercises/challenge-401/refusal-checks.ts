import { check, fields, hasStatus, path, rule, status, type Exchange } from '#grader'
import { answeredOtherThan, isIn, showing } from './answers.ts'
import { expectChallenge } from './challenge.ts'
import { colonUtf8 } from './login-checks.ts'
import { broken, office, wrong, type Asked } from './scenarios.ts'

export const wrongAgain = check('Wrong credentials get the challenge again', wrong, {
  after: colonUtf8,
  spec: 'RFC 9110 §15.5.2, §11.6.2',
  reread: 'challenge',

  verify: ({ attempts }, expect) => {
    expect.each(attempts, ({ exchange }, expect) => {
      expectChallenge(exchange, expect)
    })
  },

  diagnose: {
    'wrong-is-403': rule({
      when: ({ attempts }) => attempts.find(({ exchange }) => hasStatus(403)(exchange)),
      say: ({ name }) =>
        `The request with ${name} got 403, which says that you know this user. But nobody has proved ` +
        'anything yet. With 401 the browser asks again, and a typing error can be corrected.',
    }),
    'challenge-once': rule({
      when: ({ attempts }) =>
        attempts.find(
          ({ exchange }) =>
            hasStatus(401)(exchange) && fields(exchange, 'WWW-Authenticate').length === 0,
        ),
      say: ({ name }) =>
        `The request with ${name} got 401, but without WWW-Authenticate, so the browser does not ask ` +
        'again. Every 401 has to carry the challenge.',
    }),
    'password-ignored': rule({
      when: ({ wrongPassword }) => gotIn(wrongPassword),
      say:
        'A user got in with a wrong password. The name is no secret, so it proves nothing. Compare the ' +
        'password, too.',
    }),
    'part-is-enough': rule({
      when: ({ beginning }) => gotIn(beginning),
      say:
        'The beginning of a password got 200, although the rest was missing. Compare the whole ' +
        'password, to its end.',
    }),
    'anybodys-password': rule({
      when: ({ anothers, unknown, partOfName }) =>
        gotIn(anothers) ?? gotIn(unknown) ?? gotIn(partOfName),
      say: ({ name }) =>
        `The request with ${name} got 200, because somebody else has this password. Look for the user ` +
        'by the whole name first, and compare the password with the one of this user only.',
    }),
    'unknown-gets-in': rule({
      when: ({ unknownEmpty }) => gotIn(unknownEmpty),
      say:
        'A user who does not exist got in with an empty password. Where no user was found, there is ' +
        'nothing to compare with: answer 401.',
    }),
    'scheme-ignored': rule({
      when: ({ scheme }) => gotIn(scheme),
      say:
        'The credentials after `Bearer` got 200. What follows Bearer is a token and not a name with a ' +
        'password. Look at the scheme before you decode what follows it.',
    }),
    'login-remembered': rule({
      when: ({ later }) => gotIn(later),
      say:
        'After one user had logged in, a request without any credentials got 200. Your server keeps ' +
        'the login for everybody. Judge each request by its own Authorization.',
    }),
    'connection-remembered': rule({
      when: ({ sameConnection }) => gotIn(sameConnection),
      say:
        'After a login, a request without credentials on the same connection got 200. But a proxy may ' +
        'send the requests of many people along one connection. Judge each request by its own Authorization.',
    }),
  },
})

export const brokenAgain = check(
  'Broken credentials get the challenge again, and the server goes on',
  broken,
  {
    after: wrongAgain,
    spec: 'RFC 9110 §15.5.2, §11.4',
    reread: 'challenge',

    verify: ({ attempts, after }, expect) => {
      expect.each(attempts, ({ exchange }, expect) => {
        expectChallenge(exchange, expect)
      })
      expect(after?.exchange ?? null).toHaveStatus(200)
    },

    diagnose: {
      'broken-is-500': rule({
        when: ({ attempts }) => attempts.find(({ exchange }) => isIn(5, exchange)),
        say: ({ name, exchange }) =>
          `A request with broken credentials (${name}) got ${status(exchange)}, which says that your ` +
          'server has failed. But the client sent something wrong, and the challenge tells it what ' +
          'to send: 401.',
      }),
      'broken-is-400': rule({
        when: ({ attempts }) => attempts.find(({ exchange }) => hasStatus(400)(exchange)),
        say: ({ name }) =>
          `A request with broken credentials (${name}) got 400. It is a login that failed, like any ` +
          'other. With 401 and the challenge, a browser asks its user again.',
      }),
    },
  },
)

export const forbidden = check(
  '/vault/admin lets admins in, and tells other users from strangers',
  office,
  {
    after: wrongAgain,
    spec: 'RFC 9110 §15.5.2, §15.5.4',
    reread: 'challenge',

    verify: ({ admin, readers, strangers }, expect) => {
      const all: readonly Asked[] = [...strangers, ...readers, ...(admin ? [admin] : [])]
      expect.each(all, ({ wanted, exchange }, expect) => {
        if (wanted === 401) return expectChallenge(exchange, expect)
        expect(exchange).toHaveStatus(wanted)
        if (wanted === 200) expect(exchange).toHaveText(showing(admin?.user ?? ''))
      })
    },

    diagnose: {
      'asks-again': rule({
        when: ({ readers }) => readers.find(({ exchange }) => hasStatus(401)(exchange)),
        say: ({ exchange }) =>
          `A user without the role got 401 at ${path(exchange)}. So the browser asks for the password ` +
          'again and again, although it was right. 403 says that a login does not help here.',
      }),
      'role-ignored': rule({
        when: ({ readers }) => readers.find(({ exchange }) => hasStatus(200)(exchange)),
        say: ({ exchange }) =>
          `A user with the role \`reader\` got 200 at ${path(exchange)}. You know who is asking, but ` +
          'only an admin may read this.',
      }),
      'role-first': rule({
        when: ({ strangers }) => strangers.find(({ exchange }) => hasStatus(403)(exchange)),
        say: ({ exchange, name }) =>
          `GET ${path(exchange)} with ${name} got 403, so no browser asks for a password, not even ` +
          'that of an admin. Find out who is asking first, and look at the role after that.',
      }),
      'admins-too': rule({
        when: ({ admin }) => answeredOtherThan(200, admin),
        say: ({ exchange, user }) =>
          `The role of ${user} in USERS is \`admin\`, but ${user} got ${status(exchange)} at ` +
          `${path(exchange)}. It is the role that opens this door, and not the name.`,
      }),
    },
  },
)

/** A request that got in, although it should not have. */
function gotIn(asked: Asked | null | undefined): Asked | undefined {
  return asked && isOk(asked.exchange) ? asked : undefined
}

function isOk(of: Exchange | null): boolean {
  return hasStatus(200)(of)
}
