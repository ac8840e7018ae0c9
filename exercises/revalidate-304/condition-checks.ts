import { check, field, hasStatus, matching, rule, text, type Exchange } from '#grader'
import { httpDate, isHttpDate, quotedTag, type Conditional } from './answers.ts'
import { conditions } from './scenarios.ts'
import { changesSeen } from './visit-checks.ts'

export const grammar = check('Your tag in a list, with W/ or without, and * get 304', conditions, {
  after: changesSeen,
  spec: 'RFC 9110 §13.1.2',
  reread: 'not-modified',

  verify: ({ whole, named }, expect) => {
    expect(whole).toHaveHeader('ETag', quotedTag)
    expect.each(named, ({ exchange }, expect) => {
      expect(exchange).toHaveStatus(304)
    })
  },

  diagnose: {
    'without-quotes': rule({
      when: ({ whole }) => !(field(whole, 'ETag') ?? '"').includes('"') && whole,
      say: (whole) =>
        `Your tag is \`${field(whole, 'ETag')}\`. The double quotes are a part of it, so that a ` +
        'list of tags can be read: `"a", "b"`.',
    }),
    'list-not-read': rule({
      when: ({ named: [alone, list, tight] }) =>
        hasStatus(304)(alone?.exchange) && [list, tight].find((each) => gotWhole(each)),
      say: ({ name }) =>
        `Your tag alone got 304, but ${name} got the whole text. A cache with several copies asks ` +
        'with all their tags, with commas between them. One that is yours is enough.',
    }),
    'weak-not-matched': rule({
      when: ({ whole, named: [alone, , , otherForm] }) =>
        /^(W\/)?"/.test(field(whole, 'ETag') ?? '') &&
        hasStatus(304)(alone?.exchange) &&
        gotWhole(otherForm) &&
        otherForm,
      say: ({ name }, { whole }) =>
        `Your tag is ${field(whole, 'ETag')}, and ${name} got the whole text. A proxy that ` +
        'compresses may add W/ to it. For If-None-Match both name the same text, so leave W/ ' +
        'out when you compare.',
    }),
    'star-not-known': rule({
      when: ({ named }) => named.find((each) => each.name === '*' && gotWhole(each)),
      say:
        '`If-None-Match: *` got the whole text. The star names any text at all, and you have ' +
        'one, so the answer is 304.',
    }),
    'head-left-out': rule({
      when: ({ named }) => named.find((each) => each.name.startsWith('HEAD') && gotWhole(each)),
      say:
        'GET with your tag got 304, but HEAD with your tag got 200. HEAD gets the status that ' +
        'GET would get, so its conditions count as well.',
    }),
  },
})

export const otherTags = check('Tags of other texts get 200, and GET the whole text', conditions, {
  after: grammar,
  spec: 'RFC 9110 §13.1.2',
  reread: 'not-modified',

  verify: ({ css, notNamed, headNotNamed, sameSecond, unreadable }, expect) => {
    expect.each(notNamed, ({ exchange }, expect) => {
      expect(exchange).toHaveStatus(200).toHaveText(css)
    })
    expect(headNotNamed.exchange).toHaveStatus(200)
    expect(sameSecond.exchange).toHaveStatus(200).toHaveText(sameSecond.css)
    expect.each(unreadable, ({ exchange }, expect) => {
      expect(exchange).toHaveStatus(wholeOrRefused)
    })
  },

  diagnose: {
    'tag-of-second': rule({
      when: ({ sameSecond }) => hasStatus(304)(sameSecond.exchange) && sameSecond,
      say: ({ exchange }) =>
        `Two texts came one after the other, and both had the tag ${field(exchange, 'ETag')}. ` +
        'So a client with the first one got 304. Each text needs a tag of its own, also within a ' +
        'second.',
    }),
    'matches-part': rule({
      when: ({ notNamed }) =>
        notNamed.find(({ name, exchange }) => name === 'a longer tag' && hasStatus(304)(exchange)),
      say: (_, { whole }) =>
        `Your tag is ${field(whole, 'ETag')}. A longer tag that has it inside got 304, but that ` +
        'tag names another text. Compare whole tags, with their quotes.',
    }),
  },
})

