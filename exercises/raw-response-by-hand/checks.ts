import { bytesExhibit, check, matching, readStrictly, type RawRecord, rule } from '#grader'
import {
  answers,
  cameAfter,
  CLOSED,
  contentOf,
  fieldsOf,
  firstLine,
  hasEmptyLine,
  headText,
  text,
} from './scenarios.ts'

const statusLine = check('The first line is a valid status line', answers, {
  spec: 'RFC 9112 §4',
  reread: 'first-line',
  verify: ({ root }, expect) => {
    const line = firstLine(root)
    const wrongAt = Array.from('HTTP/1.1 200 ').findIndex(
      (character, index) => line[index] !== character,
    )
    expect(
      line,
      'the first line',
      bytesExhibit('What you sent for GET /', root.bytes, Math.max(0, wrongAt)),
    ).toBe(
      matching('HTTP/1.1, a space, 200, a space, a reason that may be empty', (line: string) =>
        /^HTTP\/1\.1 200 [^\x00-\x08\x0a-\x1f\x7f]*$/.test(line),
      ),
    )
  },
  diagnose: {
    'no-version': rule({
      when: ({ root }) => /^[1-5]\d\d\b/.test(firstLine(root)),
      say: (_, { root, error }) =>
        `The first bytes were \`${firstLine(root)}\`. A response begins with its version, HTTP/1.1${error?.startsWith('net::ERR') ? `; without it Chromium answered ${error.slice(5)}` : ''}.`,
    }),
    'line-end-first': rule({
      when: ({ root }) => /^\r?\n/.test(text(root)),
      say: 'Your first line is empty: a line end came before the status line. A template literal whose text begins on the next line begins with a line feed.',
    }),
    'no-reason-space': rule({
      when: ({ root }) => /^HTTP\/1\.1 200$/.test(firstLine(root)),
      say: 'The line ended right after 200. The reason phrase may be empty, the space in front of it may not be left out. Chromium forgives it, the strict reader does not.',
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
      expect(
        problem?.say ?? 'nothing',
        'what is wrong in the head',
        bytesExhibit('What you sent for GET /', root.bytes, problem?.at),
      ).toBe('nothing')
    },
    diagnose: {
      'no-empty-line': rule({
        when: ({ root }) => /^</m.test(headText(root)),
        say: (_, { root }) =>
          `No empty line came before \`${utf8(/^<.*/m.exec(headText(root))![0])
            .trimEnd()
            .slice(0, 40)}\`, so this line of your page was read as a field of the head.`,
      }),
      'line-feeds-only': rule({
        when: ({ root }) => !headText(root).includes('\r'),
        say: (_, { paragraphs, message }) =>
          `The lines of the head ended in a line feed alone. ${isShown(paragraphs.value, message) ? 'Chromium forgave it, the strict reader did not: a' : 'A'} line ends in CR LF, two bytes.`,
      }),
    },
  },
)

const lengthTrue = check('Content-Length equals the number of content bytes', answers, {
  after: headForm,
  spec: 'RFC 9110 §8.6',
  reread: 'bytes-not-characters',
  verify: ({ root }, expect) => {
    const content = contentOf(root)
    const exhibit = bytesExhibit('What you sent for GET /', root.bytes)
    expect(fieldsOf(root, 'Transfer-Encoding'), 'Transfer-Encoding', exhibit).toBe(undefined)
    expect(fieldsOf(root, 'Content-Length'), 'Content-Length', exhibit).toBe(String(content.length))
  },
  diagnose: {
    'no-length': rule({
      when: ({ root }) =>
        fieldsOf(root, 'Content-Length') === undefined &&
        fieldsOf(root, 'Transfer-Encoding') === undefined,
      say: (_, { root }) =>
        `No Content-Length came, so ${root.ended === 'closed' ? 'the end of the connection was the only end of the content. A reader cannot tell it from a connection that broke' : 'nobody knows where the content ends'}.`,
    }),
    'length-in-characters': rule({
      when: ({ root }) =>
        lengthsInCharacters(root).includes(Number(fieldsOf(root, 'Content-Length'))),
      say: (_, { root }) =>
        `Content-Length said ${fieldsOf(root, 'Content-Length')}, and ${contentOf(root).length} bytes followed. ${fieldsOf(root, 'Content-Length')} is the number of characters: é has two bytes, ☕ and 日 have three each.`,
    }),
    'line-end-not-counted': rule({
      when: ({ root }) => uncounted(root) !== null,
      say: (_, { root }) =>
        `Content-Length said ${fieldsOf(root, 'Content-Length')}, and ${contentOf(root).length} bytes followed the empty line: ${uncounted(root) === 'before' ? 'more line ends came before the page' : 'a line end came behind the page'}. Everything behind the one empty line is content and counts.`,
    }),
  },
})

const charset = check('The type says HTML and UTF-8', answers, {
  after: headForm,
  spec: 'RFC 9110 §8.3.2',
  reread: 'bytes-not-characters',
  verify: ({ root }, expect) => {
    const exhibit = bytesExhibit('What you sent for GET /', root.bytes)
    expect(fieldsOf(root, 'Content-Type'), 'Content-Type', exhibit).toBe(
      matching(
        'text/html; charset=utf-8',
        (type: string | undefined) =>
          type !== undefined && /^text\/html\s*;(.*;)?\s*charset="?utf-?8"?\s*(;|$)/i.test(type),
      ),
    )
  },
  diagnose: {
    'another-charset': rule({
      when: ({ root }) => !/^utf-?8$/i.test(charsetOf(root) ?? 'utf-8'),
      say: (_, { root, encoding, paragraphs, message }) =>
        `The type named ${charsetOf(root)}, and Chromium took your bytes for ${encoding}${isShown(paragraphs.value, message) ? '' : `: it shows \`${shownText(paragraphs.value)}\``}. A charset says how the bytes were made; yours were made of UTF-8.`,
    }),
    'no-charset': rule({
      when: ({ root, encoding }) =>
        /^text\/html\s*(;|$)/i.test(fieldsOf(root, 'Content-Type') ?? '') &&
        charsetOf(root) === undefined &&
        encoding !== 'UTF-8',
      say: (_, { encoding, paragraphs, message }) =>
        `The type named no charset, and Chromium took your bytes for ${encoding}${isShown(paragraphs.value, message) ? '' : `: it shows \`${shownText(paragraphs.value)}\``}.`,
    }),
  },
})

const shown = check('Chromium shows the whole message with all characters intact', answers, {
  after: charset,
  reread: 'bytes-not-characters',
  verify: ({ message, paragraphs }, expect) => {
    expect(paragraphs).toGive(
      matching(`a paragraph with the text ${message}`, (texts: unknown) => isShown(texts, message)),
    )
  },
  diagnose: {
    'one-byte-per-character': rule({
      when: ({ root }) => contentOf(root).includes(Buffer.from('café', 'latin1')),
      say: 'The é of `café` left as the single byte E9. In UTF-8, which the type announced, it is C3 A9; and in one byte there is no room for ☕, 日 or 本 at all.',
    }),
  },
})

const notFound = check('Other paths get a complete 404', answers, {
  after: headForm,
  spec: 'RFC 9110 §15.5.5',
  reread: 'three-ways',
  verify: ({ other, unknown }, expect) => {
    const exhibit = (at?: number) =>
      bytesExhibit(`What you sent for GET ${unknown}`, other.bytes, at)
    expect(firstLine(other).split(' ')[1], `the status of ${unknown}`, exhibit(0)).toBe('404')
    const length = fieldsOf(other, 'Content-Length')
    if (length !== undefined && hasEmptyLine(other))
      expect(length, 'Content-Length', exhibit()).toBe(String(contentOf(other).length))
    const { messages, problem } = readStrictly(other.bytes, {
      of: 'responses',
      closed: other.ended !== null,
    })
    const withoutLength = ['close', 'chunked'].includes(messages[0]?.framing ?? '')
    expect(
      withoutLength ? 'no Content-Length' : (problem?.say ?? 'nothing'),
      'what is wrong in the response',
      exhibit(problem?.at),
    ).toBe('nothing')
    expect(contentOf(other).length, 'bytes of content', exhibit()).toBe(
      matching('one or more', (bytes: number) => bytes > 0),
    )
  },
  diagnose: {
    'same-for-every-path': rule({
      when: ({ other }) => firstLine(other).startsWith('HTTP/1.1 200 '),
      say: (_, { unknown }) =>
        `Nobody knows ${unknown}, and it was answered with 200. To a client that is a success; the path stands in the first line of the request.`,
    }),
    'bare-not-found': rule({
      when: ({ other }) =>
        firstLine(other).startsWith('HTTP/1.1 404 ') &&
        hasEmptyLine(other) &&
        contentOf(other).length === 0,
      say: (_, { unknown, other }) =>
        `The 404 for ${unknown} had no content${fieldsOf(other, 'Content-Length') === undefined ? ' and named no length' : ''}. A person who mistypes an address sees this response too.`,
    }),
    'not-found-without-length': rule({
      when: ({ root, other }) =>
        firstLine(other).startsWith('HTTP/1.1 404 ') &&
        fieldsOf(root, 'Content-Length') !== undefined &&
        fieldsOf(other, 'Content-Length') === undefined &&
        fieldsOf(other, 'Transfer-Encoding') === undefined,
      say: (_, { unknown, other }) =>
        `The 404 for ${unknown} named no Content-Length: ${other.ended === 'closed' ? 'the end of the connection was the only end of its content' : 'nobody knows where its content ends'}. An error is a response like any other.`,
    }),
  },
})

const openConnection = check('A connection that stays open is answered again', answers, {
  after: lengthTrue,
  spec: 'RFC 9112 §9.3',
  reread: 'three-ways',
  verify: ({ connections }, expect) => {
    for (const connection of connections) {
      const { path, next, due, record, again } = connection
      const exhibit = bytesExhibit(
        'What you sent on one connection',
        (again ?? record).bytes,
        (again ?? record).bytes.length,
      )
      expect(cameAfter(connection), `what came for ${next}, asked for after ${path}`, exhibit).toBe(
        matching(
          `an answer with ${due}, or the end of the connection`,
          (what: string) => what === `an answer with ${due}` || what === CLOSED,
        ),
      )
    }
  },
  diagnose: {
    'says-close-and-stays': rule({
      when: ({ connections }) => connections.some(({ lingers }) => lingers),
      say: 'Your response said `Connection: close`, and the connection stayed open. A client that believes it sends no other request and waits for the end. The field announces the close; `socket.end()` is the close.',
    }),
    'answers-once': rule({
      when: ({ connections }) =>
        connections.some(
          ({ record, again }) =>
            again !== null && again.ended === null && again.bytes.length === record.bytes.length,
        ),
      say: 'Your first response left the connection open, and the next request on it got no answer. A browser that uses the connection again waits for ever. `once` hears one piece; `on` hears them all, and `socket.end()` says that there will be no other answer.',
    }),
    'answers-the-first-again': rule({
      when: ({ connections }) =>
        connections.some(
          (connection) =>
            cameAfter(connection) ===
            `an answer with ${firstLine(connection.record).split(' ')[1]}`,
        ),
      say: (_, { connections }) => {
        const { path, next, record } = connections.find(
          (connection) =>
            cameAfter(connection) ===
            `an answer with ${firstLine(connection.record).split(' ')[1]}`,
        )!
        return `On one connection ${path} was asked for, then ${next}, and both were answered with ${firstLine(record).split(' ')[1]}. Where one request ends the next one begins; what was read for an answered one is not to be read again.`
      },
    }),
  },
})

export default { statusLine, headForm, lengthTrue, charset, shown, notFound, openConnection }

/** What is wrong in the head, without what is wrong about the content. */
function headProblem(record: RawRecord): { at: number; say: string } | null {
  const head = headText(record)
  const content = head.search(/^</m)
  if (content > 0) return { at: content, say: 'content where a field or the empty line was due' }
  const end = text(record).indexOf('\r\n\r\n')
  // A head alone is whole when its reader expects no content.
  const bytes = end === -1 ? record.bytes : record.bytes.subarray(0, end + 4)
  const { problem } = readStrictly(bytes, { of: 'responses', closed: true, methods: ['HEAD'] })
  return problem?.at === 0 ? null : problem
}

function charsetOf(record: RawRecord): string | undefined {
  return /;\s*charset\s*=\s*"?([^";\s]+)/i.exec(fieldsOf(record, 'Content-Type') ?? '')?.[1]
}

/** Of a text with one character per byte. */
function utf8(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString('utf8')
}

function lengthsInCharacters(record: RawRecord): number[] {
  const content = contentOf(record).toString('utf8')
  return [content.length, Array.from(content).length]
}

/**
 * Where the line ends stand that are all there is beyond Content-Length; null when it is something
 * else.
 */
function uncounted(record: RawRecord): 'before' | 'behind' | null {
  const content = contentOf(record).toString('latin1')
  const length = Number(fieldsOf(record, 'Content-Length'))
  if (/^[\r\n]+$/.test(content.slice(length))) return /^[\r\n]/.test(content) ? 'before' : 'behind'
  return content.length > length && /^[\r\n]+$/.test(content.slice(0, content.length - length))
    ? 'before'
    : null
}

function isShown(texts: unknown, message: string): boolean {
  return Array.isArray(texts) && texts.includes(message)
}

function shownText(texts: unknown): string {
  return Array.isArray(texts) ? String(texts[0]) : ''
}
