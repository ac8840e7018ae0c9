import {
  bytesExhibit,
  check,
  hasStatus,
  isAnswered,
  path,
  rule,
  status,
  text,
  type Exchange,
} from '#grader'
import { announcedIn, gone, isGone, isSuccess, listOf, theTodo, todoIn } from './answers.ts'
import { created } from './created-check.ts'
import { asked, clicked } from './scenarios.ts'

const emptyList = check('A list with nothing in it is answered 200 with []', asked, {
  spec: 'RFC 9110 §15.3.1',
  reread: 'kinds',

  verify: ({ before }, expect) => {
    expect(before).toHaveStatus(200).toHaveJson([])
  },

  diagnose: {
    'empty-is-missing': rule({
      when: ({ before }) => isGone(before) && before,
      say: (before) =>
        `GET /todos got ${status(before)}, which says that nothing is at this address. The list is ` +
        'there, and it has no members yet: 200 with [].',
    }),
    'empty-is-no-content': rule({
      when: ({ before }) => hasStatus(204)(before) && before,
      say:
        'GET /todos got 204, so a client finds no content where it expects a list. An empty list ' +
        'is content, too: the two characters [] say that there is nothing to do.',
    }),
    'wrapped-list': rule({
      alsoEarnedBy: ['stub'],
      when: ({ before }) =>
        hasStatus(200)(before) && text(before).trimStart().startsWith('{') && before,
      say:
        'The content of GET /todos is an object, and the task wants the list itself. The status ' +
        'says already that all went well, so nothing needs to be wrapped around the list.',
    }),
  },
})

const noContent = check(
  'Doing and deleting are answered 204, with no content and no length',
  asked,
  {
    after: created,
    spec: 'RFC 9110 §15.3.5, §8.6',
    reread: 'no-content',

    verify: ({ changes }, expect) => {
      expect.each(changes, ({ name, exchange, content }, expect) => {
        expect(exchange)
          .toHaveStatus(204)
          .notToHaveHeader('Content-Length')
          .notToHaveHeader('Transfer-Encoding')
        const head = exchange?.response?.head ?? new Uint8Array()
        const sent = Buffer.concat([head, content])
        const where = bytesExhibit(`What you sent for ${name}`, sent, head.length)
        expect(content.length, 'bytes after the empty line', where).toBe(0)
      })
    },

    diagnose: {
      'nothing-in-200': rule({
        when: ({ changes }) => changes.find(({ exchange }) => hasStatus(200)(exchange)),
        say: ({ name, exchange }) =>
          `${name} got 200 with ${contentOf(exchange)}. The client needs nothing but that it ` +
          'worked, which 204 says without content.',
      }),
      'accepted-not-done': rule({
        when: ({ changes }) => changes.find(({ exchange }) => hasStatus(202)(exchange)),
        say: ({ name }) =>
          `${name} got 202, which says that the work is not done yet, so the client has to ask ` +
          'later how it went. Where your server did it before it answered, 204 says so.',
      }),
      'length-in-204': rule({
        when: ({ changes }) =>
          changes.find(
            ({ exchange, content }) =>
              hasStatus(204)(exchange) && announcedIn(exchange).length > 0 && content.length === 0,
          ),
        say: ({ name, exchange }) =>
          `Your 204 for ${name} has \`${announcedIn(exchange).join('`, `')}\`. A 204 ends at its ` +
          'empty line whatever its fields say, so the two fields that announce content are ' +
          'forbidden in it.',
      }),
      'content-in-204': rule({
        when: ({ changes }) =>
          changes.find(({ exchange, content }) => hasStatus(204)(exchange) && content.length > 0),
        say: ({ name, content }) =>
          `${content.length} bytes followed your 204 for ${name}. A 204 ends at its empty line, so ` +
          'the client takes these bytes for the beginning of your next answer.',
      }),
    },
  },
)

