import { check, hasStatus, json, matching, rule, sentField, status, type Exchange } from '#grader'
import {
  allFourMethods,
  besidePrototype,
  gives,
  lacking,
  mergePatchAlone,
  patchTypes,
  quoted,
  saidOf,
  withoutPrototype,
} from './answers.ts'
import { whole } from './merge-checks.ts'
import { prototypes, refusals } from './scenarios.ts'

export const mediaType = check(
  'A patch in another media type gets 415 and Accept-Patch',
  refusals,
  {
    after: whole,
    spec: 'RFC 5789 §2.2',
    reread: 'patch',

    verify: ({ accepted, right, refused }, expect) => {
      expect.each(accepted, ({ exchange }, expect) => {
        expect(exchange).toHaveStatus(200).toHaveJson(right)
      })
      expect.each(refused, ({ exchange }, expect) => {
        expect(exchange).toHaveStatus(415).toHaveHeader('Accept-Patch', mergePatchAlone(exchange))
      })
    },

    diagnose: {
      'compares-parameters': rule({
        when: ({ accepted }) => accepted.find(({ exchange }) => hasStatus(415, 400)(exchange)),
        say: ({ exchange }) =>
          `\`Content-Type: ${sentField(exchange, 'Content-Type')}\` got ${status(exchange)}. A media type has no case, ` +
          'and what follows the ; are parameters: this is a merge patch.',
      }),
      'takes-any-type': rule({
        when: ({ refused: [, operations] }) =>
          operations && Array.isArray(json(operations.get)) && operations,
        say: ({ exchange, get }) =>
          'A JSON Patch came, a list of operations in `application/json-patch+json`, and it got ' +
          `${status(exchange)}. You applied it as a merge patch, so the document is now ` +
          `${quoted(json(get))}. The media type says what the JSON means.`,
      }),
      'takes-plain-json': rule({
        when: ({ refused: [plain] }) => plain && isSuccess(plain.exchange) && plain,
        say: ({ exchange }) =>
          `\`Content-Type: application/json\` got ${status(exchange)}. That type says only that it is ` +
          'JSON, so you guessed that it is a change and not a whole document.',
      }),
      'assumes-the-type': rule({
        when: ({ refused: [, , untyped] }) => untyped && isSuccess(untyped.exchange) && untyped,
        say: ({ exchange }) =>
          `A PATCH without a Content-Type got ${status(exchange)}, so you guessed its language. The ` +
          'type is part of the patch: without it, the request has to fail.',
      }),
      'refuses-without-remedy': rule({
        when: ({ refused }) =>
          refused.find(
            ({ exchange }) => hasStatus(415)(exchange) && patchTypes(exchange).length === 0,
          ),
        say: ({ name }) =>
          `You refused a patch with 415 (${name}), but no Accept-Patch says which type you take. The ` +
          'client learns that it failed, and not what to do about it.',
      }),
    },
  },
)

export const broken = check('Content that is not JSON gets 400', refusals, {
  after: mediaType,
  spec: 'RFC 5789 §2.2',
  reread: 'patch',

  verify: ({ broken }, expect) => {
    expect.each(broken, ({ exchange }, expect) => {
      expect(exchange).toHaveStatus(400)
    })
  },

  diagnose: {
    'fault-of-the-server': rule({
      when: ({ broken }) => broken.find(({ exchange }) => hasStatus(500)(exchange)),
      say: ({ name }) =>
        `A patch that isn't JSON (${name}) got 500, which says that the server failed and that the ` +
        'same request may work later. It never will: the client has to change it first, so the ' +
        'status is 400.',
    }),
    'broken-taken': rule({
      when: ({ broken }) => broken.find(({ exchange }) => isSuccess(exchange)),
      say: ({ name, exchange }) =>
        `A patch that isn't JSON (${name}) got ${status(exchange)}, as if it had been applied. The ` +
        'client never learns that its change was lost.',
    }),
  },
})

