import { check, field, hasStatus, hasType, matching, rule, status, type } from '#grader'
import { delayOrDate, isProblem, naming, problemOf429 } from './answers.ts'
import { burst } from './scenarios.ts'

export const allows = check('A new key is served as often as LIMIT says', burst, {
  reread: 'rate',

  verify: ({ served }, expect) => {
    expect.each(served, ({ exchange }, expect) => {
      expect(exchange).toHaveStatus(201)
    })
  },

  diagnose: {
    'refuses-early': rule({
      when: ({ served }) => served.find(({ exchange }) => hasStatus(429)(exchange)),
      say: ({ name }, { rules }) =>
        `LIMIT was ${rules.limit}, so a new key has ${rules.limit} tokens. But ${name} was refused. ` +
        'A whole token is enough for a request.',
    }),
  },
})

export const limits = check(
  'The next request gets 429 with a problem document and Retry-After',
  burst,
  {
    after: allows,
    spec: 'RFC 6585 §4, RFC 9110 §10.2.3, RFC 9457 §3.1',
    reread: 'rate',

    verify: ({ beyond }, expect) => {
      expect(beyond)
        .toHaveStatus(429)
        .toHaveHeader('Content-Type', type('application/problem+json'))
        .toHaveJson(problemOf429)
        .toHaveHeader('Retry-After', delayOrDate)
    },

    diagnose: {
      'one-too-many': rule({
        when: ({ beyond, next }) => hasStatus(201)(beyond) && hasStatus(429)(next) && beyond,
        say: (_, { rules }) =>
          `LIMIT was ${rules.limit}, and ${rules.limit + 1} requests were served before one was ` +
          'refused. When the tokens are used up, the bucket is empty: less than a whole token is not enough.',
      }),
      'never-refuses': rule({
        when: ({ beyond, next }) => hasStatus(201)(beyond) && hasStatus(201)(next) && beyond,
        say: (_, { rules }) =>
          `LIMIT was ${rules.limit}. This is request ${rules.limit + 1} with the same key, and it was served, as was ` +
          'the one after it. Each came over a connection of its own: it is the key that tells whose requests they are.',
        alsoEarnedBy: ['stub'],
      }),
      'another-status': rule({
        when: ({ beyond }) => beyond && !hasStatus(201, 429)(beyond) && status(beyond),
        say: (got) =>
          `The key had no token left, and its client was told ${got}. Only 429 says that this client ` +
          'alone asks too often, and that the same request works later.',
      }),
      'plain-json': rule({
        when: ({ beyond }) =>
          isProblem(beyond) && !hasType('application/problem+json')(beyond) && beyond,
        say: (beyond) =>
          `The content is a JSON object, but Content-Type is \`${field(beyond, 'Content-Type')}\`. ` +
          '`application/problem+json` tells a program what the members mean.',
      }),
      'no-retry-after': rule({
        when: ({ beyond }) =>
          hasStatus(429)(beyond) && field(beyond, 'Retry-After') === undefined && beyond,
        say:
          'The client learns that it asks too often, but not when it may come back. So it guesses, ' +
          'and many ask again at once. Say it in Retry-After.',
      }),
      fraction: rule({
        when: ({ beyond }) => /^\d*\.\d+$/.exec(field(beyond, 'Retry-After') ?? '')?.[0],
        say: (value) =>
          `Retry-After has whole seconds only, so a client can't read \`${value}\`. Round up.`,
      }),
    },
  },
)

export const needsKey = check('A request without a key gets 401 and a challenge', burst, {
  after: limits,
  spec: 'RFC 9110 §15.5.2, §11.6.1',
  reread: 'challenge',

  verify: ({ strangers }, expect) => {
    expect.each(strangers, ({ exchange, challenges }, expect) => {
      expect(exchange).toHaveStatus(401)
      expect(challenges, 'its WWW-Authenticate', exchange).toBe(naming('Bearer'))
    })
  },

  diagnose: {
    'serves-strangers': rule({
      when: ({ strangers }) => strangers.find(({ exchange }) => hasStatus(201)(exchange)),
      say: ({ name }) =>
        `The request ${name} has no key, and it was served. A client that leaves its key out has no ` +
        'limit then, or shares one with all others that do.',
    }),
    'no-challenge': rule({
      when: ({ strangers }) =>
        strangers.find(({ exchange, challenges }) => hasStatus(401)(exchange) && challenges === ''),
      say:
        'The client is asked who it is, but not how to say it. A 401 has to carry a challenge: ' +
        '`WWW-Authenticate: Bearer`.',
    }),
    forbids: rule({
      when: ({ strangers }) => strangers.find(({ exchange }) => hasStatus(400, 403)(exchange)),
      say: ({ name, exchange }) =>
        `The request ${name} got ${status(exchange)}. Nothing tells its client that a key would help. ` +
        '401 does, with the challenge `WWW-Authenticate: Bearer`.',
    }),
  },
})

export const perKey = check('Another key is served while this one is refused', burst, {
  after: limits,
  reread: 'rate',

  verify: ({ blue, red }, expect) => {
    expect(blue).toHaveStatus(201)
    expect(red).toHaveStatus(429)
  },

  diagnose: {
    'one-counter': rule({
      when: ({ blue }) => hasStatus(429)(blue) && blue,
      say:
        'This key came for the first time, and was refused because another key had no tokens left. ' +
        'So one partner locks out all others. Each key has its own bucket.',
    }),
  },
})

export const atOnce = check('Requests at the same time get no more than there are tokens', burst, {
  after: perKey,
  reread: 'rate',

  verify: ({ rules, crowd, servedOfCrowd, refusedOfCrowd }, expect) => {
    const odd = crowd.find((each) => !hasStatus(201, 429)(each))
    if (odd !== undefined) expect(odd).toHaveStatus(matching('201 or 429', isEither))
    const many = `of ${crowd.length} requests that came together`
    expect(servedOfCrowd.length, `${many}, those served`, servedOfCrowd.at(-1)).toBe(rules.limit)
    expect(refusedOfCrowd.length, `${many}, those refused`, refusedOfCrowd[0]).toBe(
      crowd.length - rules.limit,
    )
  },

  diagnose: {
    'same-token-twice': rule({
      when: ({ servedOfCrowd, rules }) =>
        servedOfCrowd.length > rules.limit && servedOfCrowd.at(-1),
      say: (_, { rules, crowd, servedOfCrowd }) =>
        `One after the other, ${rules.limit} requests were served. Of ${crowd.length} that came ` +
        `together, ${servedOfCrowd.length} were. So several were served with the same token. Nothing ` +
        'may come between reading the tokens and taking one.',
    }),
  },
})

const isEither = (got: number) => got === 201 || got === 429