const takesEffect = check('What a 204 says has happened', asked, {
  after: noContent,
  spec: 'RFC 9110 §15.3.5',
  reread: 'no-content',

  verify: ({ first, shownDone, shownGone }, expect) => {
    expect(shownDone).toHaveStatus(200).toHaveJson(theTodo(first.text, true))
    expect(shownGone).toHaveStatus(gone)
  },

  diagnose: {
    'not-done': rule({
      when: ({ shownDone }) => todoIn(shownDone)?.done === false && shownDone,
      say: (shown) =>
        `POST ${path(shown)}/done got 204, but the to-do still says "done": false. A client ` +
        'believes a 204 and does not look again.',
    }),
    'not-deleted': rule({
      when: ({ shownGone }) => hasStatus(200)(shownGone) && todoIn(shownGone) && shownGone,
      say: (shown) =>
        `DELETE ${path(shown)} got 204, but the to-do is still there. A client believes a 204 and ` +
        'does not look again.',
    }),
    'null-in-200': rule({
      when: ({ shownGone }) => hasStatus(200)(shownGone) && !todoIn(shownGone) && shownGone,
      say: (shown) =>
        `The to-do is deleted, but GET ${path(shown)} got 200 with ` +
        `${contentOf(shown)}. A client that goes by the status takes that for a to-do. Where ` +
        'nothing is, the answer is 404.',
    }),
  },
})

const missing = check('What was deleted is 404 or 410, and the list is [] in the end', asked, {
  after: takesEffect,
  spec: 'RFC 9110 §15.5.5',
  reread: 'kinds',

  verify: ({ before, missing, second, left, emptied }, expect) => {
    expect.each(missing, ({ exchange }, expect) => {
      expect(exchange).toHaveStatus(gone)
    })
    expect(left).toHaveStatus(200).toHaveJson(listOf(second.text))
    // Else it is told above how an empty list is answered.
    if (hasStatus(200)(before)) expect(emptied).toHaveStatus(200).toHaveJson([])
  },

  diagnose: {
    'missing-in-2xx': rule({
      when: ({ missing }) => missing.find(({ exchange }) => isSuccess(exchange)),
      say: ({ exchange }) =>
        `${exchange?.request.method} ${path(exchange)} got ${status(exchange)}, but this to-do was ` +
        'deleted before. A client that goes by the status believes that it has changed something. ' +
        'Answer 404 where there was nothing to change.',
    }),
    'another-deleted': rule({
      when: ({ missing, left }) =>
        missing.every(({ exchange }) => isGone(exchange)) &&
        hasStatus(200)(left) &&
        text(left).trim() === '[]' &&
        left,
      say: (_, { second: { leads } }) =>
        `Nobody deleted ${leads?.inWords}, but GET /todos does not list it. A DELETE removes the ` +
        'to-do that it names, and none at all when that one is not there.',
    }),
    'emptied-is-missing': rule({
      when: ({ before, emptied }) =>
        hasStatus(200)(before) && isAnswered(emptied) && !hasStatus(200)(emptied) && emptied,
      say: (emptied) =>
        `After the last to-do was deleted, GET /todos got ${status(emptied)}. The list is still ` +
        'there, with nothing in it, and is answered as it was at the beginning: 200 with [].',
    }),
  },
})

const pageWorks = check('The page works from start to finish by statuses and Location', clicked, {
  after: missing,
  spec: 'RFC 9110 §15.3',
  reread: 'kinds',

  verify: ({ page, steps, additions, left }, expect) => {
    expect(page).toHaveStatus(200)
    expect.each(steps, ({ wanted, said, exchange }, expect) => {
      expect(said, 'what the page says', exchange).toBe(wanted)
    })
    expect.each(additions, ({ leads, exchange }, expect) => {
      expect(leads, 'Location', exchange).toBe('an address of its own')
    })
    const last = steps.at(-1)
    expect(last?.listed, 'what the page lists in the end', last?.exchange).toBe(left)
  },

  diagnose: {
    'no-page': rule({
      when: ({ page }) => (status(page) ?? 0) >= 400 && page,
      say: (page) =>
        `GET / got ${status(page)}, so there is no page to click in. The page is given: send ` +
        '`todoPage` with 200 and `Content-Type: text/html`.',
    }),
    'address-twice': rule({
      when: ({ additions }) => additions.find(({ sameAs }) => sameAs),
      say: ({ address, sameAs }) =>
        `201 says that something new was made, but its Location, ${address}, had been the address ` +
        `of ${sameAs}. Number the to-dos by how many were ever added, not by how many there are.`,
    }),
  },
})

export default { emptyList, created, noContent, takesEffect, missing, pageWorks }

function contentOf(exchange: Exchange | null): string {
  return text(exchange) === '' ? 'no content' : `\`${text(exchange)}\``
}
