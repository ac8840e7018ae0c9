import { check, hasStatus, matching, rule, sentField, status, text } from '#grader'
import { answeredOtherThan, received, showing } from './answers.ts'
import { challengeField } from './challenge.ts'
import { logins, opened, type Login } from './scenarios.ts'
import { challenge } from './stranger-checks.ts'

export const colonUtf8 = check(
  'The right password lets a user in, also with colons and umlauts',
  logins,
  {
    after: challenge,
    spec: 'RFC 7617 §2, §2.1',
    reread: 'challenge',

    verify: ({ plain, colons, umlauts }, expect) => {
      expect.each([plain, ...colons, ...umlauts], ({ exchange, user }, expect) => {
        expect(exchange).toHaveStatus(200).toHaveText(showing(user))
      })
    },

    diagnose: {
      'nobody-gets-in': rule({
        when: ({ plain }) => hasStatus(401)(plain.exchange) && plain,
        say: ({ exchange, user }) =>
          `The client sent \`Authorization: ${sentField(exchange, 'Authorization')}\` and got 401, ` +
          `but these are the name and the password of ${user}. Decode what follows the scheme, and ` +
          'look for it in USERS.',
      }),
      'cuts-at-colon': rule({
        when: ({ plain, colons }) => isIn(plain) && colons.find((login) => !isIn(login)),
        say: ({ exchange, user }) =>
          `${sentAs(exchange)}, and got ${received(exchange)}. The password of ${user} has colons of ` +
          'its own. Only the first colon separates, and the password is all that follows it.',
      }),
      'bytes-as-letters': rule({
        when: ({ plain, umlauts }) => isIn(plain) && umlauts.find((login) => !isIn(login)),
        say: ({ exchange, user }) =>
          `${sentAs(exchange)}, and got ${received(exchange)}. In UTF-8, an ä or ß in the password of ` +
          `${user} is two bytes. Base64 gives you the bytes, so decode them as UTF-8 after that.`,
      }),
      'shows-no-name': rule({
        when: ({ plain, colons, umlauts }) =>
          [plain, ...colons, ...umlauts].find(
            ({ exchange, user }) => hasStatus(200)(exchange) && !text(exchange).includes(user),
          ),
        say: ({ user }) =>
          `${user} got in, but the text of the answer does not name ${user}. It has to, because a ` +
          'page that knows its reader is what the login is for.',
      }),
    },
  },
)

export const schemeCase = check('The scheme may be written in any letters', logins, {
  after: colonUtf8,
  spec: 'RFC 9110 §11.1',
  reread: 'challenge',

  verify: ({ cases }, expect) => {
    expect.each(cases, ({ exchange, user }, expect) => {
      expect(exchange).toHaveStatus(200).toHaveText(showing(user))
    })
  },

  diagnose: {
    'scheme-case': rule({
      when: ({ cases }) => cases.find((login) => !isIn(login)),
      say: ({ exchange, name }) =>
        `The right credentials after \`${name}\` got ${received(exchange)}. The name of a scheme ` +
        'ignores case, and some clients write it in small letters.',
    }),
  },
})

export const browserLogin = check(
  'Chromium answers the challenge, and logs in to every page below',
  opened,
  {
    after: colonUtf8,
    spec: 'RFC 9110 §11.4, RFC 7617 §2.2',
    reread: 'challenge',

    verify: ({ name, challenged, entered, again, stranger }, expect) => {
      expect(stranger).toHaveStatus(401)
      expect(challenged).toHaveStatus(401)
      expect(
        sentField(entered, 'Authorization'),
        "Chromium's next request",
        entered ?? challenged,
      ).toBe(basic)
      expect(entered).toHaveStatus(200).toHaveText(showing(name))
      expect(sentField(again, 'Authorization'), "Chromium's request below /vault", again).toBe(
        basic,
      )
      expect(again).toHaveStatus(200).toHaveText(showing(name))
    },

    diagnose: {
      'unread-by-browser': rule({
        when: ({ challenged, entered }) =>
          hasStatus(401)(challenged) && !entered && { exchange: challenged },
        say: ({ exchange }) =>
          `Chromium got \`WWW-Authenticate: ${challengeField(exchange)}\`, and asked for no password. ` +
          'It reads one challenge in a field, and here the first one is not for Basic. Send other ' +
          'challenges in fields of their own, or not at all.',
      }),
      'below-missing': rule({
        when: ({ entered, again }) =>
          hasStatus(200)(entered) && answeredOtherThan(200, { exchange: again }),
        say: ({ exchange }) =>
          `After the login, Chromium asked for ${exchange?.request.path} with the same credentials ` +
          `and got ${status(exchange)}. A user may read every page below /vault.`,
      }),
    },
  },
)

const basic = matching('credentials for Basic', (sent: string | undefined) =>
  /^basic /i.test(sent ?? ''),
)

function isIn({ exchange }: Login): boolean {
  return hasStatus(200)(exchange)
}

/** `The client sent "ann:a:b" in base64` */
function sentAs(of: Login['exchange']): string {
  const [, encoded = ''] = (sentField(of, 'Authorization') ?? '').split(' ')
  return `The client sent \`${Buffer.from(encoded, 'base64').toString()}\` in base64`
}
