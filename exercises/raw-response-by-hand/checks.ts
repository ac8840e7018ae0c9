import { bytesExhibit, check, matching, readStrictly, rule, type Exhibit } from '#grader'
import {
  answers,
  charsetOf,
  CLOSED,
  fieldOf,
  hasNoLength,
  headProblem,
  lengthInCharacters,
  NOTHING,
  pageInHead,
  uncountedLineEnds,
  type Answer,
} from './scenarios.ts'

const statusLine = check('The first line is a valid status line with 200', answers, {
  spec: 'RFC 9112 §4',
  reread: 'first-line',

  verify: ({ root }, expect) => {
    expect(root.firstLine, 'the first line', youSent(root, firstWrong(root))).toBe(statusLineOf200)
  },

  diagnose: {
    'no-version': rule({
      when: ({ root }) => /^[1-5]\d\d\b/.test(root.firstLine) && root.firstLine,
      say: (line, { refusal }) =>
        `The first line was \`${line}\`, but a response begins with its version, HTTP/1.1.` +
        (refusal === undefined ? '' : ` Without it, Chromium reported ${refusal}.`),
    }),
    'line-end-first': rule({
      when: ({ root }) => /^\r?\n/.test(root.text),
      say:
        'Your first line is empty: a line end came before the status line. A template literal ' +
        'whose text begins on the next line begins with a line feed.',
    }),
    'no-reason-space': rule({
      when: ({ root }) => root.firstLine === 'HTTP/1.1 200',
      say:
        'The line ended right after 200. You may leave out the reason phrase, but not the space ' +
        'before it. Chromium forgives that, the strict reader does not.',
    }),
  },
})

const headForm = check(
  'Header lines are well formed, end in CR LF, and one empty line follows',
  answers,
  {
    after: statusLine,
    spec: 'RFC 9112 §2.1',
    reread: 'first-line',

    verify: ({ root }, expect) => {
      const problem = headProblem(root)
      const where = youSent(root, problem?.at)
      expect(problem?.say ?? 'nothing', 'what is wrong in the head', where).toBe('nothing')
    },

    diagnose: {
      'no-empty-line': rule({
        when: ({ root }) => pageInHead(root),
        say: (line) =>
          `No empty line came before \`${line}\`, so this line of your page was read as a field ` +
          'of the head.',
      }),
      'line-feeds-only': rule({
        when: ({ root, isShown }) => !root.head.includes('\r') && { isShown },
        say: ({ isShown }) =>
          'The lines of your head end in a line feed alone, but a line ends in two bytes, CR LF.' +
          (isShown ? ' Chromium forgave that, the strict reader did not.' : ''),
      }),
    },
  },
)

const lengthTrue = check('Content-Length equals the number of content bytes', answers, {
  after: headForm,
  spec: 'RFC 9110 §8.6',
  reread: 'bytes-not-characters',

  verify: ({ root }, expect) => {
    const { length } = root.content
    expect(fieldOf(root, 'Transfer-Encoding'), 'Transfer-Encoding', youSent(root)).toBe(undefined)
    expect(fieldOf(root, 'Content-Length'), 'Content-Length', youSent(root)).toBe(String(length))
  },

  diagnose: {
    'no-length': rule({
      when: ({ root }) => hasNoLength(root) && root,
      say: ({ record }) =>
        record.ended === 'closed'
          ? 'Your answer has no Content-Length, so only the end of the connection ended the ' +
            'content. A reader cannot tell that from a connection that broke.'
          : 'Your answer has no Content-Length, so nobody knows where the content ends.',
    }),
    'length-in-characters': rule({
      when: ({ root }) => lengthInCharacters(root),
      say: (length, { root }) =>
        `Content-Length said ${length}, but ${root.content.length} bytes followed. ${length} is ` +
        'the number of characters: é has two bytes, ☕ and 日 have three each.',
    }),
    'line-end-not-counted': rule({
      when: ({ root }) => uncountedLineEnds(root),
      say: (where, { root }) =>
        `Content-Length said ${fieldOf(root, 'Content-Length')}, but ${root.content.length} ` +
        `bytes followed the empty line: ${LINE_ENDS[where]}. Everything after the one empty ` +
        'line is content and counts.',
    }),
  },
})

const charset = check('Content-Type says HTML and UTF-8', answers, {
  after: headForm,
  spec: 'RFC 9110 §8.3.2',
  reread: 'bytes-not-characters',

  verify: ({ root }, expect) => {
    expect(fieldOf(root, 'Content-Type'), 'Content-Type', youSent(root)).toBe(htmlInUtf8)
  },

  diagnose: {
    'another-charset': rule({
      when: ({ root }) => !isUtf8(charsetOf(root) ?? 'utf-8') && charsetOf(root),
      say: (name, { asRead }) =>
        `The type named ${name}, so Chromium read your bytes as ${asRead}. ` +
        'The charset has to say how the bytes were made, and the task asks for UTF-8.',
    }),
    'no-charset': rule({
      when: ({ root, isReadAsUtf8, asRead }) =>
        isHtml(root) && charsetOf(root) === undefined && !isReadAsUtf8 && asRead,
      say: (asRead) =>
        `The type named no charset, so Chromium guessed and read your bytes as ${asRead}.`,
    }),
  },
})

const shown = check('Chromium shows the whole message with all characters intact', answers, {
  after: charset,
  reread: 'bytes-not-characters',

  verify: ({ message, paragraphs, isShown }, expect) => {
    const isMessage = matching(`a paragraph with the text ${message}`, () => isShown)
    expect(paragraphs).toGive(isMessage)
  },

  diagnose: {
    'one-byte-per-character': rule({
      when: ({ root }) => root.content.includes(Buffer.from('café', 'latin1')),
      say:
        'The é of `café` left as the single byte E9. In UTF-8, which your Content-Type names, ' +
        'it is C3 A9; and one byte has no room for ☕, 日 or 本 at all.',
    }),
  },
})

