import {
  atLeast,
  bytesExhibit,
  check,
  header,
  matching,
  together,
  type Exhibit,
  type Expect,
  type Fetched,
  type RawRecord,
  rule,
} from '#grader'
import {
  beginsLike,
  byHand,
  chunksAsCut,
  framingFields,
  inBrowser,
  isChunked,
  read,
  sameContent,
  saysBoth,
  textOf,
  versionOf,
  type ChunkAsCut,
} from './scenarios.ts'

const UTF8_TEXT = matching('text/plain; charset=utf-8', (type: string | undefined) =>
  /^text\/plain\s*;(.*;)?\s*charset="?utf-?8"?\s*(;|$)/i.test(type ?? ''),
)

const oneFraming = check('Each head names one way to the end, and the right one', byHand, {
  spec: 'RFC 9112 §6.2',
  reread: 'three-ways',
  verify: ({ length, chunked, broken }, expect) => {
    const framing = (path: string, record: RawRecord) =>
      expect(
        framingFields(record),
        `what the head of ${path} says about its end`,
        bytesExhibit(`What you sent for GET ${path}`, record.bytes),
      )
    framing('/length', length).toBe(
      matching('Content-Length and nothing else', (fields: string) =>
        /^content-length: \d+$/i.test(fields),
      ),
    )
    framing('/chunked', chunked).toBe(
      matching('Transfer-Encoding: chunked and nothing else', isChunked),
    )
    framing('/broken', broken).toBe(
      matching('Transfer-Encoding: chunked and nothing else', isChunked),
    )
    for (const [path, record] of [
      ['/length', length],
      ['/chunked', chunked],
      ['/broken', broken],
    ] as const)
      expectVersion(expect, path, record)
  },
  diagnose: {
    'length-and-chunked': rule({
      when: ({ chunked, broken, length }) => [chunked, broken, length].some(saysBoth),
      say: (_, { chunked, broken, length }) =>
        `One head said ${framingFields([chunked, broken, length].find(saysBoth)!)}. These are two answers to the question where the content ends; a reader may believe either, and two programs on the way may not believe the same one.`,
    }),
    'broken-without-framing': rule({
      when: ({ broken, length, chunked }) =>
        framingFields(broken) === 'nothing' &&
        ![length, chunked].some((record) => framingFields(record) === 'nothing'),
      say: 'The head of /broken promised neither a length nor chunks. Then the end of the connection is the right end, as it is at /close: to every client, some of the text was all of it.',
    }),
  },
})

const chunkSizes = check(
  'Chunk sizes are hexadecimal byte counts and the last chunk is present',
  byHand,
  {
    after: oneFraming,
    spec: 'RFC 9112 §7.1',
    reread: 'three-ways',
    verify: ({ chunked }, expect) => {
      const { messages, problem } = read(chunked)
      const exhibit = bytesExhibit('What you sent for GET /chunked', chunked.bytes, problem?.at)
      expect(problem?.say ?? 'nothing', 'what is wrong in the chunks', exhibit).toBe('nothing')
      expect((messages[0]?.chunks.length ?? 1) - 1, 'chunks before the last one', exhibit).toBe(
        atLeast(3),
      )
    },
    diagnose: {
      'decimal-sizes': rule({
        when: ({ chunked }) => chunksAsCut(chunked).some(isDecimal),
        say: (_, { chunked }) => {
          const { said, bytes } = chunksAsCut(chunked).find(isDecimal)!
          return `${bytes} bytes were announced as \`${said}\`, which means ${Number.parseInt(said, 16)}: chunk sizes are hexadecimal. ${bytes} is \`${bytes.toString(16)}\`.`
        },
      }),
      'sizes-in-characters': rule({
        when: ({ chunked }) => chunksAsCut(chunked).some(countsCharacters),
        say: (_, { chunked }) => {
          const { said, bytes, text } = chunksAsCut(chunked).find(countsCharacters)!
          const size = Number.parseInt(said, 16)
          return `The chunk \`${text}\` was announced with \`${said}\`${said === String(size) ? '' : `, which means ${size},`} and has ${bytes} bytes. ${size} is ${size === text.length ? 'the `length` of the string' : 'the number of its characters'}; é has two bytes, ☕ three and 🚆 four.`
        },
      }),
      'no-last-chunk': rule({
        when: ({ chunked }) =>
          read(chunked).problem !== null &&
          !endsAtZero(chunked) &&
          chunksAsCut(chunked).length > 0 &&
          chunksAsCut(chunked).every(
            ({ said, bytes }) => Number.parseInt(said, 16) === bytes && bytes > 0,
          ),
        say: (_, { chunked }) =>
          `${chunksAsCut(chunked).length} chunks came, and none of size 0 after them: ${chunked.ended === null ? 'the reader was still waiting for more' : 'the connection ended instead, as if something had failed'}.`,
      }),
      'no-line-after-zero': rule({
        when: ({ chunked }) => endsAtZero(chunked),
        say: 'The chunk of size 0 came, and after its line nothing more. Fields may follow there, so the body ends with one more empty line: `0`, CR LF, CR LF.',
      }),
      'one-big-chunk': rule({
        when: ({ chunked }) => (read(chunked).messages[0]?.chunks.length ?? 0) === 2,
        say: (_, { chunked }) =>
          `The whole text left as one chunk of ${read(chunked).messages[0]!.chunks[0]} bytes. Three or more were asked for.`,
      }),
    },
  },
)

