import { check, rule, table } from '#grader'
import {
  announced,
  BY_CLOSE,
  cameBack,
  connectionField,
  contentLength,
  endOfContent,
  expectClosed,
  expectReport,
  hasOtherCase,
  isUnderstood,
  listed,
  tooEarly,
  valueOf,
  wasSent,
} from './answers.ts'
import {
  cuts,
  inTurns,
  isOfFirstLine,
  lengths,
  LONG,
  oddHeads,
  onePiece,
  visit,
} from './scenarios.ts'

const whole = check('A head in one piece is reported, and the connection closed', onePiece, {
  spec: 'RFC 9112 §2.1',
  reread: 'request-line',

  verify: ({ ordinary }, expect) => {
    expectReport(expect, ordinary)
    const where = cameBack(ordinary)
    expect(endOfContent(ordinary), 'what ends the content', where).toBe('Content-Length')
    expect(connectionField(ordinary), 'the Connection field', where).toBe('close')
    expect(ordinary.ended, 'the connection', where).toBe('closed')
  },

  diagnose: {
    'no-length': rule({
      when: ({ ordinary }) => endOfContent(ordinary) === BY_CLOSE,
      say:
        'Your answer has no length, so only the close of the connection says that it was all. ' +
        'A connection that breaks in the middle looks the same.',
      alsoEarnedBy: ['empty-200', 'endless-body'],
    }),
    'leaves-open': rule({
      when: ({ ordinary }) =>
        connectionField(ordinary) === 'close' && ordinary.ended === 'left open',
      say:
        'Your answer came whole and announced Connection: close, but the connection stayed ' +
        'open. The field only says what you will do: close it yourself.',
    }),
    'knows-methods': rule({
      when: ({ ordinary, unusual }) =>
        ordinary.status === 400 && unusual.status === 200 && ordinary,
      say: ({ head }) =>
        `You accepted a head with GET, but not the one with \`${head.method}\`. A method is any ` +
        'token; which methods mean something is decided elsewhere.',
    }),
    'folds-method': rule({
      when: ({ ordinary }) => hasOtherCase(ordinary) && ordinary,
      say: ({ head, report }) =>
        `The method was \`${head.method}\`, but you reported \`${report.method}\`. ` +
        'The names of fields have no case; methods do.',
    }),
  },
})

const anyCut = check('The result is the same wherever the bytes were cut', cuts, {
  after: whole,
  reread: 'line-ends',

  verify: ({ byteByByte, cut }, expect) => {
    expectReport(expect, byteByByte, 'What was sent, byte by byte')
    for (const each of cut) expectReport(expect, each, 'What was sent, cut before the caret')
  },

  diagnose: {
    'one-event-one-head': rule({
      when: ({ byteByByte, cut }) => [byteByByte, ...cut].map(tooEarly).find(Boolean),
      say: (early) =>
        `The head came in several pieces, and ${early}. You understood it in one piece, but how ` +
        'many pieces there are, the network decides.',
    }),
    'looks-in-newest-piece': rule({
      when: ({ byteByByte, cut }) => [byteByByte, ...cut].find(({ isSilent }) => isSilent),
      say:
        'All bytes of the head came, in several pieces, and you went on waiting. The four bytes ' +
        'that end a head may come in four pieces: look for them in all that came so far.',
    }),
  },
})

const oldVersion = check('A head of HTTP/1.0 needs no Host', onePiece, {
  after: whole,
  spec: 'RFC 9112 §3.2',
  reread: 'host',

  verify: ({ old }, expect) => expectReport(expect, old),

  diagnose: {
    'wants-host-always': rule({
      when: ({ old }) => old.status === 400,
      say:
        'A head of HTTP/1.0 came without Host, and you answered 400. ' +
        'That version is older than Host; only HTTP/1.1 demands it.',
    }),
  },
})

