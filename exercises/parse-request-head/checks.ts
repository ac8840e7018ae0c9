import {
  bytesExhibit,
  check,
  header,
  jsonBody,
  matching,
  table,
  type Exhibit,
  type Expect,
  rule,
} from '#grader'
import {
  LEFT_OPEN,
  MOST_SHOWN,
  accepted,
  announced,
  answersIn,
  contentLength,
  cuts,
  fieldsOf,
  hasNoEnd,
  inShort,
  inTurns,
  lengths,
  malformed,
  onePiece,
  reported,
  statusOf,
  text,
  tooEarly,
  valueOf,
  visit,
  type Asked,
  type Head,
} from './scenarios.ts'

const whole = check('A head in one piece is understood, and the answer has a length', onePiece, {
  spec: 'RFC 9112 §2.1',
  reread: 'request-line',
  verify: ({ ordinary }, expect) => {
    expectReport(expect, ordinary, ordinary.head)
    const [message] = answersIn(ordinary).messages
    expect(
      message?.framing === 'length' ? 'Content-Length' : String(message?.framing),
      'what tells where the content ends',
      cameBack(ordinary),
    ).toBe('Content-Length')
    expect(
      header(message?.headers ?? [], 'Connection') ?? 'none',
      'the Connection field',
      cameBack(ordinary),
    ).toBe(matching('close', (value: string) => value.toLowerCase() === 'close'))
    expect(ordinary.record.ended ?? LEFT_OPEN, 'the connection', cameBack(ordinary)).toBe('closed')
  },
  diagnose: {
    'no-length': rule({
      when: ({ ordinary }) => answersIn(ordinary).messages[0]?.framing === 'close',
      say: 'Your answer named no length, so only the close told that it was all. A connection that breaks looks the same.',
    }),
    'leaves-open': rule({
      when: ({ ordinary }) => ordinary.record.bytes.length > 0 && ordinary.record.ended === null,
      say: 'Your answer came whole, and the connection stayed open. Connection: close had announced an end, and the client waited for it.',
    }),
    'knows-methods': rule({
      when: ({ ordinary, unusual }) => statusOf(ordinary) === 400 && statusOf(unusual) === 200,
      say: (_, { ordinary }) =>
        `A head with GET was accepted, and the one with \`${ordinary.head.method}\` was not. A method is any token; which of them mean something is decided elsewhere.`,
    }),
    'folds-method': rule({
      when: ({ ordinary }) =>
        reported(ordinary)?.method !== ordinary.head.method &&
        reported(ordinary)?.method?.toLowerCase() === ordinary.head.method.toLowerCase(),
      say: (_, { ordinary }) =>
        `The method was \`${ordinary.head.method}\`, and you reported \`${reported(ordinary)?.method}\`. Methods are told apart by their case; only the names of fields are not.`,
    }),
  },
})

const anyCut = check('The result is the same wherever the bytes were cut', cuts, {
  after: whole,
  reread: 'pieces',
  verify: ({ head, byteByByte, cut }, expect) => {
    expectReport(expect, byteByByte, head, 'What was sent, byte by byte')
    for (const asked of cut)
      expectReport(expect, asked, head, 'What was sent, cut before the caret', asked.at)
  },
  diagnose: {
    'one-event-one-head': rule({
      when: ({ head, byteByByte, cut }) =>
        [byteByByte, ...cut].some((asked) => tooEarly(asked, head) !== null),
      say: (_, { head, byteByByte, cut }) =>
        `The head came in several pieces, and ${[byteByByte, ...cut].map((asked) => tooEarly(asked, head)).find((early) => early !== null)}. In one piece you understood it; how many pieces there are, the network decides.`,
    }),
    'looks-in-newest-piece': rule({
      when: ({ byteByByte, cut }) =>
        [byteByByte, ...cut].some(
          ({ record }) => record.bytes.length === 0 && record.ended === null,
        ),
      say: 'All bytes of the head came, in several pieces, and you went on waiting. The four bytes that end a head may come in four pieces; only all that came so far can show them.',
    }),
  },
})

