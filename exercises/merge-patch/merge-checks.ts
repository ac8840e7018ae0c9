import { between, check, hasStatus, json, rule, status, type, type Expect } from '#grader'
import {
  at,
  firstWith,
  hasNull,
  hasOldItems,
  gives,
  isObject,
  quoted,
  same,
  untouched,
  withListAsObject,
  withLost,
  withNull,
  membersOf,
  type Tried,
} from './answers.ts'
import { drawn, wholes } from './scenarios.ts'

export const stored = check('PUT stores the settings, and GET gives them', drawn, {
  reread: 'put',

  verify: ({ put, stored }, expect) => {
    expect(put).toHaveStatus(success)
    expect(stored.exchange)
      .toHaveStatus(200)
      .toHaveHeader('Content-Type', type('application/json'))
      .toHaveJson(stored.mine)
  },
})

export const changes = check('PATCH changes what it names, and nothing else', drawn, {
  after: stored,
  spec: 'RFC 5789 §2',
  reread: 'patch',

  verify: ({ changes }, expect) => {
    expect.each(changes, (each, expect) => {
      expect(each.put).toHaveStatus(success)
      expect(each.exchange)
        .toHaveStatus(200)
        .toHaveHeader('Content-Type', type('application/json'))
        .toHaveJson(each.right)
      expect(each.get).toHaveStatus(200).toHaveJson(each.right)
    })
  },

  diagnose: {
    'patch-refused': rule({
      // The stub says so, too: this is the task.
      alsoEarnedBy: ['stub'],
      when: ({ changes }) =>
        changes.find(({ exchange }) => hasStatus(404, 405, 415, 501)(exchange)),
      say: ({ exchange }) =>
        `A merge patch for a document that had just been put was answered with ${status(exchange)}. ` +
        (hasStatus(415)(exchange)
          ? 'Its Content-Type is `application/merge-patch+json`, so this is the type to take.'
          : 'This address does not know the method PATCH yet.'),
    }),
    'answers-without-document': rule({
      when: ({ changes: [first] }) => first && hasStatus(204)(first.exchange) && first,
      say:
        '204 says that there is nothing to read. But this client wants to show the settings as they ' +
        'are now, so the answer to PATCH is 200 with the new document.',
    }),
    'answers-with-patch': rule({
      when: ({ changes }) => {
        const [first] = changes
        return first && gives(first.get, first.right) && gives(first.exchange, first.patch) && first
      },
      say:
        'GET gives the right document afterwards, but the answer to PATCH has the patch in it. The ' +
        'client knows its patch; what it waits for is the new document.',
    }),
    'patch-replaces': rule({
      when: ({ changes }) => changes.find(({ exchange, patch }) => gives(exchange, patch)),
      say: ({ start, patch }) =>
        `After the patch ${quoted(patch)}, the document is the patch, and the rest of ` +
        `${quoted(start)} is gone. That is what PUT does. PATCH keeps what the patch doesn't name.`,
    }),
    'not-stored': rule({
      when: ({ changes }) => {
        const [first] = changes
        const isRight = first && gives(first.exchange, first.right)
        return isRight && gives(first.get, first.start) && first.get
      },
      say:
        'The answer to PATCH has the new document, but a GET after it gives the old one. Nothing was ' +
        'stored, so the next visitor never learns of the change.',
    }),
  },
})

