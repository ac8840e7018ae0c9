import { atLeast, check, field, matching, rule, status, together } from '#grader'
import {
  characterCount,
  chunkCount,
  countsCharacters,
  cutCharacter,
  endsAtZero,
  fieldSeen,
  hasContentOf,
  hasNoEnd,
  isDecimal,
  isFramed,
  lacksLastChunk,
  NOTHING,
  problemIn,
  rightFraming,
  saysBoth,
  UTF8_TEXT,
  whereWrong,
  youSent,
} from './answers.ts'
import { byHand, inBrowser } from './scenarios.ts'

const bothReaders = together({ inBrowser, byHand })

const oneFraming = check('Each head names one way to the end, and the right one', byHand, {
  spec: 'RFC 9112 §6.2',
  reread: 'three-ways',

  verify: ({ length, chunked, broken }, expect) => {
    const three = [length, chunked, broken]
    for (const each of three) {
      const what = `what the head of ${each.path} says about its end`
      expect(each.framing, what, youSent(each)).toBe(rightFraming(each))
    }
    for (const each of three)
      expect(each.version, `the version of ${each.path}`, youSent(each)).toBe('HTTP/1.1')
  },

  diagnose: {
    'length-and-chunked': rule({
      when: ({ misframed }) => misframed && saysBoth(misframed) && misframed,
      say: ({ path, framing }) =>
        `The head of ${path} said ${framing}. Each of them says where the content ends: a ` +
        'reader may believe either, and two programs on the way may not believe the same one.',
    }),
    'broken-without-framing': rule({
      when: ({ misframed }) => misframed?.path === '/broken' && misframed.framing === NOTHING,
      say:
        'The head of /broken promised neither a length nor chunks. Then the end of the ' +
        'connection is a right end, as it is at /close: to every client, some of the text was ' +
        'all of it.',
    }),
  },
})

const chunkSizes = check('/chunked has three chunks or more, all in the right form', byHand, {
  after: oneFraming,
  spec: 'RFC 9112 §7.1',
  reread: 'three-ways',

  verify: ({ chunked }, expect) => {
    const where = whereWrong(chunked)
    expect(problemIn(chunked), 'what is wrong in the chunks', where).toBe(NOTHING)
    expect(chunkCount(chunked), 'chunks before the last one', where).toBe(atLeast(3))
  },

  diagnose: {
    'decimal-sizes': rule({
      when: ({ chunked }) => chunked.chunks.find(isDecimal),
      say: ({ written, size, bytes }) =>
        `You announced ${bytes} bytes as \`${written}\`, but chunk sizes are hexadecimal, and ` +
        `\`${written}\` means ${size}. Write ${bytes} as \`${bytes.toString(16)}\`.`,
    }),
    'sizes-in-characters': rule({
      when: ({ chunked }) => chunked.chunks.find(countsCharacters),
      say: ({ text, size, bytes }) =>
        `You announced ${size} bytes for the chunk \`${text}\`, but it has ${bytes}. ${size} is ` +
        `${characterCount(text, size)}; é has two bytes, ☕ three and 🚆 four.`,
    }),
    'no-last-chunk': rule({
      when: ({ chunked }) => lacksLastChunk(chunked) && chunked,
      say: ({ chunks, record }) =>
        `${chunks.length} chunks came, but none of size 0 after them: ` +
        (record.ended === null
          ? 'the reader went on waiting for more.'
          : 'the connection ended instead, as if something had failed.'),
    }),
    'no-line-after-zero': rule({
      when: ({ chunked }) => endsAtZero(chunked),
      say:
        'The chunk of size 0 came, but nothing after its line. Fields may follow there, so the ' +
        'body ends with one more empty line: `0`, CR LF, CR LF.',
    }),
    'one-big-chunk': rule({
      when: ({ chunked }) => chunkCount(chunked) === 1 && chunked.reading.messages[0],
      say: ({ body }) =>
        `The whole text left as one chunk of ${body.length} bytes. ` +
        'The task asks for three chunks or more.',
    }),
  },
})

