import { check, hasStatus, rule, table, type Exchange } from '#grader'
import { idIn, noteIn, notesIn, textIn, type Posted } from './answers.ts'
import { list as listed } from './list-checks.ts'
import { twenty } from './scenarios.ts'

const EACH_ITS_OWN = 'a different one in each'

export const unmixed = check(
  'Twenty notes that are posted together are each created with their own text',
  twenty,
  {
    after: listed,
    reread: 'created',

    verify: ({ notes }, expect) => {
      const { exchange, sent } = notes.find(isWrong) ?? notes[0]!
      expect(exchange).toHaveStatus(201)
      expect(textIn(exchange), 'the text in the answer', exchange).toBe(sent)
    },

    diagnose: {
      'texts-mixed': rule({
        when: ({ notes }) =>
          notes.some((note) => hasAnothersText(note, notes)) && notes.find(isWrong),
        say: (_, { notes }) => {
          const { sent } = notes.find((note) => hasAnothersText(note, notes))!
          return (
            `A client posted \`${sent}\` and was answered with the text of another one, too. ` +
            'Twenty requests were under way at the same time, and their pieces came in turns. Each ' +
            'request needs a variable of its own for what has come so far, within the handler.'
          )
        },
      }),
    },
  },
)

export const distinct = check('Twenty notes created together have twenty ids', twenty, {
  after: unmixed,
  reread: 'created',

  verify: ({ notes }, expect) => {
    const pair = withOneId(notes)
    const given = pair ? `${idIn(pair[0].exchange)} for more than one note` : EACH_ITS_OWN
    const shown = pair && asTable(pair)
    expect(given, 'ids in the twenty answers', shown).toBe(EACH_ITS_OWN)
  },

  diagnose: {
    'clock-as-id': rule({
      when: ({ notes }) =>
        withOneId(notes)
          ?.filter(isTime)
          .map(({ exchange }) => idIn(exchange))[0],
      say: (id) =>
        `The id ${id} is the time in milliseconds, and more than one note was created within the ` +
        'same millisecond. Count up in one place instead, or use `randomUUID()` of `node:crypto`.',
    }),
    'id-given-twice': rule({
      when: ({ notes }) => withOneId(notes)?.map(({ exchange }) => idIn(exchange))[0],
      say: (id) =>
        `The id ${id} was given to more than one note. Other requests come while a text is still ` +
        'on its way, so count up where the note is stored, in the same step. `randomUUID()` of ' +
        '`node:crypto` gives ids that are different without counting.',
    }),
  },
})

export const keepsAll = check('GET /notes lists all twenty afterwards', twenty, {
  after: distinct,
  reread: 'created',

  verify: ({ notes, list }, expect) => {
    expect(list).toHaveStatus(200)
    const kept = notes.filter((note) => isIn(list, note))
    expect(kept.length, 'how many of the twenty are in the list', list).toBe(20)
  },

  diagnose: {
    'overwrites-the-others': rule({
      when: ({ notes, list }) => notesIn(list) && notes.some((note) => !isIn(list, note)) && list,
      say:
        'Twenty notes were created, but not all of them are in the list. If a request reads the ' +
        'list, waits for something, and then stores a new list, it takes away what other ' +
        'requests have stored meanwhile. Add to the list that is there at that moment.',
    }),
  },
})

function isIn(list: Exchange | null, { exchange, sent }: Posted): boolean {
  const id = noteIn(exchange)?.id
  return notesIn(list)?.some((note) => note.id === id && note.text === sent) === true
}

function isWrong({ exchange, sent }: Posted): boolean {
  return !hasStatus(201)(exchange) || textIn(exchange) !== sent
}

/** Also half of another text is one: each client sent two halves. */
function hasAnothersText({ exchange, sent }: Posted, notes: readonly Posted[]): boolean {
  const received = textIn(exchange)
  const isIn = (other: string) =>
    received.includes(other.slice(0, 6)) || received.includes(other.slice(6))
  return notes.some((other) => other.sent !== sent && isIn(other.sent))
}

/** Two notes with the same id; undefined when each has one of its own. */
function withOneId(notes: readonly Posted[]): [Posted, Posted] | undefined {
  const groups = Map.groupBy(notes, ({ exchange }) => idIn(exchange))
  const [first, second] = groups.values().find(({ length }) => length > 1) ?? []
  return first && second && [first, second]
}

/** Milliseconds since the epoch, as `Date.now()` gave them then. */
function isTime({ exchange }: Posted): boolean {
  const id = Number(noteIn(exchange)?.id)
  return exchange !== null && Math.abs(id - exchange.startedAt) < 60_000
}

function asTable(notes: readonly Posted[]) {
  const rows = notes.map(({ sent, exchange }) => [sent, idIn(exchange)])
  return table('Two of the twenty answers', ['text', 'id'], rows)
}