const twoAtOnce = check('Two connections in turns do not mix', inTurns, {
  after: anyCut,
  reread: 'line-ends',

  verify: ({ answers }, expect) => {
    for (const each of answers) {
      const got = isUnderstood(each) ? 'its own head' : 'something else, or nothing'
      expect(got, 'the report that a client got', wasSent(each)).toBe('its own head')
    }
  },

  diagnose: {
    'one-buffer-for-all': rule({
      when: ({ misread }) => misread,
      say:
        'Two clients sent a right head each, in pieces and in turns, and you did not understand ' +
        'both. Each connection is a stream of its own: keep the bytes of each apart.',
    }),
  },
})

const values = check('Unusual values and a repeated name are reported as they came', onePiece, {
  after: whole,
  spec: 'RFC 9112 §5',
  reread: 'fields',

  verify: ({ unusual }, expect) => expectReport(expect, unusual),

  diagnose: {
    'counts-characters': rule({
      when: ({ unusual }) => announced(unusual) < contentLength(unusual) && unusual,
      say: (unusual) =>
        `Content-Length said ${announced(unusual)}, but ${contentLength(unusual)} bytes of ` +
        'content came. In JSON, a character above 7F takes more than one byte.',
    }),
    'one-value-per-name': rule({
      when: ({ unusual: { fields } }) => fields.filter(([name]) => name === 'x-twice').length === 1,
      say:
        'X-Twice came twice, each time with another value, but you reported it once. A name may ' +
        'come again, and an object keeps one value for each name.',
    }),
    'splits-at-every-colon': rule({
      when: ({ unusual }) =>
        ['http', '//127.0.0.1'].find((part) => part === valueOf(unusual, 'referer')),
      say: (part, { referer }) =>
        `The value of Referer was \`${referer}\`, but you reported \`${part}\`. ` +
        'The first colon ends the name, and all others belong to the value.',
    }),
    'reads-utf8': rule({
      when: ({ unusual }) => String(valueOf(unusual, 'x-bytes')).includes('\ufffd'),
      say:
        'Three bytes above 7F came that are not UTF-8, and you reported � in their place, so ' +
        'nobody can say any more what they were. In latin1 each byte is a character.',
    }),
    'trims-too-much': rule({
      when: ({ unusual }) => valueOf(unusual, 'x-word') === 'voil\xc3',
      say:
        'The value of X-Word ended in the byte A0, and you reported it without. In latin1 that ' +
        'is a no-break space, which trim() removes. Remove spaces and tabs alone.',
    }),
  },
})