export const objects = check('An object in a patch is a patch for the object there', drawn, {
  after: changes,
  spec: 'RFC 7396 §2',
  reread: 'patch',

  verify: ({ objects }, expect) => expect.each(objects, claimMerged),

  diagnose: {
    'merges-one-level': rule({
      when: ({ objects: [two, four] }) =>
        two && four && gives(two.exchange, two.right) && withLost([four]),
      say: ({ place, patch }) =>
        `The patch ${quoted(patch)} did not name \`${place}\`, and yet it is gone. An object in an ` +
        'object of the document was kept, but further down you replaced it. The depth has no limit.',
    }),
    'overwrites-nested': rule({
      when: ({ objects }) => withLost(objects),
      say: ({ place, patch }) =>
        `\`${place}\` was in the document, and the patch ${quoted(patch)} did not name it, but it is ` +
        'gone: the whole object around it was replaced. An object in a patch says only what is to ' +
        'change in there.',
    }),
    'letters-became-members': rule({
      when: ({ objects }) =>
        objects.find(
          ({ start, exchange, right }) =>
            typeof at(start, ['font']) === 'string' &&
            isObject(at(json(exchange), ['font'])) &&
            !gives(exchange, right),
        ),
      say: ({ start, exchange }) =>
        `\`font\` was the text ${quoted(at(start, ['font']))}, and after the patch it is ` +
        `${quoted(at(json(exchange), ['font']))}. A text has no members to keep. Where the old value ` +
        "isn't an object, a patch starts from `{}`.",
    }),
  },
})

export const nulls = check('null removes a member at any depth, and only null does', drawn, {
  after: objects,
  spec: 'RFC 7396 §2',
  reread: 'patch',

  verify: ({ nulls }, expect) => expect.each(nulls, claimMerged),

  diagnose: {
    'null-in-new-object': rule({
      when: ({ nulls }) => gives(nulls[0]?.exchange ?? null, nulls[0]?.right) && withNull(nulls),
      say: ({ place, patch }) =>
        `In the patch ${quoted(patch)}, null removes \`${place}\`, but it is in the document, with the ` +
        'value null. Nulls within this object were not looked for. Where the document has no object yet, a ' +
        'patch starts from `{}`.',
    }),
    'stores-null': rule({
      when: ({ nulls }) => withNull(nulls),
      say: ({ place }) =>
        `The patch asked to remove \`${place}\`, but it is in the document, with the value null. In a ` +
        'merge patch, null is not a value: it says that the member goes.',
    }),
    'null-ignored': rule({
      when: ({ nulls }) =>
        firstWith(nulls, ({ start, patch }, received) =>
          membersOf(patch).find(
            ({ path, value }) =>
              value === null &&
              at(start, path) !== undefined &&
              same(at(start, path), at(received, path)),
          ),
        ),
      say: ({ place }) =>
        `The patch asked to remove \`${place}\`, but it still has its old value. null is how a merge ` +
        "patch removes a member. It doesn't mean that nothing was sent.",
    }),
    'falsy-removed': rule({
      when: ({ nulls }) =>
        firstWith(nulls, ({ patch }, received) =>
          membersOf(patch).find(
            ({ path, value }) =>
              (value === false || value === 0 || value === '') && !same(at(received, path), value),
          ),
        ),
      say: ({ place, value }) =>
        `The patch sets \`${place}\` to ${quoted(value)}, and the document doesn't have that. false, 0 ` +
        'and an empty text are values like any other. Only null removes.',
    }),
    'old-nulls-removed': rule({
      when: ({ nulls }) =>
        firstWith(nulls, (each, received) =>
          untouched(each).find(
            ({ path, value }) => value === null && at(received, path) === undefined,
          ),
        ),
      say: ({ place }) =>
        `\`${place}\` was null in the document since its PUT, and the patch doesn't name it, but it is ` +
        'gone. A null in the patch removes; a null in the document is a value, and stays.',
    }),
  },
})

