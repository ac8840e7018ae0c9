import { between, check, hasStatus, json, matching, rule, status, table } from '#grader'
import {
  answerInWords,
  inWords,
  isRefused,
  isSuccess,
  missing,
  paymentOf,
  type Sent,
} from './answers.ts'
import { oneCharge, sameAnswer } from './click-checks.ts'
import { copied, failing } from './scenarios.ts'

const inFlight = check(
  'Two copies that arrive together make one charge, and a third one none',
  copied,
  {
    after: sameAnswer,
    reread: 'key',

    verify: ({ amount, one, two, later, charges }, expect) => {
      const copies = table(
        'Two copies at the same instant, and one later',
        ['', 'your answer'],
        [one, two, later].map(({ name, exchange }) => [name, answerInWords(exchange)]),
      )
      expect(inWords(charges), 'what /ledger lists after them', copies).toBe(
        `1 charge of ${amount}`,
      )
      expect(one.exchange).toHaveStatus(201).toHaveJson(paymentOf(amount))
      expect(two.exchange).toBeAnswered()
      expect(comparedWith(one, two), 'the answer to the other copy', copies).toBe(
        matching(`${SAME}, or 409`, isSameOrWait),
      )
      expect(later.exchange).toHaveStatus(201).toHaveJson(json(one.exchange))
    },

    diagnose: {
      'remembers-too-late': rule({
        when: ({ one, two }) =>
          one.payment && two.payment && one.payment.paymentId !== two.payment.paymentId,
        say:
          'Both copies arrived at the same instant, with the same key, and each of them was charged. ' +
          'Write the key down before you wait for the charge, and give the copy the outcome of that ' +
          'one charge.',
      }),
      'nothing-to-say-yet': rule({
        when: ({ two }) => hasStatus(201)(two.exchange) && two.payment === undefined,
        say:
          'The other copy found its key, but the charge was still under way, so there was no payment ' +
          'to answer with. Let it wait for the same charge, or answer 409.',
      }),
      'answers-early': rule({
        when: ({ two }) => isSuccess(two.exchange) && status(two.exchange) !== 201 && two,
        say: ({ exchange }) =>
          `The other copy was answered ${status(exchange)} while its twin was still being charged. A ` +
          'client takes that for the outcome. Let it wait for the charge and answer the same, or say ' +
          'with 409 that it has to ask again.',
      }),
    },
  },
)

const newKey = check('Another key makes another payment, also of the same amount', copied, {
  after: sameAnswer,
  reread: 'key',

  verify: ({ amount, one, other, added }, expect) => {
    expect(other.exchange).toHaveStatus(201).toHaveJson(paymentOf(amount))
    expect(other.payment?.paymentId, 'its paymentId', other.exchange).notToBe(
      one.payment?.paymentId,
    )
    expect(added, 'what it added to /ledger', other.exchange).toBe('1 charge more')
  },

  diagnose: {
    'merges-by-amount': rule({
      when: ({ one, other }) =>
        other.payment?.paymentId === one.payment?.paymentId && other.exchange,
      say: (_, { amount }) =>
        `Two payments of ${amount} with different keys became one. Somebody may buy the same thing ` +
        'twice, on purpose. Only an equal key says that it is the same payment.',
    }),
  },
})

const keyRequired = check('A payment without a key is refused with 400', copied, {
  after: oneCharge,
  reread: 'key',

  verify: ({ withoutKey, chargesWithoutKey }, expect) => {
    expect(withoutKey.exchange).toHaveStatus(400)
    expect(inWords(chargesWithoutKey), 'what /ledger lists of it', withoutKey.exchange).toBe(
      'no charge',
    )
  },

  diagnose: {
    'accepts-no-key': rule({
      when: ({ withoutKey }) => isSuccess(withoutKey.exchange) && withoutKey.exchange,
      say:
        'This payment came without a key, and it was accepted. If its answer is lost, the next copy ' +
        'will be another payment to your server. Refuse it before you charge.',
    }),
  },
})