export const dates = check(
  'Without If-None-Match, If-Modified-Since decides, to the second',
  conditions,
  {
    after: changesSeen,
    spec: 'RFC 9110 §13.1.3',
    reread: 'not-modified',

    verify: ({ css, whole, again, since, notSince, noDate, puts }, expect) => {
      expect(whole).toHaveHeader('Last-Modified', httpDate)
      expect(again).toHaveHeader('Last-Modified', field(whole, 'Last-Modified'))
      expect.each(since, ({ exchange }, expect) => {
        expect(exchange).toHaveStatus(304)
      })
      expect.each(notSince, ({ exchange }, expect) => {
        expect(exchange).toHaveStatus(200).toHaveText(css)
      })
      expect(noDate.exchange).toHaveStatus(200).toHaveText(css)
      expect(puts.oldDate.exchange).toHaveStatus(200)
    },

    diagnose: {
      'date-of-answer': rule({
        when: ({ whole, again }) =>
          hasDate(whole) &&
          text(whole) === text(again) &&
          field(whole, 'Last-Modified') !== field(again, 'Last-Modified') &&
          again,
        say: (again, { whole }) =>
          'The same text was asked for twice, and its `Last-Modified` moved from ' +
          `${field(whole, 'Last-Modified')} to ${field(again, 'Last-Modified')}. It says when the ` +
          'text came, not when somebody asked for it.',
      }),
      'date-not-known': rule({
        when: ({ whole, since }) => hasDate(whole) && since.every(gotWhole) && since[0],
        say:
          'A client asked with `If-Modified-Since` and your own `Last-Modified`, and got the whole ' +
          'text again. A client that keeps no tags asks in this way. Nothing has changed since ' +
          'then, so the answer is 304.',
      }),
      'to-the-millisecond': rule({
        when: ({ whole, since: [equal, later] }) =>
          hasDate(whole) && gotWhole(equal) && hasStatus(304)(later?.exchange) && equal,
        say:
          '`If-Modified-Since` with your own `Last-Modified` got the whole text, and a date that is ' +
          'an hour later got 304. HTTP dates have no milliseconds, so a time that has some is always a little ' +
          'later than its own date. Cut them off before you compare.',
      }),
      'odd-date': rule({
        when: ({ notSince, noDate }) =>
          notSince.every(gotWhole) && hasStatus(304)(noDate.exchange) && noDate,
        say:
          "`If-Modified-Since` held a word that isn't a date, and got 304. The client may have any " +
          "text, or none. Ignore what you can't read as a date.",
      }),
      'date-of-start': rule({
        when: ({ whole, puts: { oldDate } }) =>
          hasStatus(304)(oldDate.exchange) &&
          field(oldDate.exchange, 'Last-Modified') === field(whole, 'Last-Modified') &&
          oldDate,
        say: ({ exchange }) =>
          'PUT replaced the text. A client asked with the `Last-Modified` of the first text, and ' +
          `got 304, with \`Last-Modified: ${field(exchange, 'Last-Modified')}\` again. Each PUT ` +
          'gives the text a new date.',
      }),
    },
  },
)

export const precedence = check('If-None-Match wins over If-Modified-Since', conditions, {
  after: grammar,
  spec: 'RFC 9110 §13.2.2',
  reread: 'not-modified',

  verify: ({ css, tagSaysYes, tagSaysNo }, expect) => {
    expect(tagSaysNo.exchange).toHaveStatus(200).toHaveText(css)
    expect(tagSaysYes.exchange).toHaveStatus(304)
  },

  diagnose: {
    'date-first': rule({
      when: ({ tagSaysNo }) => hasStatus(304)(tagSaysNo.exchange) && tagSaysNo,
      say:
        'A client asked with another tag and with your `Last-Modified`, and got 304. Two texts can ' +
        'come within one second, and only their tags tell them apart. Where `If-None-Match` is ' +
        "there, the date doesn't count.",
    }),
    'both-needed': rule({
      when: ({ tagSaysYes }) => gotWhole(tagSaysYes) && tagSaysYes,
      say:
        'A client asked with your tag and an earlier date, and got the whole text. The tag says ' +
        "that it has this text. Where `If-None-Match` is there, the date doesn't count.",
    }),
  },
})

export const elsewhere = check('A path that does not exist is 404, also with *', conditions, {
  after: changesSeen,
  spec: 'RFC 9110 §13.2.1',
  reread: 'not-modified',

  verify: ({ elsewhere }, expect) => {
    expect(elsewhere).toHaveStatus(404)
  },

  diagnose: {
    'nothing-not-modified': rule({
      when: ({ elsewhere }) => hasStatus(304)(elsewhere) && elsewhere,
      say: (exchange) =>
        `GET ${exchange.request.path} got 304, though nothing is there. Find out first what the ` +
        'answer would be without the condition. Only where that is 200, the condition counts.',
    }),
  },
})

const wholeOrRefused = matching('200 or 400', (got: number) => got === 200 || got === 400)

function hasDate(of: Exchange | null): boolean {
  return isHttpDate(field(of, 'Last-Modified') ?? '')
}

function gotWhole(of: Conditional | undefined): boolean {
  return hasStatus(200)(of?.exchange)
}