const oldVersion = check('A head of HTTP/1.0 needs no Host', onePiece, {
  after: whole,
  spec: 'RFC 9112 §3.2',
  reread: 'host',
  verify: ({ old }, expect) => expectReport(expect, old, old.head),
  diagnose: {
    'wants-host-always': rule({
      when: ({ old }) => statusOf(old) === 400,
      say: 'A head of HTTP/1.0 came without a Host, and you answered 400. That version is older than Host; only HTTP/1.1 demands it.',
    }),
  },
})

const twoAtOnce = check('Two connections in turns do not mix', inTurns, {
  after: anyCut,
  reread: 'pieces',
  verify: ({ first, second }, expect) => {
    const right = (asked: typeof first) =>
      JSON.stringify(reported(asked)?.headers) === JSON.stringify(asked.head.headers)
    for (const asked of [first, second])
      expect(
        right(asked) ? 'its own head' : 'something else, or nothing',
        'what one of the two was told',
        wasSent(asked),
      ).toBe('its own head')
  },
  diagnose: {
    'one-buffer-for-all': rule({
      when: () => true,
      say: 'Each client sent a right head, a piece at a time and in turns, and not both were understood. Their bytes are two streams; put together, they are none.',
    }),
  },
})

const values = check('Colons, tabs, empty values and high bytes in values survive', onePiece, {
  after: whole,
  spec: 'RFC 9112 §5',
  reread: 'fields',
  verify: ({ unusual }, expect) => expectReport(expect, unusual, unusual.head),
  diagnose: {
    'counts-characters': rule({
      when: ({ unusual }) => announced(unusual) < contentLength(unusual),
      say: (_, { unusual }) =>
        `Content-Length said ${announced(unusual)}, and ${contentLength(unusual)} bytes of content came. A character above 7F takes more than one byte in JSON.`,
    }),
    'one-value-per-name': rule({
      when: ({ unusual }) =>
        reported(unusual) !== undefined &&
        fieldsOf(reported(unusual)).filter(([name]) => name === 'x-twice').length === 1,
      say: 'X-Twice came twice, with another value each time, and you reported it once. A name may come again; what keeps one value for each name forgets the rest, and their order.',
    }),
    'splits-at-every-colon': rule({
      when: ({ unusual }) => ['http', '//127.0.0.1'].includes(String(valueOf(unusual, 'referer'))),
      say: (_, { unusual }) =>
        `The value of Referer was \`${unusual.head.headers[1]![1]}\`, and you reported \`${String(valueOf(unusual, 'referer'))}\`. The first colon ends the name, and all others belong to the value.`,
    }),
    'reads-utf8': rule({
      when: ({ unusual }) => String(valueOf(unusual, 'x-bytes')).includes('\ufffd'),
      say: 'Three bytes above 7F that are no UTF-8 came, and you reported � in their place. What they were cannot be told any more. In latin1 each byte is a character.',
    }),
    'trims-too-much': rule({
      when: ({ unusual }) => valueOf(unusual, 'x-word') === 'voil\xc3',
      say: 'The value of X-Word ended in the byte A0, and you reported it without. In latin1 A0 is a space that does not break, and trim() takes it for a blank; around a value only spaces and tabs are.',
    }),
  },
})