const closeDelimited = check(
  '/close has no length and its end is the end of the connection',
  byHand,
  {
    spec: 'RFC 9112 §6.3',
    reread: 'three-ways',

    verify: ({ close }, expect) => {
      const what = 'what the head of /close says about its end'
      expect(close.framing, what, youSent(close)).toBe(NOTHING)
      expect(close.version, 'the version of /close', youSent(close)).toBe('HTTP/1.1')
      const where = whereWrong(close)
      expect(close.record.ended ?? 'still open', 'the connection', where).toBe('closed')
      expect(problemIn(close), 'what is wrong in the response', where).toBe(NOTHING)
    },

    diagnose: {
      'closes-as-http10': rule({
        when: ({ close }) => close.framing === NOTHING && close.version === 'HTTP/1.0',
        say:
          'You answered /close in HTTP/1.0. HTTP/1.1 has bodies that end with their connection, ' +
          'too: each response without a length and without chunks is one.',
      }),
      'close-with-length': rule({
        when: ({ close }) => isFramed(close) && close,
        say: ({ framing }) =>
          `The head of /close said ${framing}, so the content ended there, and the end of the ` +
          'connection ended nothing.',
        alsoEarnedBy: ['empty-200', 'endless-body'],
      }),
      'close-stays-open': rule({
        when: ({ close }) =>
          close.record.ended === null && close.version.startsWith('HTTP/') && close,
        say:
          'The text of /close came, but the connection stayed open, so the reader went on ' +
          'waiting: without a length, only the close is an end. `Connection: close` announces ' +
          'it and does not do it.',
        alsoEarnedBy: ['stub'],
      }),
    },
  },
)

const sameText = check('All three forms delivered the same text', bothReaders, {
  after: chunkSizes,
  reread: 'bytes-not-characters',

  verify: ({ inBrowser: { text, length, chunked, close }, byHand }, expect) => {
    // Said here, where a browser would go on waiting without a word.
    if (byHand.length.whole === 0) {
      const where = whereWrong(byHand.length)
      expect(problemIn(byHand.length), 'what is wrong in the response to /length', where).toBe(
        NOTHING,
      )
    }
    const count = Array.from(text).length
    const all = matching(`the ${count} characters of TEXT`, (read: string) => read === text)
    for (const each of [length, chunked, close]) {
      const { path, received, transcript, fetched } = each
      expect(received, `what a script in Chromium read of ${path}`, transcript).toBe(all)
      expect(fieldSeen(each, 'Content-Type'), `the Content-Type of ${path}`).toBe(UTF8_TEXT)
      expect(fetched.seen?.status, `the status of ${path}`).toBe(200)
    }
  },

  diagnose: {
    'length-in-characters': rule({
      when: ({ inBrowser: { text, length } }) => {
        const announced = Number(fieldSeen(length, 'Content-Length'))
        const what = characterCount(text, announced)
        return what !== undefined && { announced, what }
      },
      say: ({ announced, what }, { inBrowser: { text } }) =>
        `Content-Length said ${announced}, which is ${what}. The text has ` +
        `${Buffer.byteLength(text)} bytes, and Chromium read ${announced} of them.`,
    }),
    'cuts-characters': rule({
      when: ({ inBrowser: { text, chunked } }) => cutCharacter(text, chunked.received),
      say: (part) =>
        `Chromium read \`${part}\` in /chunked: a character fell apart where two chunks met, ` +
        'before it became bytes. 🚆 is two positions of a string and four bytes; you can cut a ' +
        'Buffer anywhere.',
    }),
  },
})

