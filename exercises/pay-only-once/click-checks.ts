import { check, hasStatus, json, rule, status, table, type Exchange } from '#grader'
import { answerInWords, inWords, isSuccess, keyOf, paymentIn, paymentOf } from './answers.ts'
import { clicked } from './scenarios.ts'

export const oneCharge = check(
  'One click on Pay makes one charge, although its POST comes twice',
  clicked,
  {
    spec: 'RFC 9110 §9.2.2',
    reread: 'twice',

    verify: ({ amount, first, repeat, posts, sentBy, charges }, expect) => {
      expect.show(whatCame(posts, sentBy))
      expect(first).toHaveStatus(201).toHaveJson(paymentOf(amount))
      expect(inWords(charges), 'what /ledger lists after the click', repeat ?? first).toBe(
        `1 charge of ${amount}`,
      )
    },

    diagnose: {
      'quotes-refused': rule({
        when: ({ first }) => hasStatus(400, 422)(first) && keyOf(first).startsWith('"') && first,
        say: (first) =>
          'This is a good payment, and you refused it. Its key comes as the page writes it, with quotes: ' +
          `\`${keyOf(first)}\`. If you look at how a key is written: any text is right, with quotes or ` +
          'without them.',
      }),
      'charges-again': rule({
        // The stub does so, too: this is the task.
        alsoEarnedBy: ['stub'],
        when: ({ charges, repeat }) => (charges?.length ?? 0) > 1 && repeat,
        say: (repeat, { sentBy }) =>
          'The person clicked once. Your first answer was lost when the connection broke, so ' +
          `${sentBy[1]?.startsWith('Chromium') ? 'Chromium repeated the POST by itself' : 'the POST was repeated'}. ` +
          `Both have the key \`${keyOf(repeat)}\`, but your server charged each of them.`,
      }),
    },
  },
)

export const sameAnswer = check(
  'The repeat is answered as the first POST was, and the page shows that payment',
  clicked,
  {
    after: oneCharge,
    reread: 'key',

    verify: ({ first, repeat, paid, posts, sentBy, charges, shown }, expect) => {
      expect.show(whatCame(posts, sentBy))
      expect(repeat).toHaveStatus(201).toHaveJson(json(first))
      expect(paid?.paymentId, 'the paymentId of your answers', repeat).toBe(charges?.[0]?.paymentId)
      if (shown) expect(shown).toGive(`Paid: ${paid?.paymentId}`)
    },

    diagnose: {
      'refuses-repeat': rule({
        when: ({ repeat }) => hasStatus(409)(repeat) && repeat,
        say:
          'This POST came after the first one was paid and answered, but the client never got that ' +
          'answer. 409 tells it to wait, so it asks until it gives up. It needs the 201 and the ' +
          'paymentId.',
      }),
      'announces-duplicate': rule({
        when: ({ repeat, paid }) => isSuccess(repeat) && paid && !paymentIn(repeat) && repeat,
        say:
          'The client never got your first answer: this is the only one that the page can show. ' +
          'It says nothing of the payment, so the page has no paymentId.',
      }),
      'another-status': rule({
        when: ({ repeat }) => (status(repeat) ?? 201) !== 201 && repeat,
        say: (repeat, { first }) =>
          `The first POST was answered ${status(first)}, and this one ${status(repeat)}. The client ` +
          'never got the first answer, so this one has to be the same, with its status.',
      }),
      'another-id': rule({
        when: ({ repeat, paid }) =>
          isSuccess(repeat) && paymentIn(repeat)?.paymentId !== paid?.paymentId && repeat,
        say: (repeat, { first }) =>
          `The first answer was ${answerInWords(first)}, and this one ${answerInWords(repeat)}. ` +
          'There was one charge, so there is one paymentId. Keep the answer and send it again.',
      }),
    },
  },
)

function whatCame(posts: readonly Exchange[], sentBy: readonly string[]) {
  const rows = posts
    .slice(0, 3)
    .map((post, index) => [
      sentBy[index] ?? '',
      shortened(keyOf(post)),
      `${answerInWords(post)}${index === 0 ? ', lost' : ''}`,
    ])
  return table('What came of one click', ['POST sent by', 'Idempotency-Key', 'answer'], rows)
}

/** A UUID would leave no room for the answer beside it. */
function shortened(key: string): string {
  return key.length > 12 ? `${key.slice(0, 9)}…` : key
}