const rejects = check(
  'Every malformed head is answered with 400, and the connection closed',
  malformed,
  {
    after: whole,
    spec: 'RFC 9112 §5.1',
    reread: 'reject',
    verify: ({ answers }, expect) => {
      expect.show(
        table(
          'What was wrong',
          ['with the head', 'your answer'],
          answers.map((asked) => [asked.what, inShort(asked)]),
        ),
      )
      for (const asked of answers)
        expect(inShort(asked), `the answer to ${asked.what}`, wasSent(asked)).toBe(
          matching(
            '400, then closed',
            () => statusOf(asked) === 400 && !hasNoEnd(asked) && asked.record.ended !== null,
          ),
        )
    },
    diagnose: {
      'answers-in-half-a-head': rule({
        when: ({ answers }) => answers.some(hasNoEnd),
        say: (_, { answers }) =>
          `Your answer began with \`${text(answers.find(hasNoEnd)!.record).split(/\r?\n/, 1)[0]}\`, and no empty line with CR LF followed. An answer has a head, too, and without its end the client has not got it whole.`,
      }),
      'trims-names': rule({
        when: ({ answers }) => accepted(answers).includes('a space before the colon'),
        say: 'X-Note with a space before its colon was accepted. Readers that take it for X-Note and readers that do not see two different requests in the same bytes.',
      }),
      'unfolds-lines': rule({
        when: ({ answers }) =>
          accepted(answers).length > 0 &&
          accepted(answers).every((what) => what.startsWith('a line that begins')),
        say: (_, { answers }) =>
          `Accepted: ${accepted(answers).join(', ')}. It used to continue the line above, and for some readers it still does.`,
      }),
      'takes-line-feeds': rule({
        when: ({ answers }) => accepted(answers).join() === 'a line feed alone',
        say: 'A line feed without a carriage return was taken for a line end. One reader may do so and the next need not: it sees one field where you saw two.',
      }),
      'takes-any-name': rule({
        when: ({ answers }) => accepted(answers).join() === 'a name that is no token',
        say: 'Accepted: a field called `X(Note`. A parenthesis is in no token, and each reader that repairs such a name repairs it in its own way.',
      }),
      'splits-at-any-blank': rule({
        when: ({ answers }) =>
          accepted(answers).some((what) =>
            /first line|in the target|behind the version/.test(what),
          ),
        say: (_, { answers }) =>
          `Accepted: ${accepted(answers).join(', ')}. One space separates, twice, and nothing else does; with more of them, what the target is becomes a matter of opinion.`,
      }),
      'takes-any-version': rule({
        when: ({ answers }) =>
          accepted(answers).some((what) => /^(a |another )?version\b/.test(what)),
        say: (_, { answers }) =>
          `Accepted: ${accepted(answers).join(', ')}. You know HTTP/1.0 and HTTP/1.1, in these very letters; what a head means that names another version, you cannot know.`,
      }),
      'takes-control-characters': rule({
        when: ({ answers }) => accepted(answers).some((what) => what.endsWith('in a value')),
        say: (_, { answers }) =>
          `Accepted: ${accepted(answers).join(', ')}. For some readers such a byte ends the value or the line, and what follows it is a field.`,
      }),
      'does-without-host': rule({
        when: ({ answers }) => accepted(answers).some((what) => /Host/.test(what)),
        say: (_, { answers }) =>
          `Accepted: ${accepted(answers).join(', ')}. Which site was meant, the next reader decides as it likes.`,
      }),
    },
  },
)