const closeDelimited = check(
  '/close has no length and its end is the end of the connection',
  byHand,
  {
    spec: 'RFC 9112 §6.3',
    reread: 'three-ways',
    verify: ({ close }, expect) => {
      const { problem } = read(close)
      const exhibit = bytesExhibit('What you sent for GET /close', close.bytes, problem?.at)
      expect(framingFields(close), 'what the head of /close says about its end', exhibit).toBe(
        'nothing',
      )
      expectVersion(expect, '/close', close)
      expect(close.ended ?? 'still open', 'the connection', exhibit).toBe('closed')
      expect(problem?.say ?? 'nothing', 'what is wrong in the response', exhibit).toBe('nothing')
    },
    diagnose: {
      'closes-as-http10': rule({
        when: ({ close }) => framingFields(close) === 'nothing' && versionOf(close) === 'HTTP/1.0',
        say: '/close was answered in HTTP/1.0. A body that ends with its connection is no matter of the old version: HTTP/1.1 has it as well, wherever a response names neither a length nor chunks.',
      }),
      'close-with-length': rule({
        when: ({ close }) => framingFields(close) !== 'nothing',
        say: (_, { close }) =>
          `The head of /close said ${framingFields(close)}, so the content ended there, and the end of the connection ended nothing.`,
      }),
      'close-stays-open': rule({
        when: ({ close }) => close.ended === null && close.bytes.length > 0,
        say: 'The text of /close came, the connection stayed open, and the reader went on waiting: without a length only the closing of the connection is an end. `Connection: close` announces it and does not do it.',
      }),
    },
  },
)