const conflict = check('The same key with another amount is refused with 422', copied, {
  after: newKey,
  spec: 'RFC 9110 §15.5.21',
  reread: 'key',

  verify: ({ reused, chargesOfReused }, expect) => {
    expect(reused.exchange).toHaveStatus(422)
    expect(inWords(chargesOfReused), 'what /ledger lists of it', reused.exchange).toBe('no charge')
  },

  diagnose: {
    'content-in-key': rule({
      when: ({ reused, changed }) => reused.payment?.amount === changed && reused.exchange,
      say: (_, { amount, changed }) =>
        `The key belongs to a payment of ${amount}. It came again with ${changed}, and you charged ` +
        'that as well. A client that does this has a mistake in it, so charge nothing.',
    }),
    'content-ignored': rule({
      when: ({ reused, amount }) => reused.payment?.amount === amount && reused.exchange,
      say: (_, { amount, changed }) =>
        `The client asked for ${changed} and was told that ${amount} had been paid. Remember the ` +
        'amount with the key and compare it, so that the client hears of its mistake.',
    }),
    'says-conflict': rule({
      when: ({ reused }) => hasStatus(409)(reused.exchange) && reused.exchange,
      say:
        '409 tells this client to send the same again later. That will never work, because the key ' +
        'belongs to another amount. 422 says that the content is wrong.',
    }),
  },
})

const retryAfterFailure = check('After a failed charge the same key may be tried again', failing, {
  after: sameAnswer,
  reread: 'key',

  verify: ({ amount, first, second, third, charges }, expect) => {
    expect(first.exchange).toHaveStatus(between(500, 599))
    expect(second.exchange).toHaveStatus(201).toHaveJson(paymentOf(amount))
    expect(third.exchange).toHaveStatus(201).toHaveJson(json(second.exchange))
    expect(inWords(charges), 'what /ledger lists in the end', third.exchange).toBe(
      `1 charge of ${amount}`,
    )
  },

  diagnose: {
    'says-paid': rule({
      when: ({ first }) => isSuccess(first.exchange) && first.exchange,
      say: (first) =>
        `For this amount charge() rejects at the first try, but the client was told ${status(first)}. ` +
        'Say that it failed, with a status from 500 on. The client has the key with which it can try ' +
        'again, and decides whether it does.',
    }),
    'blames-the-client': rule({
      when: ({ first }) => isRefused(first.exchange) && first.exchange,
      say: (first) =>
        `The bank couldn't be reached, and the client was told ${status(first)}. A status from 400 to ` +
        '499 says that the client made a mistake; one from 500 on says that the request is right and ' +
        'may be sent again.',
    }),
    'remembers-failure': rule({
      when: ({ first, second }) =>
        (status(second.exchange) ?? 0) >= 500 &&
        status(second.exchange) === status(first.exchange) &&
        second.exchange,
      say: (second) =>
        `The bank can be reached again, but this copy got the old ${status(second)}. Nothing was ` +
        'charged at the first try, so nothing has to be kept: forget a key whose charge failed.',
    }),
    'retry-not-kept': rule({
      when: ({ second, third }) =>
        second.payment && third.payment?.paymentId !== second.payment.paymentId && third.exchange,
      say: (third, { second }) =>
        `The second try was paid with ${second.payment?.paymentId}. This is a copy of it, and it was ` +
        `answered ${answerInWords(third)}. A payment that comes after a failure is kept like any other.`,
    }),
    'stays-under-way': rule({
      when: ({ second }) => hasStatus(409)(second.exchange) && second.exchange,
      say:
        '409 says that the first copy is still being charged. But that charge has failed, and your ' +
        'server has answered it. When charge() rejects, the key is free again.',
    }),
  },
})

const nothingHidden = check('GET /ledger lists every charge that was made', copied, {
  after: inFlight,
  reread: 'key',

  verify: ({ listed, ledgerAfterOther }, expect) => {
    const rows = listed?.map(({ paymentId, amount }) => [paymentId, String(amount)])
    expect.show(table('What /ledger lists in the end', ['paymentId', 'amount'], rows ?? []))
    expect(missing(listed), 'the numbers of charges missing in /ledger', ledgerAfterOther).toBe(
      'none',
    )
  },

  diagnose: {
    'hides-charges': rule({
      when: ({ listed, ledgerAfterOther }) => listed !== undefined && ledgerAfterOther,
      say: (_, { listed }) =>
        `The bank numbers its charges, and your list lacks ${missing(listed)}: the card was charged, ` +
        'and nobody sees it. Answer with what ledger() gives.',
    }),
  },
})

export default {
  oneCharge,
  sameAnswer,
  inFlight,
  newKey,
  keyRequired,
  conflict,
  retryAfterFailure,
  nothingHidden,
}

const SAME = 'the same 201'
const isSameOrWait = (outcome: string) => outcome === SAME || outcome === '409'

/** What the other copy got, beside what the first one did. */
function comparedWith(one: Sent, two: Sent): string {
  const isSame = one.payment !== undefined && one.payment.paymentId === two.payment?.paymentId
  return isSame && hasStatus(201)(two.exchange) ? SAME : answerInWords(two.exchange)
}
