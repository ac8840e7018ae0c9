import { check, hasStatus, inTenths, rule } from '#grader'
import {
  isMuchTooShort,
  isTooLong,
  isTooShort,
  isWronglyRefused,
  isWronglyServed,
  rightWait,
  wantedOf,
  type Told,
} from './answers.ts'
import type { Rules, Turn } from './bucket.ts'
import { perKey } from './limit-checks.ts'
import { burst, PERSISTENT_PAUSE, seconds } from './scenarios.ts'

export const steady = check('Retry-After says when the next token is there', burst, {
  after: perKey,
  spec: 'RFC 9110 §10.2.3',
  reread: 'rate',

  verify: ({ told }, expect) => {
    expect.each(told, (each, expect) => {
      expect(each.exchange).toHaveStatus(429)
      expect(each.value, 'Retry-After', each.exchange).toBe(rightWait(each))
    })
  },

  diagnose: {
    'own-period': rule({
      when: ({ told }) => told.find(({ exchange }) => hasStatus(201)(exchange)),
      say: (_, { rules }) =>
        `The key had used its tokens, and a few seconds later it was served again. LIMIT and PERIOD_MS were ` +
        `${rules.limit} and ${rules.limit * rules.interval}, so a token takes ${rules.interval / 1000} s to come back.`,
    }),
    'in-milliseconds': rule({
      when: ({ told }) => told.find(({ value, wait }) => Number(value) >= 500 * wait.most),
      say: ({ value, wait }) =>
        `The next token is there after ${wait.most.toFixed(2)} s. Retry-After counts in seconds, not in ` +
        `milliseconds, so \`${value}\` sends the client away for days.`,
    }),
    'whole-period': rule({
      when: ({ told: [first], rules }) =>
        first?.late &&
        Math.abs(first.late.least - ((rules.limit - 1) * rules.interval) / 1000) <= 2 &&
        first,
      say: ({ value, wait }, { rules }) =>
        `The client is told \`${value}\`: the time in which all ${rules.limit} tokens come back. But ` +
        `they come back one by one, and the first one is there after ${wait.most.toFixed(2)} s.`,
    }),
    'rounds-down': rule({
      when: ({ told }) => told.find((each) => isTooShort(each) && !isMuchTooShort(each)),
      say: ({ value, wait }) =>
        `The next token is there after ${wait.most.toFixed(2)} s, and Retry-After says \`${value}\`. A ` +
        'client that obeys comes before that and is refused once more. Round up.',
    }),
    'much-too-soon': rule({
      when: ({ told }) => told.find(isMuchTooShort),
      say: ({ value, wait }, { rules }) =>
        `By LIMIT and PERIOD_MS, which were ${rules.limit} and ${rules.limit * rules.interval}, the next token is ` +
        `there after ${wait.most.toFixed(2)} s. But the client is told \`${value}\`. Compute the wait from what ` +
        'is in the bucket of this key.',
    }),
    'always-the-same': rule({
      when: ({ told: [first, , ...later] }) =>
        first &&
        !isTooLong(first) &&
        later.find((each) => isTooLong(each) && each.value === first.value),
      say: ({ value, wait }) =>
        `The first refusal said \`${value}\`, and this one, at least two seconds later, says the same. By now the ` +
        `token is there after ${wait.most.toFixed(2)} s. A client that has waited must not be told to wait as long once more.`,
    }),
    'counts-refused': rule({
      when: ({ told }) => told.find((each) => isTooLong(each) && isLonger(each, told[0])),
      say: ({ name, value }, { told: [first] }) =>
        `The first refusal said \`${first?.value}\`, and this one (${name}) says \`${value}\`. In between the ` +
        'key was only refused. A refused request takes no token, so it must not move the next one away.',
    }),
  },
})

export const retryHonest = check('A client that waits as it was told is served', seconds, {
  after: steady,
  spec: 'RFC 9110 §10.2.3',
  reread: 'rate',

  verify: ({ refusal, obeying }, expect) => {
    expect(refusal).toHaveStatus(429)
    expect(obeying.first).toHaveStatus(201)
  },

  diagnose: {
    'waits-in-vain': rule({
      when: ({ obeying }) => hasStatus(429)(obeying.first) && obeying.first,
      say: (_, { waited = 0, rules }) =>
        `Its key was refused and told to come back after ${inTenths(waited)} s. The client did, sent ` +
        `nothing in between, and was refused again. A token takes ${rules.interval} ms here, so by now ` +
        'one had come back.',
    }),
  },
})

