import {
  check,
  field,
  fields,
  hasStatus,
  isAnswered,
  path,
  rule,
  status,
  type Exchange,
} from '#grader'
import { basicChallenge, challengeField, expectChallenge, lackingIn } from './challenge.ts'
import { answeredOtherThan, isIn } from './answers.ts'
import { strangers } from './scenarios.ts'

export const challenge = check(
  'Without credentials, /vault and all below it get 401 with the challenge',
  strangers,
  {
    spec: 'RFC 9110 §11.6.1, §15.5.2, RFC 7617 §2',
    reread: 'challenge',

    verify: ({ closed }, expect) => {
      expect.each(closed, ({ exchange }, expect) => {
        expectChallenge(exchange, expect)
      })
    },

    diagnose: {
      'lets-in': rule({
        alsoEarnedBy: ['stub', 'empty-200', 'echo'],
        when: ({ vault }) => isIn(2, vault.exchange) && isAnswered(vault.exchange) && vault,
        say: ({ exchange }) =>
          `GET ${path(exchange)} without credentials got ${status(exchange)}, so a browser shows ` +
          'the page and asks nobody for a name. It asks when it gets 401 with a challenge.',
      }),
      'stranger-is-403': rule({
        when: ({ vault }) => hasStatus(403)(vault.exchange) && vault,
        say:
          'A request without credentials got 403, which says that logging in would not help. So no ' +
          'browser asks for a password. 401 says that you do not know yet who is asking.',
      }),
      redirects: rule({
        when: ({ vault }) => isIn(3, vault.exchange) && vault,
        say: ({ exchange }) =>
          `GET ${path(exchange)} without credentials got ${status(exchange)} and was sent to ` +
          `${field(exchange, 'Location') ?? 'another address'}. With Basic there is no login page: ` +
          'the browser asks for the password itself, at the address of the 401.',
      }),
      'no-challenge': rule({
        when: ({ closed }) => closed.find(({ exchange }) => isBare(exchange)),
        say:
          'The 401 has no WWW-Authenticate. So the browser does not know how a user can log in, and ' +
          'asks for nothing. A 401 has to carry a challenge.',
      }),
      'without-scheme': rule({
        when: ({ closed }) =>
          closed.find(({ exchange }) => hasStatus(401)(exchange) && !basicChallenge(exchange)),
        say: ({ exchange }) =>
          `\`WWW-Authenticate: ${challengeField(exchange)}\` has no challenge for Basic. A challenge ` +
          'begins with the name of its scheme. After a space come its parameters, with commas in between.',
      }),
      'without-realm': rule({
        when: ({ closed }) => closed.find(({ exchange }) => lacks('realm', exchange)),
        say: ({ exchange }) => {
          const realm = basicChallenge(exchange)?.parameters.get('realm')
          const sent = challengeField(exchange)
          if (realm === undefined && /realm/i.test(sent))
            return (
              `\`WWW-Authenticate: ${sent}\` cannot be read. After the scheme come a space and ` +
              'parameters such as `realm="Vault"`, with commas in between.'
            )
          const found = realm === undefined ? 'has no realm' : `has \`realm=${realm}\``
          return (
            `The challenge ${found}, but it has to be \`realm="Vault"\`, with the quotes. The realm ` +
            'tells which part of a server a password is for.'
          )
        },
      }),
      'without-charset': rule({
        when: ({ closed }) => closed.find(({ exchange }) => lacks('charset', exchange)),
        say:
          'The challenge does not say `charset="UTF-8"`. Chromium sends UTF-8 without being asked. ' +
          'But other clients may send an ä as one byte, and then a right password looks wrong.',
      }),
      'below-unguarded': rule({
        when: ({ vault, below }) => hasStatus(401)(vault.exchange) && answeredOtherThan(401, below),
        say: ({ exchange }) =>
          `GET /vault got 401, but GET ${path(exchange)} got ${status(exchange)}. The vault is /vault ` +
          'and every path that begins with /vault/. So challenge strangers at all of them.',
      }),
    },
  },
)

export const open = check('/public stays open to everybody, and sends no challenge', strangers, {
  after: challenge,
  spec: 'RFC 9110 §11.6.1',
  reread: 'challenge',

  verify: ({ open }, expect) => {
    expect.each(open, ({ exchange }, expect) => {
      expect(exchange).toHaveStatus(200).notToHaveHeader('WWW-Authenticate')
    })
  },

  diagnose: {
    'public-closed': rule({
      when: ({ open }) => answeredOtherThan(200, open[0]),
      say: ({ exchange }) =>
        `GET /public without credentials got ${status(exchange)}. Nobody has to log in there. Look ` +
        'at the path before you look at Authorization.',
    }),
    'wrong-closes-public': rule({
      when: ({ open }) => answeredOtherThan(200, open[1]),
      say: ({ exchange }) =>
        `GET /public got ${status(exchange)} because its Authorization was wrong. A browser sends a ` +
        'password to the whole server, so an old one would close a page that is for everybody.',
    }),
    'public-challenges': rule({
      when: ({ open }) =>
        open.find(({ exchange }) => fields(exchange, 'WWW-Authenticate').length > 0),
      say:
        'The answer of /public has WWW-Authenticate. There it says that credentials would change the ' +
        'answer, but everybody gets the same one.',
    }),
  },
})

function isBare(of: Exchange | null): boolean {
  return hasStatus(401)(of) && fields(of, 'WWW-Authenticate').length === 0
}

function lacks(what: 'realm' | 'charset', of: Exchange | null): boolean {
  return hasStatus(401)(of) && lackingIn(basicChallenge(of)) === what
}
