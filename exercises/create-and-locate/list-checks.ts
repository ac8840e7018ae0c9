import { check, hasStatus, json, matching, rule, status, type Exchange } from '#grader'
import { isNote, JSON_TYPE, noteIn, notesIn, type Note } from './answers.ts'
import { bodyComplete } from './body-checks.ts'
import { byHand, threeNotes } from './scenarios.ts'

export const list = check('GET /notes lists all notes in order', threeNotes, {
  after: bodyComplete,
  spec: 'RFC 9110 §9.3.1',
  reread: 'created',

  verify: ({ before, notes, list }, expect) => {
    expect(before).toHaveStatus(200).toHaveHeader('Content-Type', JSON_TYPE).toHaveJson([])
    expect(list).toHaveStatus(200).toHaveHeader('Content-Type', JSON_TYPE)
    expect(list).toHaveJson(theseNotes(notes.map(({ exchange }) => noteIn(exchange))))
  },

  diagnose: {
    'nothing-is-404': rule({
      when: ({ before }) => hasStatus(204, 404)(before) && before,
      say: (before) =>
        `Before there was a note, GET /notes got ${status(before)}. The list is always there. It ` +
        'is empty at first, so the answer is 200 with `[]`.',
    }),
    'not-a-list': rule({
      when: ({ before, list }) =>
        [before, list].find((answer) => hasStatus(200)(answer) && !Array.isArray(json(answer))),
      say:
        'GET /notes gave no JSON array. A Map, for example, becomes `{}` in `JSON.stringify()`, ' +
        'whatever is in it; `[...map.values()]` is an array.',
    }),
    'newest-first': rule({
      when: ({ notes, list }) => {
        const ids = notes.map(({ exchange }) => noteIn(exchange)?.id)
        const listed = notesIn(list)?.map(({ id }) => id) ?? []
        return listed.length > 0 && sameIds(listed.toReversed(), ids) && list
      },
      say:
        'The newest note comes first. A list in the order of creation begins with the note that ' +
        'was created first, so a new one is added at its end.',
    }),
  },
})

export const refuses = check(
  'An empty body is answered with 400, and an address without a note with 404',
  byHand,
  {
    after: bodyComplete,
    spec: 'RFC 9110 §15.5',
    reread: 'created',

    verify: ({ refusals, list }, expect) => {
      expect.each(refusals, ({ exchange, right }, expect) => {
        expect(exchange).toHaveStatus(right)
      })
      const stored = notesIn(list)?.length
      if (stored !== undefined) expect(stored, 'notes in the list afterwards', list).toBe(2)
    },

    diagnose: {
      'creates-from-nothing': rule({
        when: ({ refusals }) =>
          refusals.find(({ exchange, right }) => right === 400 && isSuccess(exchange)),
        say: ({ name, exchange }) =>
          `A POST with ${name} got ${status(exchange)}. Look at how many bytes came when the ` +
          'request has ended: with none, there is nothing to keep, and 400 tells the client so.',
      }),
      'refused-but-kept': rule({
        when: ({ refusals, list }) =>
          refusals.every(({ exchange, right }) => hasStatus(right)(exchange)) &&
          (notesIn(list)?.length ?? 0) > 2 &&
          list,
        say: (list) =>
          `The empty bodies got 400, but the list has ${notesIn(list)?.length} notes now, though ` +
          'only two texts came. Look first whether there is a text, and store a note only then.',
      }),
      'answers-everywhere': rule({
        when: ({ refusals }) =>
          refusals.find(({ exchange, right }) => right === 404 && isSuccess(exchange)),
        say: ({ name, exchange }) =>
          `\`${name}\` got ${status(exchange)}, though no note has this address. A client takes ` +
          'that for a note that is there. 404 says that there is none.',
      }),
      'another-code': rule({
        when: ({ refusals }) =>
          refusals.find(
            ({ exchange, right }) => (status(exchange) ?? 0) >= 400 && !hasStatus(right)(exchange),
          ),
        say: ({ name, exchange, right }) =>
          right === 400
            ? `A POST with ${name} got ${status(exchange)}. Its text is missing, and the client has ` +
              'to send another request; 400 says so.'
            : `\`${name}\` got ${status(exchange)}. The request is written as it should be, but ` +
              'there is no note at this address; 404 says so.',
      }),
    },
  },
)

function theseNotes(notes: readonly (Note | undefined)[]) {
  const ids = notes.map((note) => note?.id)
  return matching(
    `a list of the notes with the ids ${ids.map((id) => JSON.stringify(id)).join(', ')}`,
    (value: unknown) =>
      Array.isArray(value) &&
      value.every(isNote) &&
      sameIds(
        value.map(({ id }) => id),
        ids,
      ),
  )
}

function sameIds(ids: readonly unknown[], others: readonly unknown[]): boolean {
  return ids.length === others.length && ids.every((id, index) => id === others[index])
}

function isSuccess(answer: Exchange | null): boolean {
  const code = status(answer) ?? 0
  return code >= 200 && code < 300
}