export const oneByOne = check('Tokens come back one by one, not all at once', seconds, {
  after: retryHonest,
  reread: 'rate',

  verify: ({ obeying, rules }, expect) => {
    expect(obeying.first).toBeAnswered()
    expect.each(untilWrong(obeying.turns, rules), (turn, expect) => {
      expect(turn.exchange).toHaveStatus(wantedOf(turn, rules))
    })
  },

  diagnose: {
    'all-at-once': rule({
      when: ({ obeying, rules }) => obeying.turns.find((turn) => isWronglyServed(turn, rules)),
      say: ({ name }, { rules }) =>
        `One token takes ${rules.interval} ms to come back. The client waited until it had one, used it, and ` +
        `was served once more (${name}), although there was not yet another one.`,
    }),
  },
})

export const keepsComing = check('A client that keeps asking gets each token in time', seconds, {
  after: oneByOne,
  reread: 'rate',

  verify: ({ insisting, rules }, expect) => {
    expect(insisting.first).toBeAnswered()
    for (const turn of untilWrong(insisting.turns, rules))
      expect(turn.exchange).toHaveStatus(wantedOf(turn, rules))
  },

  diagnose: {
    'forgets-the-busy': rule({
      when: ({ insisting, rules }) => {
        const last = untilWrong(insisting.turns, rules).at(-1)
        return last && isWronglyServed(last, rules) && last
      },
      say: (_, { rules }) =>
        `PERIOD_MS was ${rules.limit * rules.interval}, but this key was never silent for that long: it came every ` +
        `${Math.round(PERSISTENT_PAUSE * rules.interval)} ms. This request was served, although less than a token was in ` +
        'its bucket. A key may be forgotten only when PERIOD_MS has passed since its last request.',
    }),
    'drops-parts': rule({
      when: ({ insisting, rules }) =>
        insisting.turns.some(({ isServed }) => isServed) &&
        insisting.turns.find((turn) => isWronglyRefused(turn, rules)),
      say: (_, { rules }) =>
        `This client comes every ${Math.round(PERSISTENT_PAUSE * rules.interval)} ms, and a token takes ` +
        `${rules.interval} ms. By this request a whole token and more was in its bucket, and it was refused. Count ` +
        'the part of a token, too, that had come back when the last one was taken.',
    }),
    'punishes-asking': rule({
      when: ({ insisting, rules }) => insisting.turns.find((turn) => isWronglyRefused(turn, rules)),
      say:
        'This client went on asking while its bucket was empty. By this request a whole token and more had come ' +
        'back, and it was refused all the same. Refused requests cost nothing, or a client that ' +
        'keeps asking never gets in again.',
    }),
  },
})

export const rest = check('A key that rested has a full bucket, and no more', seconds, {
  after: retryHonest,
  reread: 'rate',

  verify: ({ rested, rules }, expect) => {
    expect(rested.first).toBeAnswered()
    expect.each(untilWrong(rested.turns, rules), (turn, expect) => {
      expect(turn.exchange).toHaveStatus(wantedOf(turn, rules))
    })
  },

  diagnose: {
    overfills: rule({
      when: ({ rested, rules }) => rested.turns.find((turn) => isWronglyServed(turn, rules)),
      say: ({ name }, { rules }) =>
        `LIMIT was ${rules.limit}. This key had rested, and then ${name} was still served. A bucket that is ` +
        'full takes no more, or a client that slept for a night may send thousands at once.',
    }),
  },
})

/** Whether the client that obeys comes later than it would have by the first refusal. */
function isLonger({ late }: Told, first: Told | undefined): boolean {
  return late !== undefined && first?.late !== undefined && late.least > first.late.most + 3
}

/** What follows a wrong answer rests on it, and says nothing more. */
function untilWrong<Each extends Turn>(turns: readonly Each[], rules: Rules): Each[] {
  const isWrong = (turn: Each) => isWronglyRefused(turn, rules) || isWronglyServed(turn, rules)
  const first = turns.findIndex(isWrong)
  return turns.slice(0, first === -1 ? turns.length : first + 1)
}
