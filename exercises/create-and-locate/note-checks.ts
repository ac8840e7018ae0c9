import {
  check,
  field,
  hasStatus,
  hasType,
  json,
  matching,
  path,
  rule,
  status,
  text,
  type Exchange,
} from '#grader'
import { aNote, isNote, JSON_TYPE, noteIn, type Note, type Posted } from './answers.ts'
import { threeNotes } from './scenarios.ts'

export const created = check('POST /notes answers 201 with the new note as JSON', threeNotes, {
  spec: 'RFC 9110 §15.3.2',
  reread: 'created',

  verify: ({ notes }, expect) => {
    expect.each(notes, ({ exchange }, expect) => {
      expect(exchange).toHaveStatus(201).toHaveHeader('Content-Type', JSON_TYPE).toHaveJson(aNote)
    })
  },

  diagnose: {
    'looks-too-early': rule({
      when: ({ notes }) => notes.find(({ exchange }) => hasStatus(400)(exchange)),
      say: ({ exchange }) =>
        `The request carried ${exchange.request.body.length} bytes of plain text, and got 400. If ` +
        "you look for the text at once, it isn't there yet: your handler is called when the head " +
        'has come, and the text follows. Only at its end you know whether it is empty.',
    }),
    'ordinary-200': rule({
      when: ({ notes }) =>
        notes.find(({ exchange }) => hasStatus(200)(exchange) && noteIn(exchange)),
      say:
        'You answered with 200, which only says that all went well. A client cannot see that ' +
        'there is something new now. 201 says it.',
    }),
    'sends-elsewhere': rule({
      when: ({ notes }) =>
        notes.find(({ exchange }) => hasStatus(301, 302, 303, 307, 308)(exchange)),
      say: ({ exchange }) =>
        `You answered with ${status(exchange)}, so Chromium asked for another address at once, ` +
        'and the script saw only the answer from there. That is right after a form, which ' +
        'needs a page. Here 201 says what happened, and Location where the note is.',
    }),
    'says-it-in-words': rule({
      when: ({ notes }) =>
        notes.find(
          ({ exchange }) => hasStatus(201)(exchange) && !hasType('application/json')(exchange),
        ),
      say: ({ exchange }) =>
        `The answer said 201, but ${saidType(exchange)}. A client that wants to show the new note ` +
        'looks for it here, as JSON, and trusts Content-Type to say what the content is.',
    }),
    'length-in-characters': rule({
      when: ({ notes }) => notes.find(({ exchange }) => isNoJson(exchange) && exchange.extra),
      say: ({ exchange }) =>
        `Your Content-Length was ${field(exchange, 'Content-Length')}, and more than that followed: ` +
        `${exchange.extra?.length} bytes were left over, so the client had JSON without its end. ` +
        'An emoji is one character, or two in JavaScript, but four bytes: `Buffer.byteLength()` ' +
        'counts bytes.',
    }),
    'json-by-hand': rule({
      when: ({ notes }) =>
        notes.some(({ exchange }) => noteIn(exchange)) &&
        notes.find(({ exchange, sent }) => isNoJson(exchange) && text(exchange).includes(sent)),
      say: ({ name }) =>
        `The answer to ${name} isn't JSON, though another one is. Line ends, quotation marks and ` +
        'backslashes may not stand in a JSON string as they are: `JSON.stringify()` writes them.',
    }),
  },
})

export const location = check('Location leads to the new note', threeNotes, {
  after: created,
  spec: 'RFC 9110 §10.2.2',
  reread: 'created',

  verify: ({ notes, host }, expect) => {
    expect.each(notes, ({ exchange, place, followed }, expect) => {
      expect(exchange).toHaveHeader('Location')
      expect(place?.host, 'the server that Location leads to', exchange).toBe(host)
      expect(followed)
        .toHaveStatus(200)
        .toHaveHeader('Content-Type', JSON_TYPE)
        .toHaveJson(noteWithId(noteIn(exchange)?.id))
    })
  },

  diagnose: {
    'no-location': rule({
      when: ({ notes }) => notes.find(({ exchange }) => field(exchange, 'Location') === undefined),
      say:
        'The answer says that a note was created, but not where: it has no Location. The `id` in ' +
        'the content is not an address, so the client would have to guess one.',
    }),
    'another-host': rule({
      when: ({ notes, host }) => notes.find(({ place }) => place && place.host !== host),
      say: ({ exchange, place }, { host }) =>
        `Location was \`${field(exchange, 'Location')}\`, so the client has to go to ` +
        `${place?.host}. But it reached your server at ${host}, through a proxy. A path is enough ` +
        'for Location, because the client knows which server it asked.',
    }),
    'names-the-collection': rule({
      when: ({ notes }) => notes.filter(leadsToCollection).map(asThere)[0],
      say: ({ location }) =>
        `Location was \`${location}\`. All notes are there, and the client can't see which of ` +
        'them is new. Name the address of this one note.',
    }),
    'resolves-elsewhere': rule({
      when: ({ notes }) => notes.filter(isBeside).filter(isNotFound).map(asThere)[0],
      say: ({ location, exchange }) =>
        `Location was \`${location}\`. A client resolves it as a browser resolves a link: it ` +
        `replaces what is after the last slash of \`/notes\`, which gives \`${path(exchange)}\`, ` +
        'and nothing is there. Begin with a slash, and write the whole path.',
    }),
    'nothing-there': rule({
      when: ({ notes }) => notes.filter(isNotFound).map(asThere)[0],
      say: ({ location, exchange }) =>
        `Location was \`${location}\`, but GET there got ${status(exchange)}. The client was ` +
        'given an address at which it finds nothing.',
    }),
  },
})

/** What was found where a note's Location leads. */
function asThere({ exchange: created, followed: exchange }: Posted) {
  return { exchange, location: field(created, 'Location') }
}

function leadsToCollection({ followed }: Posted): boolean {
  return followed?.request.target === '/notes'
}

function isNoJson(answer: Exchange | null): boolean {
  return json(answer) === undefined
}

function noteWithId(id: Note['id'] | undefined) {
  return matching(
    `the note with the id ${JSON.stringify(id)}`,
    (value: unknown) => isNote(value) && value.id === id,
  )
}

/** `it has no Content-Type` */
function saidType(answer: Exchange): string {
  const type = field(answer, 'Content-Type')
  return type === undefined ? 'it has no Content-Type' : `its Content-Type is \`${type}\``
}

function isNotFound({ followed }: Posted): boolean {
  return (status(followed) ?? 0) >= 400
}

/** A first segment that neither begins at the root nor names a scheme. */
function isBeside({ exchange }: Posted): boolean {
  return !/^[/?]|^[a-z]+:/i.test(field(exchange, 'Location') ?? '')
}
