import { check, hasStatus, rule, status, together, type Exchange } from '#grader'
import { noteIn, quoted, textIn, type Posted } from './answers.ts'
import { created } from './note-checks.ts'
import { byHand, threeNotes } from './scenarios.ts'

export const bodyComplete = check(
  'The text arrived whole, also when its bytes came in pieces',
  together({ threeNotes, byHand }),
  {
    after: created,
    spec: 'RFC 9112 §6.3',
    reread: 'process',

    verify: ({ threeNotes, byHand }, expect) => {
      expect.each(
        [...threeNotes.notes, ...byHand.inPieces],
        ({ exchange, followed, sent }, expect) => {
          expect(exchange).toHaveStatus(201)
          expect(textIn(exchange), 'text', exchange).toBe(sent)
          if (noteIn(followed)) expect(textIn(followed), 'text at Location', followed).toBe(sent)
        },
      )
    },

    diagnose: {
      'asks-for-the-length': rule({
        when: ({ byHand: { inPieces } }) =>
          inPieces.slice(1).find(({ exchange }) => hasStatus(400, 411)(exchange)),
        say: ({ exchange }) =>
          'The text came in chunks. Such a request has no Content-Length, and it got ' +
          `${status(exchange)}. Nobody can know from its head whether it is empty: read to its end.`,
      }),
      'answers-too-early': rule({
        when: (facts) => wrongTexts(facts).find(({ text }) => text === ''),
        say: ({ sent }) =>
          `The request carried ${Buffer.byteLength(sent)} bytes, but your note has an empty text. ` +
          'Your handler is called when the head is there, and the text comes after it. Create the ' +
          'note and answer when its end has come.',
      }),
      'trims-the-text': rule({
        when: (facts) => wrongTexts(facts).find(({ sent, text }) => text === sent.trim()),
        say:
          "The text that was sent ends with a line end, and yours doesn't. What is in a text " +
          'is for its author to say; store it as it came.',
      }),
      'first-piece-alone': rule({
        when: (facts) =>
          wrongTexts(facts).find(({ sent, text }) => sent.startsWith(withoutCut(text))),
        say: ({ sent, text }) =>
          `The text of your note ends after ${quoted(text)}. ${Buffer.byteLength(sent)} bytes were ` +
          'sent, and they came in several pieces. Wait for the end of the request, not for the first piece.',
      }),
      'last-piece-alone': rule({
        when: (facts) =>
          wrongTexts(facts).find(({ sent, text }) => sent.endsWith(withoutCut(text))),
        say: ({ sent, text }) =>
          `Your note has only the end of its text, ${quoted(text)}. ${Buffer.byteLength(sent)} bytes ` +
          'were sent, and they came in several pieces. Keep each piece, and join them at the end.',
      }),
      'decodes-each-piece': rule({
        when: (facts) => wrongTexts(facts).find(({ text }) => text.includes('\uFFFD')),
        say:
          "Some characters became \uFFFD. Their bytes came in two pieces, and half a character can't " +
          'be decoded. Join all bytes first, and make one text of them at the end.',
      }),
    },
  },
)

interface WrongText {
  readonly exchange: Exchange | null
  readonly sent: string
  readonly text: string
}

/** The notes in answers whose text isn't the one that was sent. */
function wrongTexts(facts: {
  readonly threeNotes: { readonly notes: readonly Posted[] }
  readonly byHand: { readonly inPieces: readonly Posted[] }
}): WrongText[] {
  return [...facts.threeNotes.notes, ...facts.byHand.inPieces].flatMap(
    ({ sent, exchange, followed }) =>
      [exchange, followed]
        .filter((answer) => noteIn(answer) !== undefined)
        .map((answer) => ({ exchange: answer, sent, text: textIn(answer) }))
        .filter(({ text }) => text !== sent),
  )
}

/** A text without what a character that was cut through became, at either end. */
function withoutCut(text: string): string {
  return text.replace(/^\uFFFD+|\uFFFD+$/g, '')
}
