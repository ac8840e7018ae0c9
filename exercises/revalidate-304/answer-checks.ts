import { bytesExhibit, check, field, hasStatus, rule, status, text, type Exchange } from '#grader'
import { lengthLike, lengthOf, namedLength } from './answers.ts'
import { grammar } from './condition-checks.ts'
import { conditions } from './scenarios.ts'
import { changesSeen } from './visit-checks.ts'

const TO_REPEAT = ['ETag', 'Cache-Control']

export const fields = check('Each 304 has its fields as the 200 has them', conditions, {
  after: grammar,
  spec: 'RFC 9110 §15.4.5',
  reread: 'not-modified',

  verify: ({ again, named, since }, expect) => {
    const repeated = TO_REPEAT.filter((name) => field(again, name) !== undefined)
    expect.each([...named, ...since], ({ exchange }, expect) => {
      for (const name of repeated) expect(exchange).toHaveHeader(name, field(again, name))
      expect(namedLength(exchange), 'its Content-Length', exchange).toBe(lengthLike(again))
    })
  },

  diagnose: {
    'bare-304': rule({
      when: ({ again, named, since }) =>
        [...named, ...since].find(({ exchange }) => lackingIn(exchange, again).length > 0),
      say: ({ exchange }, { again }) =>
        `Your 304 has no ${lackingIn(exchange, again).join(' and no ')}. A cache refreshes its ` +
        'copy by the fields of the 304, so those that it lives by have to be there, as they are ' +
        'in the 200.',
    }),
    'another-length': rule({
      when: ({ again, named, since }) =>
        [...named, ...since].find(({ exchange }) => {
          const length = field(exchange, 'Content-Length')
          return length !== undefined && length !== String(lengthOf(again))
        }),
      say: ({ exchange }, { again }) =>
        `Your 304 names \`Content-Length: ${field(exchange, 'Content-Length')}\`, and the text ` +
        `has ${lengthOf(again)} bytes. In a 304 the field tells how long the text of the 200 is, ` +
        'and not how much follows here. Leave it out, or name that length.',
    }),
  },
})

export const cheap = check('The 304 carries no content, and the next answer is right', conditions, {
  after: changesSeen,
  spec: 'RFC 9112 §6.3',
  reread: 'not-modified',

  verify: ({ css, inARow: { exchange, content, next } }, expect) => {
    expect(exchange).toHaveStatus(304)
    const head = exchange?.response?.head ?? new Uint8Array()
    const sent = Buffer.concat([head, content])
    const where = bytesExhibit('What you sent for GET with your tag', sent, head.length)
    expect(content.length, 'bytes after the empty line', where).toBe(0)
    expect(next).toHaveStatus(200).toHaveText(css)
  },

  diagnose: {
    'sends-content': rule({
      when: ({ inARow }) => inARow.content.length > 0 && inARow,
      say: ({ content }) =>
        `${content.length} bytes followed the head of your 304. A 304 ends with its empty line, ` +
        'so its client takes these bytes for the beginning of your next answer.',
    }),
  },
})

export const onlyReads = check('PUT follows its If-None-Match, and never gets 304', conditions, {
  after: grammar,
  spec: 'RFC 9110 §13.1.2',
  reread: 'not-modified',

  verify: ({ css, puts: { refused, accepted } }, expect) => {
    expect.each(refused, ({ exchange, shown }, expect) => {
      expect(exchange).toHaveStatus(412)
      expect(text(shown), 'the text after it', shown).toBe(css)
    })
    expect.each(accepted, (put, expect) => {
      expect(put.exchange).toHaveStatus(204)
      expect(text(put.shown), 'the text after it', put.shown).toBe(put.css)
    })
  },

  diagnose: {
    'put-not-modified': rule({
      when: ({ puts }) =>
        [...puts.refused, ...puts.accepted].find(({ exchange }) => hasStatus(304)(exchange)),
      say: ({ name }) =>
        `${name} got 304, which sends a client to the copy that it has. But a PUT asks for no copy: ` +
        'it brings a text. 304 is for GET and HEAD alone.',
    }),
    'put-unconditional': rule({
      when: ({ puts }) => puts.refused.find(({ exchange }) => hasStatus(200, 204)(exchange)),
      say: ({ name, exchange }) =>
        `${name} got ${status(exchange)}, although its condition forbade it: \`If-None-Match\` ` +
        'says "only if you don\'t have this", and you have it. Answer 412, and keep the text.',
    }),
    'date-stops-put': rule({
      when: ({ puts }) => puts.accepted.find(({ exchange }) => hasStatus(412)(exchange)),
      say: ({ name }) =>
        `${name} got 412. \`If-Modified-Since\` is for GET and HEAD, and a PUT goes on as though it ` +
        "weren't there.",
    }),
  },
})

/** Which fields of the 200 a 304 should have and has not. */
function lackingIn(exchange: Exchange | null, whole: Exchange | null): string[] {
  return TO_REPEAT.filter(
    (name) => field(whole, name) !== undefined && field(exchange, name) === undefined,
  )
}