export const lists = check('A list in a patch replaces what was there', drawn, {
  after: nulls,
  spec: 'RFC 7396 §1',
  reread: 'patch',

  verify: ({ lists }, expect) => expect.each(lists, claimMerged),

  diagnose: {
    'list-became-object': rule({
      when: ({ lists }) => lists.map(withListAsObject).find((found) => found !== undefined),
      say: ({ place, received }) =>
        `\`${place}\` is a list in the patch, and in the document it is ${quoted(received)}. To ` +
        '`typeof`, a list is an object, too, so you merged its items as members.',
    }),
    'lists-merged': rule({
      when: ({ lists }) =>
        firstWith(lists, ({ start, patch }, received) =>
          membersOf(patch).find(({ path, value }) => {
            const [old, now] = [at(start, path), at(received, path)]
            return Array.isArray(value) && Array.isArray(old) && hasOldItems(old, value, now)
          }),
        ),
      say: ({ place, value, exchange }) =>
        `The patch says that \`${place}\` is ${quoted(value)}, and the document has ` +
        `${quoted(at(json(exchange), place.split('.')))}, with what was there before. A list is ` +
        "replaced whole, because a patch couldn't shorten it otherwise.",
    }),
    'items-became-members': rule({
      when: ({ lists }) =>
        firstWith(lists, ({ start, patch }, received) =>
          membersOf(patch)
            .map(({ path }) => ({ path: path.slice(0, -1), value: at(patch, path.slice(0, -1)) }))
            .find(
              ({ path, value }) =>
                Array.isArray(at(start, path)) && !same(at(received, path), value),
            ),
        ),
      say: ({ start, place, value, exchange }) =>
        `\`${place}\` was the list ${quoted(at(start, place.split('.')))}, and after the patch ` +
        `${quoted(value)} it is ${quoted(at(json(exchange), place.split('.')))}. A list has no ` +
        "members to keep. Where the old value isn't an object, a patch starts from `{}`.",
    }),
    'nulls-in-lists-removed': rule({
      when: ({ lists }) =>
        firstWith(lists, ({ patch }, received) =>
          membersOf(patch).find(({ path, value }) => {
            const now = at(received, path)
            return hasNull(value) && Array.isArray(now) && !same(now, value)
          }),
        ),
      say: ({ place, value, exchange }) =>
        `The patch says that \`${place}\` is ${quoted(value)}, and the document has ` +
        `${quoted(at(json(exchange), place.split('.')))}. null removes members of the patch's ` +
        'objects; within a list, everything stays as it is.',
    }),
  },
})

export const whole = check(
  'The cases of RFC 7396, Appendix A, come out right, and five others',
  wholes,
  {
    after: lists,
    spec: 'RFC 7396 Appendix A',
    reread: 'patch',

    verify: (cases, expect) => expect.each(cases, claimMerged),

    diagnose: {
      'takes-objects-alone': rule({
        when: (cases) =>
          cases.find(({ patch, exchange }) => !isObject(patch) && hasStatus(400, 422)(exchange)),
        say: ({ patch, exchange }) =>
          `The patch ${quoted(patch)} got ${status(exchange)}. It is JSON, and so a patch: it replaces ` +
          'the whole document.',
      }),
      'whole-ignored': rule({
        when: (cases) =>
          cases.find(({ start, patch, exchange }) => !isObject(patch) && gives(exchange, start)),
        say: ({ patch, start }) =>
          `The patch ${quoted(patch)} left the document at ${quoted(start)}. A patch that isn't an ` +
          'object replaces what it is applied to, and here that is the whole document.',
      }),
      'start-kept': rule({
        when: (cases) =>
          cases.find(
            ({ start, patch, right, exchange }) =>
              isObject(patch) && !isObject(start) && !gives(exchange, right),
          ),
        say: ({ start, patch, exchange }) =>
          `The document was ${quoted(start)}, and the patch ${quoted(patch)} made it ` +
          `${quoted(json(exchange))}. Where the old value isn't an object, a patch starts from \`{}\`.`,
      }),
    },
  },
)

const success = between(200, 204)

function claimMerged({ put, exchange, get, right }: Tried, expect: Expect): void {
  expect(put).toHaveStatus(success)
  expect(exchange).toHaveStatus(200).toHaveJson(right)
  expect(get).toHaveStatus(200).toHaveJson(right)
}