const notFound = check('Other paths get a complete 404', answers, {
  after: headForm,
  spec: 'RFC 9110 §15.5.5',
  reread: 'three-ways',

  verify: ({ other }, expect) => {
    const [, status] = other.firstLine.split(' ')
    expect(status, `the status of ${other.path}`, youSent(other, 0)).toBe('404')
    const length = fieldOf(other, 'Content-Length')
    if (length !== undefined && other.hasEmptyLine)
      expect(length, 'Content-Length', youSent(other)).toBe(String(other.content.length))
    const { wrong, at } = responseProblem(other)
    expect(wrong, 'what is wrong in the response', youSent(other, at)).toBe('nothing')
    expect(other.content.length, 'bytes of content', youSent(other)).toBe(oneOrMore)
  },

  diagnose: {
    'same-for-every-path': rule({
      when: ({ other }) => other.firstLine.startsWith('HTTP/1.1 200 ') && other,
      say: ({ path }) =>
        `You have nothing at ${path}, but you answered 200. To a client that is a success. ` +
        'The path is the second word in the first line of the request.',
      alsoEarnedBy: ['empty-200', 'endless-body'],
    }),
    'bare-not-found': rule({
      when: ({ other }) =>
        is404(other) && other.hasEmptyLine && other.content.length === 0 && other,
      say: (other) =>
        `The 404 for ${other.path} has no content` +
        (hasNoLength(other) ? ' and names no length. ' : '. ') +
        'A person who mistypes an address sees this response, too.',
    }),
    'not-found-without-length': rule({
      when: ({ root, other }) => is404(other) && hasNoLength(other) && !hasNoLength(root) && other,
      say: ({ path, record }) =>
        `The 404 for ${path} has no Content-Length, so ` +
        (record.ended === 'closed'
          ? 'only the end of the connection ended its content. '
          : 'nobody knows where its content ends. ') +
        'An error is a response like any other.',
    }),
  },
})

const openConnection = check('Each connection is answered again, or closed', answers, {
  after: lengthTrue,
  spec: 'RFC 9112 §9.3',
  reread: 'three-ways',

  verify: ({ connections }, expect) => {
    for (const { path, next, came, due, isRight, all } of connections) {
      const where = bytesExhibit('What you sent on one connection', all.bytes, all.bytes.length)
      const right = matching(`${due}, or ${CLOSED}`, () => isRight)
      expect(came, `what came for ${next}, asked for after ${path}`, where).toBe(right)
    }
  },

  diagnose: {
    'says-close-and-stays': rule({
      when: ({ wrong }) => wrong && !wrong.isAskedAgain,
      say:
        'Your response said `Connection: close`, but the connection stayed open. A client that ' +
        'believes it sends no other request and waits for the end. The field announces the ' +
        'close; `socket.end()` is the close.',
    }),
    'answers-once': rule({
      when: ({ wrong }) => wrong?.came === NOTHING,
      say:
        'Your first response left the connection open, but the next request on it got no ' +
        'answer. A browser that uses the connection again waits for ever. `once` hears one ' +
        'piece, `on` hears them all; and `socket.end()` says that no other answer will come.',
    }),
    'answers-the-first-again': rule({
      when: ({ wrong }) => wrong?.came === wrong?.before && wrong,
      say: ({ path, next, before }) =>
        `A client asked for ${path} and then, on the same connection, for ${next}, and got ` +
        `${before} both times. The next request begins where the one before it ends: forget ` +
        'what you have answered.',
      alsoEarnedBy: ['empty-200'],
    }),
  },
})

export default { statusLine, headForm, lengthTrue, charset, shown, notFound, openConnection }

const statusLineOf200 = matching(
  'HTTP/1.1, a space, 200, a space, a reason that may be empty',
  (line: string) => /^HTTP\/1\.1 200 [^\x00-\x08\x0a-\x1f\x7f]*$/.test(line),
)

const htmlInUtf8 = matching('text/html; charset=utf-8', (type: string | undefined) =>
  /^text\/html\s*;(.*;)?\s*charset="?utf-?8"?\s*(;|$)/i.test(type ?? ''),
)

const oneOrMore = matching('one or more', (bytes: number) => bytes > 0)

const LINE_ENDS = {
  before: 'more line ends came before the page',
  after: 'a line end came after the page',
}

function youSent({ path, record }: Answer, at?: number): Exhibit {
  return bytesExhibit(`What you sent for GET ${path}`, record.bytes, at)
}

/** Where the first line begins to differ from a status line with 200. */
function firstWrong({ firstLine }: Answer): number {
  const characters = Array.from('HTTP/1.1 200 ')
  return Math.max(
    0,
    characters.findIndex((each, index) => firstLine[index] !== each),
  )
}

function responseProblem({ record }: Answer): { wrong: string; at: number | undefined } {
  const { bytes, ended } = record
  const { messages, problem } = readStrictly(bytes, { of: 'responses', closed: ended !== null })
  const [message] = messages
  const hasLength = message?.framing !== 'close' && message?.framing !== 'chunked'
  return {
    wrong: hasLength ? (problem?.say ?? 'nothing') : 'no Content-Length',
    at: problem?.at,
  }
}

function is404({ firstLine }: Answer): boolean {
  return firstLine.startsWith('HTTP/1.1 404 ')
}

function isHtml(answer: Answer): boolean {
  return /^text\/html\s*(;|$)/i.test(fieldOf(answer, 'Content-Type') ?? '')
}

function isUtf8(name: string): boolean {
  return /^utf-?8$/i.test(name)
}