const rejects = check('Malformed heads get 400, and each connection is closed', oddHeads, {
  after: whole,
  spec: 'RFC 9112 §5.1',
  reread: 'reject',

  verify: ({ answers }, expect) => {
    const rows = answers.map(({ what, inShort }) => [what, inShort])
    expect.show(table('Every head', ['a head with', 'your answer'], rows))
    for (const each of answers) expectClosed(expect, each, `a head with ${each.what}`)
  },

  diagnose: {
    'answers-in-half-a-head': rule({
      when: ({ unfinished }) => unfinished,
      say: ({ startLine }) =>
        `Your answer began with \`${startLine}\`, but no empty line with CR LF followed. ` +
        'An answer has a head, too, and the head of yours never ended.',
    }),
    'trims-names': rule({
      when: ({ accepted }) => accepted.includes('a space before the colon'),
      say:
        'You accepted X-Note with a space before its colon. Readers that take it for X-Note and ' +
        'readers that do not see two different requests in the same bytes.',
    }),
    'unfolds-lines': rule({
      when: ({ accepted }) =>
        accepted.every((what) => what.startsWith('a line that begins')) && accepted,
      say: (accepted) =>
        `You accepted heads with ${listed(accepted)}. Such a line once continued the line ` +
        'above, and for some readers it still does.',
    }),
    'takes-line-feeds': rule({
      when: ({ accepted }) => accepted.join() === 'a line feed alone',
      say:
        'You took a line feed without a carriage return for a line end. The next reader may ' +
        'not: then it sees one field where you saw two.',
    }),
    'takes-any-name': rule({
      when: ({ accepted }) => accepted.join() === 'a parenthesis in a name',
      say:
        'You accepted a field called `X(Note`. A token has no parenthesis, and each reader that ' +
        'repairs such a name repairs it in its own way.',
    }),
    'splits-at-any-blank': rule({
      when: ({ accepted }) => accepted.some(isOfFirstLine) && accepted,
      say: (accepted) =>
        `You accepted heads with ${listed(accepted)}. Single spaces separate the three parts ` +
        'of the first line, and nothing else does. Otherwise readers disagree about the target.',
    }),
    'takes-any-version': rule({
      when: ({ accepted }) => accepted.some((what) => /\bversion\b/.test(what)) && accepted,
      say: (accepted) =>
        `You accepted heads with ${listed(accepted)}. A version is HTTP/ in capital letters, a ` +
        'digit, a dot and a digit, and you only know what the heads of HTTP/1 mean.',
    }),
    'takes-control-characters': rule({
      when: ({ accepted }) => accepted.some((what) => what.endsWith('in a value')) && accepted,
      say: (accepted) =>
        `You accepted heads with ${listed(accepted)}. For some readers such a byte ends the ` +
        'value or the line, and what follows it is a field.',
    }),
    'does-without-host': rule({
      when: ({ accepted }) => accepted.some((what) => what.includes('Host')) && accepted,
      say: (accepted) =>
        `You accepted heads with ${listed(accepted)}. They don't say which site is meant, so ` +
        'the next reader may choose another one.',
    }),
  },
})

const limit = check('A head of more than 8192 bytes gets 431, a shorter one does not', lengths, {
  after: whole,
  spec: 'RFC 6585 §5',
  reread: 'reject',

  verify: ({ answers }, expect) => answers.forEach((each) => expectClosed(expect, each, each.what)),

  diagnose: {
    'counts-content': rule({
      when: ({ wrong }) => wrong?.what === LONG.withContent && wrong.status === 431,
      say:
        'The head was small, and 9000 bytes of content followed in the same piece. You answered ' +
        '431, but the head ends with its empty line: the content does not count.',
    }),
    'limits-while-waiting': rule({
      when: ({ wrong, endless }) =>
        wrong?.what === LONG.inOnePiece && wrong.status === 200 && endless?.status === 431,
      say:
        'You accepted a head of 9000 bytes that came in one piece, but not 9000 bytes without ' +
        'an end. Your answer must not depend on how the bytes were cut.',
    }),
    'leaves-out-the-end': rule({
      when: ({ wrong }) => wrong?.what === LONG.oneByteMore && wrong.status === 200,
      say:
        'You accepted a head of 8193 bytes, but not one of 9000. The line end before the empty ' +
        'line and the empty line itself are bytes of the head, too.',
    }),
    'wants-the-end-last': rule({
      when: ({ wrong }) => wrong?.what === LONG.withContent && wrong.isSilent,
      say:
        'A small head came with 9000 bytes of content after it, and you went on waiting. The ' +
        'empty line ends the head wherever it is; more bytes may follow it.',
    }),
    'waits-for-ever': rule({
      when: ({ wrong }) => wrong?.what === LONG.endless && wrong.isSilent,
      say:
        '9000 bytes came without an empty line, and you kept them and waited for more. ' +
        'A client that never sends one fills your memory.',
    }),
  },
})

const browser = check('Chromium can use your parser too', visit, {
  reread: 'fields',

  verify: ({ document, error, sentNames, reportedNames }, expect) => {
    expect(document).toHaveStatus(200)
    expect(error ?? 'none', "Chromium's error", document).toBe('none')
    expect(reportedNames, 'the names in headers', document).toBe(sentNames)
  },
})

export default { whole, oldVersion, anyCut, twoAtOnce, values, rejects, limit, browser }