const sameText = check('All three forms delivered the same text', together({ inBrowser, byHand }), {
  after: chunkSizes,
  reread: 'bytes-not-characters',
  verify: ({ inBrowser: { text, length, chunked, close }, byHand }, expect) => {
    // Said here, where a browser would go on waiting without a word.
    const { messages, problem } = read(byHand.length)
    if (messages.length === 0)
      expect(
        problem?.say ?? 'nothing',
        'what is wrong in the response to /length',
        bytesExhibit('What you sent for GET /length', byHand.length.bytes, problem?.at),
      ).toBe('nothing')
    const wanted = matching(
      `the ${Array.from(text).length} characters of TEXT`,
      (received: string) => received === text,
    )
    for (const [path, fetched] of [
      ['/length', length],
      ['/chunked', chunked],
      ['/close', close],
    ] as const) {
      expect(
        whatWasRead(fetched),
        `what a script in Chromium read of ${path}`,
        transcript(path, fetched),
      ).toBe(wanted)
      expect(fieldSeen(fetched, 'content-type'), `the Content-Type of ${path}`).toBe(UTF8_TEXT)
      expect(fetched.seen?.status, `the status of ${path}`).toBe(200)
    }
  },
  diagnose: {
    'length-in-characters': rule({
      when: ({ inBrowser: { text, length } }) =>
        countsOf(text).includes(Number(fieldSeen(length, 'content-length'))),
      say: (_, { inBrowser: { text, length } }) => {
        const said = Number(fieldSeen(length, 'content-length'))
        return `Content-Length said ${said}, which is ${said === text.length ? 'the `length` of the string' : 'the number of its characters'}. The text has ${Buffer.byteLength(text)} bytes, and Chromium read ${said} of them.`
      },
    }),
    'cuts-characters': rule({
      when: ({ inBrowser: { text, chunked } }) =>
        !text.includes('\uFFFD') && whatWasRead(chunked).includes('\uFFFD'),
      say: (_, { inBrowser: { chunked } }) =>
        `\`${/.{0,12}\uFFFD.{0,8}/su.exec(whatWasRead(chunked))![0]}\` came out of /chunked: where two of your chunks met, a character had fallen apart before it became bytes. 🚆 is two positions of a string and four bytes; a Buffer can be cut anywhere.`,
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
      const { messages, problem } = read(three)
      const exhibit = bytesExhibit('What you sent on one connection', three.bytes, problem?.at)
      expect(messages.length, 'whole responses on one connection', exhibit).toBe(3)
      expect(problem?.say ?? 'nothing', 'what came beside them', exhibit).toBe('nothing')
      expect(
        messages.map(({ framing }) => framing),
        'how they ended',
        exhibit,
      ).toBe(['length', 'chunked', 'length'])
      for (const [index, alone] of [length, chunked, length].entries()) {
        expect(
          sameContent(messages[index], read(alone).messages[0])
            ? 'the same content'
            : 'another content',
          `what response ${index + 1} brought, compared with the answer on a connection of its own`,
          exhibit,
        ).toBe('the same content')
      }
    },
    diagnose: {
      'ends-every-connection': rule({
        when: ({ three }) => three.ended !== null && read(three).messages.length < 3,
        say: (_, { three }) =>
          `The connection was ${three.ended} after response ${read(three).messages.length} of 3. Its reader had found the end already and wanted to ask again on the same connection.`,
      }),
    },
  },
)

const honestFailure = check(
  '/broken is seen as incomplete by Chromium, not as a short success',
  together({ inBrowser, byHand }),
  {
    after: oneFraming,
    spec: 'RFC 9112 §8',
    reread: 'broken',
    verify: ({ inBrowser: { broken, text }, byHand }, expect) => {
      const seenIn = transcript('/broken', broken)
      // By the wire: a reset can overtake the head on its way into the page.
      expect(
        broken.exchange?.response?.status ?? broken.networkError ?? 'no answer',
        'the status that /broken began with',
        seenIn,
      ).toBe(200)
      expect(
        header(broken.exchange?.response?.headers ?? [], 'Content-Type'),
        'the Content-Type of /broken',
        seenIn,
      ).toBe(UTF8_TEXT)
      const body = Buffer.from(broken.exchange?.response?.body ?? [])
      expect(body.length, 'bytes of content that came on the wire', seenIn).toBe(atLeast(1))
      expect(body.toString(), 'the content of /broken', seenIn).toBe(
        matching('some of TEXT first', () => beginsLike(text, body)),
      )
      expect(
        broken.networkError ?? (broken.seen ? 'no error' : 'no error and no end'),
        'what Chromium said when the content was read',
        seenIn,
      ).toBe(
        matching('an error such as net::ERR_INCOMPLETE_CHUNKED_ENCODING', (said: string) =>
          /^net::(?!ERR_FAILED|ERR_ABORTED)/.test(said),
        ),
      )
      expect(
        read(byHand.broken).messages.length,
        'whole responses to /broken that the strict reader got',
        bytesExhibit('What you sent for GET /broken', byHand.broken.bytes),
      ).toBe(0)
    },
    diagnose: {
      'broken-without-text': rule({
        when: ({ inBrowser: { broken, text } }) =>
          (broken.exchange?.response?.body.length ?? 0) > 0 &&
          !beginsLike(text, Buffer.from(broken.exchange!.response!.body)),
        say: (_, { inBrowser: { broken } }) =>
          `The content of /broken began with \`${Buffer.from(broken.exchange!.response!.body).toString().slice(0, 40).trim()}\`, which is not how TEXT begins. The failure to be shown is one that comes when some of the text has already left.`,
      }),
      'second-status': rule({
        when: ({ inBrowser: { broken }, byHand: { broken: raw } }) =>
          broken.networkError === null && /\r\nHTTP\/1\.1 5\d\d /.test(textOf(raw)),
        say: (_, { byHand: { broken: raw }, inBrowser: { broken } }) =>
          `After a proper end \`${/\r\n(HTTP\/1\.1 5.*)\r\n/.exec(textOf(raw))![1]}\` followed. It belongs to no request, Chromium dropped it, and the script read ${Array.from(broken.seen?.text ?? '').length} characters as if they were all.`,
      }),
      'half-as-whole': rule({
        when: ({ inBrowser: { broken }, byHand }) =>
          broken.seen !== null && read(byHand.broken).messages[0]?.framing === 'chunked',
        say: (_, { inBrowser: { broken, text } }) =>
          `Chromium read ${Array.from(broken.seen!.text).length} of ${Array.from(text).length} characters and was told that this was all: the response ended with the last chunk. A response that failed must not end like one that did not.`,
      }),
      'broken-never-ends': rule({
        when: ({ inBrowser: { broken } }) =>
          broken.seen === null &&
          broken.networkError === null &&
          broken.exchange?.response?.complete === false,
        say: 'Some of the text came, then neither more of it nor an end: Chromium was still waiting. Nobody can tell a server that gave up from a slow one until the connection is closed.',
      }),
    },
  },
)

export default { oneFraming, chunkSizes, closeDelimited, sameText, reuse, honestFailure }

/** The body stops behind the line of its last chunk. */
function endsAtZero(record: RawRecord): boolean {
  return read(record).problem !== null && /\r\n0+\r\n$/.test(textOf(record))
}

function expectVersion(expect: Expect, path: string, record: RawRecord): void {
  expect(
    versionOf(record),
    `the version that ${path} is answered in`,
    bytesExhibit(`What you sent for GET ${path}`, record.bytes),
  ).toBe('HTTP/1.1')
}

function isDecimal({ said, bytes }: ChunkAsCut): boolean {
  return Number.parseInt(said, 16) !== bytes && said === String(bytes)
}

function countsCharacters({ said, bytes, text }: ChunkAsCut): boolean {
  const size = Number.parseInt(said, 16)
  return size !== bytes && (size === text.length || size === Array.from(text).length)
}

/**
 * How many characters a text has, by both ways to count them; nothing when that is the number of
 * its bytes.
 */
function countsOf(text: string): number[] {
  return [text.length, Array.from(text).length].filter((count) => count !== Buffer.byteLength(text))
}

function fieldSeen({ seen }: Fetched, name: string): string | undefined {
  return seen?.headers.find(([key]) => key.toLowerCase() === name)?.[1]
}

function whatWasRead({ seen, networkError, error }: Fetched): string {
  return (
    seen?.text ?? `nothing: ${networkError ?? error?.replace(/^no answer in .*/, 'no end came')}`
  )
}

/** What somebody would see who did the same in the page's console. */
function transcript(path: string, fetched: Fetched): Exhibit {
  const failed =
    fetched.networkError === null
      ? whatWasRead(fetched).replace('nothing: ', '')
      : `${fetched.error} (${fetched.networkError})`
  const read = fetched.seen
    ? JSON.stringify(fetched.seen.text.replace(/^(.{60}).{10,}(.{20})$/su, '$1…$2'))
    : failed
  const lines =
    fetched.resolvedWith === null
      ? [`> await (await fetch('${path}')).text()`, read]
      : [
          `> const response = await fetch('${path}'); response.status`,
          String(fetched.resolvedWith),
          '> await response.text()',
          read,
        ]
  return { kind: 'text', title: 'A script in Chromium', lines: lines.map((text) => ({ text })) }
}