export const unchanged = check('A refused patch leaves the document as it was', refusals, {
  after: broken,
  spec: 'RFC 5789 §2',
  reread: 'patch',

  verify: ({ refused, broken }, expect) => {
    expect.each([...refused, ...broken], ({ get, start }, expect) => {
      expect(get).toHaveStatus(200).toHaveJson(start)
    })
  },

  diagnose: {
    'applied-before-refused': rule({
      when: ({ refused, right }) => refused.find(({ get }) => gives(get, right))?.get,
      say:
        'You answered 415, but GET afterwards shows that the patch was applied. The client believes ' +
        'that nothing happened. Look at everything that can be wrong first, and change the document last.',
    }),
    'lost-with-broken': rule({
      when: ({ broken }) =>
        broken.find(({ get, start }) => hasStatus(200)(get) && !gives(get, start))?.get,
      say: (get) =>
        `You answered 400 to a patch that isn't JSON, and now the document is ${quoted(json(get))}. ` +
        'A patch that you refuse must not reach what you store.',
    }),
  },
})

export const options = check('OPTIONS names PATCH and the media type of a patch', refusals, {
  after: whole,
  spec: 'RFC 5789 §3',
  reread: 'patch',

  verify: ({ options }, expect) => {
    expect(options)
      .toHaveStatus(matching('204 or 200', (got: number) => got === 204 || got === 200))
      .toHaveHeader('Allow', allFourMethods(options))
      .toHaveHeader('Accept-Patch', mergePatchAlone(options))
  },

  diagnose: {
    'allow-incomplete': rule({
      when: ({ options }) => isSuccess(options) && lacking(options).length > 0 && options,
      say: (options) =>
        `Your answer to OPTIONS has ${saidOf(options, 'Allow')}, without ` +
        `${inWords(lacking(options))}. Allow names every method that works at this address, in capitals.`,
    }),
    'options-without-type': rule({
      when: ({ options }) => isSuccess(options) && patchTypes(options).length === 0 && options,
      say:
        'Your answer to OPTIONS allows PATCH, but has no Accept-Patch. There are several languages ' +
        'for patches, and the client cannot know which one you read.',
    }),
  },
})

export const harmless = check('A member called __proto__ does no harm', prototypes, {
  after: unchanged,
  spec: 'RFC 7396 §2',
  reread: 'patch',

  verify: (outcomes, expect) => {
    expect.each(outcomes, ({ exchange, right }, expect) => {
      if (right === undefined) expect(exchange).toHaveStatus(appliedOrRefused)
      else expect(exchange).toHaveStatus(200).toHaveJson(besidePrototype(right))
    })
  },

  diagnose: {
    'pollutes-every-object': rule({
      when: (outcomes) =>
        outcomes.find(
          ({ what, exchange, secret }) =>
            what === 'a new document' && showsSecret(exchange, secret),
        ),
      say: ({ hidden, secret }) =>
        `A document was put anew, without \`${hidden}\`. Then a patch set \`${hidden}.size\`, and the ` +
        `answer has \`${secret}\` in there, which came with the \`__proto__\` of an earlier patch. A ` +
        'merge that reads `target["__proto__"]` gets the object from which all objects inherit, ' +
        'and writes into it.',
    }),
    'inherits-hidden-member': rule({
      when: (outcomes) =>
        outcomes.find(
          ({ what, exchange, secret, get }) =>
            what === 'the next patch' && showsSecret(exchange, secret) && !showsSecret(get, secret),
        ),
      say: ({ hidden, secret }) =>
        `GET showed no \`${hidden}\`. Then a patch set \`${hidden}.size\`, and the answer has ` +
        `\`${secret}\` in there, which came with the \`__proto__\` of the patch before. So your ` +
        'document inherits it: `target["__proto__"] = …` adds no member, it changes what an object ' +
        'inherits from.',
    }),
  },
})

const appliedOrRefused = matching('200, 400 or 422', (got: number) => [200, 400, 422].includes(got))

function isSuccess(of: Exchange | null): boolean {
  const got = status(of) ?? 0
  return got >= 200 && got < 300
}

/** Whether what came with a `__proto__` is in a document, beside a `__proto__` of its own. */
function showsSecret(exchange: Exchange | null, secret: string): boolean {
  return JSON.stringify(withoutPrototype(json(exchange)))?.includes(secret) ?? false
}

/** `GET, PUT and PATCH` */
function inWords(names: readonly string[]): string {
  return new Intl.ListFormat('en-GB').format(names)
}