const reuse = check(
  'Three requests were answered on one connection, each ending where it should',
  byHand,
  {
    after: chunkSizes,
    spec: 'RFC 9112 §9.3',
    reread: 'three-ways',

    verify: ({ length, chunked, three }, expect) => {
      const where = whereWrong(three)
      expect(three.whole, 'whole responses on one connection', where).toBe(3)
      expect(problemIn(three), 'what came beside them', where).toBe(NOTHING)
      const framings = three.reading.messages.map(({ framing }) => framing)
      expect(framings, 'how they ended', where).toBe(['length', 'chunked', 'length'])
      for (const [index, alone] of [length, chunked, length].entries()) {
        const got = hasContentOf(alone, three, index) ? 'the same content' : 'another content'
        const what = `what response ${index + 1} has, beside one on a connection of its own`
        expect(got, what, where).toBe('the same content')
      }
    },

    diagnose: {
      'ends-every-connection': rule({
        when: ({ three }) => three.record.ended !== null && three.whole < 3 && three,
        say: ({ record, whole }) =>
          `The connection was ${record.ended} after response ${whole} of 3. The head had said ` +
          'where that response ends, so its reader wanted to ask again on the same connection.',
      }),
    },
  },
)

const honestFailure = check(
  '/broken begins with some of the text, and Chromium sees it fail',
  bothReaders,
  {
    after: oneFraming,
    spec: 'RFC 9112 §8',
    reread: 'broken',

    verify: ({ inBrowser: { broken }, byHand }, expect) => {
      const { content, transcript, fetched } = broken
      const { exchange, networkError, seen } = fetched
      // By the wire: a reset can overtake the head on its way into the page.
      const began = status(exchange) ?? networkError ?? 'no answer'
      expect(began, 'the status that /broken began with', transcript).toBe(200)
      const type = field(exchange, 'Content-Type')
      expect(type, 'the Content-Type of /broken', transcript).toBe(UTF8_TEXT)
      expect(content.length, 'bytes of content that came on the wire', transcript).toBe(atLeast(1))
      const begins = matching('some of TEXT first', () => broken.beginsRight)
      expect(content.toString(), 'the content of /broken', transcript).toBe(begins)
      const said = networkError ?? (seen ? 'no error' : 'no error and no end')
      expect(said, 'what Chromium said when the content was read', transcript).toBe(anError)
      const whole = 'whole responses to /broken that the strict reader got'
      expect(byHand.broken.whole, whole, youSent(byHand.broken)).toBe(0)
    },

    diagnose: {
      'broken-without-text': rule({
        when: ({ inBrowser: { broken } }) =>
          broken.content.length > 0 && !broken.beginsRight && broken,
        say: ({ content }) =>
          `The content of /broken began with \`${content.toString().slice(0, 40).trim()}\`, but ` +
          'TEXT begins otherwise. Show a failure that comes when some of the text has already left.',
      }),
      'second-status': rule({
        when: ({ inBrowser: { broken }, byHand }) =>
          broken.fetched.seen && /\r\n(HTTP\/1\.1 5\d\d .*)\r\n/.exec(byHand.broken.text)?.[1],
        say: (line, { inBrowser: { broken } }) =>
          `After a proper end you sent \`${line}\`. It belongs to no request, so Chromium dropped ` +
          `it, and the script read ${lengthOf(broken.received)} characters as if they were all.`,
      }),
      'half-as-whole': rule({
        when: ({ inBrowser: { broken }, byHand }) =>
          byHand.broken.reading.messages[0]?.framing === 'chunked' && broken.fetched.seen,
        say: (seen, { inBrowser: { text } }) =>
          `Chromium read ${lengthOf(seen.text)} of ${lengthOf(text)} characters, and your last ` +
          'chunk said that this was all. A response that failed must not end like one that did not.',
      }),
      'broken-never-ends': rule({
        when: ({ inBrowser: { broken } }) => hasNoEnd(broken.fetched),
        say:
          'Some of the text came, then neither more of it nor an end, so Chromium was still ' +
          'waiting. Until you close the connection, you look like a slow server.',
      }),
    },
  },
)

export default { oneFraming, chunkSizes, closeDelimited, sameText, reuse, honestFailure }

const anError = matching('an error such as net::ERR_INCOMPLETE_CHUNKED_ENCODING', (said: string) =>
  /^net::(?!ERR_FAILED|ERR_ABORTED)/.test(said),
)

function lengthOf(text: string): number {
  return Array.from(text).length
}