const limit = check('A head of more than 8192 bytes is answered with 431', lengths, {
  after: whole,
  spec: 'RFC 6585 §5',
  reread: 'reject',
  verify: ({ allowed, withContent, oneMore, tooLong, endless }, expect) => {
    const answered = (asked: Asked, what: string, status: number) =>
      expect(inShort(asked), `the answer to ${what}`, wasSent(asked)).toBe(
        matching(
          `${status}, then closed`,
          () => statusOf(asked) === status && !hasNoEnd(asked) && asked.record.ended !== null,
        ),
      )
    answered(allowed, 'a head of 8192 bytes', 200)
    answered(withContent, 'a small head with 9000 bytes of content', 200)
    answered(tooLong, 'a head of 9000 bytes', 431)
    answered(oneMore, 'a head of 8193 bytes', 431)
    answered(endless, '9000 bytes without an empty line', 431)
  },
  diagnose: {
    'counts-content': rule({
      when: ({ allowed, withContent }) =>
        statusOf(allowed) === 200 && statusOf(withContent) === 431,
      say: 'The head was small, 9000 bytes of content followed in the same piece, and you answered 431. The head ends where its empty line does.',
    }),
    'limits-while-waiting': rule({
      when: ({ tooLong, endless }) => statusOf(tooLong) === 200 && statusOf(endless) === 431,
      say: 'A head of 9000 bytes came in one piece and was accepted; 9000 bytes without an end were not. So the cut decides, which is not for the client to see.',
    }),
    'leaves-out-the-end': rule({
      when: ({ oneMore, tooLong }) => statusOf(oneMore) === 200 && statusOf(tooLong) === 431,
      say: 'A head of 8193 bytes was accepted, one of 9000 was not. The line end before the empty line and the empty line itself are bytes of the head, too.',
    }),
    'wants-the-end-last': rule({
      when: ({ allowed, withContent }) =>
        statusOf(allowed) === 200 &&
        withContent.record.bytes.length === 0 &&
        withContent.record.ended === null,
      say: 'A small head came with 9000 bytes of content behind it, and you went on waiting. The empty line ends the head wherever it stands; it need not be the last that came.',
    }),
    'waits-for-ever': rule({
      when: ({ endless }) => endless.record.bytes.length === 0 && endless.record.ended === null,
      say: '9000 bytes came without an empty line, and you kept them and waited for more. A client that never sends one fills your memory.',
    }),
  },
})

const browser = check('Chromium can use your parser too', visit, {
  reread: 'fields',
  verify: ({ document, error }, expect) => {
    expect(document).toHaveStatus(200)
    expect(error ?? 'none', "Chromium's error", document ?? undefined).toBe('none')
    const asSent = document?.request.headers.map(([name]) => name.toLowerCase()).join(', ')
    const names = fieldsOf(jsonBody(document?.response))
      .map(([name]) => name)
      .join(', ')
    expect(names, 'the names in headers', document ?? undefined).toBe(asSent ?? '')
  },
})

export default { whole, oldVersion, anyCut, twoAtOnce, values, rejects, limit, browser }

/** That the answer is right, and says what the head said. */
function expectReport(
  expect: Expect,
  asked: Asked,
  head: Head,
  title = 'What was sent',
  at?: number,
): void {
  const sent = bytesExhibit(title, Buffer.from(asked.sent, 'latin1'), at)
  expect(
    asked.record.bytes.length === 0
      ? `nothing, then ${asked.record.ended ?? LEFT_OPEN}`
      : text(asked.record).split(/\r?\n/, 1)[0]!,
    'the answer',
    sent,
  ).toBe(matching('HTTP/1.1 200 OK', () => statusOf(asked) === 200))
  const { messages, problem } = answersIn(asked)
  expect(
    problem?.say ?? 'nothing',
    'what is wrong with the answer',
    cameBack(asked, problem?.at),
  ).toBe('nothing')
  const json = reported(asked)
  for (const part of ['method', 'target', 'version'] as const)
    expect(json?.[part], part, sent).toBe(head[part])
  const fields = fieldsOf(json)
  expect(
    Array.isArray(json?.headers) ? 'a list' : (JSON.stringify(json?.headers) ?? 'missing'),
    'headers',
    sent,
  ).toBe('a list')
  expect(fields.map(([name]) => name).join(', '), 'the names in headers', sent).toBe(
    head.headers.map(([name]) => name).join(', '),
  )
  for (const [index, [name, value]] of head.headers.entries())
    expect(fields[index]?.[1], `the value of ${name}`, sent).toBe(value)
  expect(messages.length, 'answers', cameBack(asked)).toBe(1)
}

function cameBack({ record }: Asked, at?: number): Exhibit {
  return bytesExhibit('What came back', record.bytes, at)
}

function wasSent({ sent }: Asked): Exhibit {
  const bytes = Buffer.from(sent, 'latin1')
  return bytes.length <= MOST_SHOWN
    ? bytesExhibit('What was sent', bytes)
    : bytesExhibit(`How it began, ${bytes.length} bytes in all`, bytes.subarray(0, MOST_SHOWN))
}
