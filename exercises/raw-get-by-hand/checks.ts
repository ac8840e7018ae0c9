import { check, matching, rule } from '#grader'
import { fieldsOf, NONE, twoCalls, whatYouSent, type Get } from './scenarios.ts'

const requestLine = check(
  'The first line is GET, the target and HTTP/1.1, with single spaces',
  twoCalls,
  {
    spec: 'RFC 9112 §3',
    reread: 'request-line',

    verify: ({ first, second }, expect) => {
      for (const get of [first, second]) {
        const right = `GET ${get.target} HTTP/1.1`
        const sent = whatYouSent(get, firstDifference(get.request, right))
        expect(get.firstLine, 'the first line', sent).toBe(right)
      }
    },

    diagnose: {
      'sends-whole-url': rule({
        when: ({ first, address }) => first.firstLine.includes(`http://${address}`) && first,
        say: (first) =>
          `The target you sent was \`${sentTarget(first)}\`, a whole address. That form is for ` +
          'proxies. A server gets the path and the query, and finds its name in Host.',
      }),
      'encodes-target': rule({
        when: ({ first }) => first.firstLine.includes('%25') && first,
        say: (first) =>
          `get was called with \`${first.target}\` but sent \`${sentTarget(first)}\`: it encoded ` +
          'the percent signs once more. The target is ready to be sent as it is.',
      }),
      'begins-with-line-end': rule({
        when: ({ first }) => /^\r?\n/.test(first.request) && first,
        say:
          'Your request began with a line end, so its first line was empty. Between backticks, a ' +
          'new line in your file is a line feed in the string, even directly after the first ' +
          'backtick.',
      }),
    },
  },
)

const crlf = check('Every line ends with CR LF, and an empty line ends the head', twoCalls, {
  after: requestLine,
  spec: 'RFC 9112 §2.1',
  reread: 'line-ends',

  verify: ({ first, second }, expect) => {
    for (const get of [first, second]) {
      const problem = problemOfHead(get)
      const sent = whatYouSent(get, problem?.at)
      expect(problem?.say ?? 'valid', 'the head you sent', sent).toBe('valid')
    }
  },

  diagnose: {
    'lines-end-in-lf': rule({
      when: ({ first: { request } }) => !request.includes('\r') && request.match(/\n/g),
      say: (lineFeeds) =>
        `You sent ${lineFeeds.length} line feeds but no carriage return. ` +
        'A line of a head ends in two bytes: CR, then LF.',
    }),
    'mixes-line-ends': rule({
      when: ({ first: { request } }) => request.includes('\r\n') && request.match(/(?<!\r)\n/g),
      say: (bare, { first: { request } }) =>
        `You sent ${request.split('\n').length - 1} line feeds, ${bare.length} of them without a ` +
        'carriage return. Between backticks, a new line in your file is a line feed in the ' +
        'string, in addition to those you wrote as \\n.',
    }),
    'no-empty-line': rule({
      when: ({ first }) =>
        first.request.endsWith('\r\n') && !first.request.includes('\r\n\r\n') && first,
      say:
        'Your last line ended, but no empty line followed. The server waited for more fields, ' +
        'then it gave up.',
    }),
  },
})

const host = check('There is one Host field, with the host and the port', twoCalls, {
  after: crlf,
  spec: 'RFC 9112 §3.2',
  reread: 'host',

  verify: ({ first, second, address }, expect) => {
    for (const get of [first, second])
      expect(fieldsOf(get, 'Host'), 'the Host fields', whatYouSent(get)).toBe(address)
  },

  diagnose: {
    'no-host': rule({
      when: ({ first }) => fieldsOf(first, 'Host') === NONE && first,
      say:
        'No Host came. One address serves many sites, and the target does not name the one you ' +
        'mean, so the server answered 400.',
    }),
    'host-without-port': rule({
      when: ({ first, hostname, address }) => fieldsOf(first, 'Host') === hostname && address,
      say: (address) =>
        `The server was ${address}, but Host named no port. Without one it means port 80.`,
    }),
  },
})

const close = check('You asked the server to close the connection', twoCalls, {
  after: crlf,
  spec: 'RFC 9112 §9.6',
  reread: 'line-ends',

  verify: ({ first, second }, expect) => {
    for (const get of [first, second])
      expect(fieldsOf(get, 'Connection'), 'the Connection field', whatYouSent(get)).toBe(withClose)
  },

  diagnose: {
    'no-close': rule({
      when: ({ first }) => fieldsOf(first, 'Connection') === NONE && first,
      say:
        'Nothing in your request asked for the close. This server closed anyway, but most keep ' +
        'an HTTP/1.1 connection open, and get would have waited for an end that does not come.',
    }),
    'keeps-alive': rule({
      when: ({ first }) => fieldsOf(first, 'Connection'),
      say: (options) =>
        `Connection said \`${options}\`. A server that takes it at its word leaves the ` +
        'connection open, and get would have waited for its end.',
    }),
  },
})

const nothingExtra = check('Nothing follows the empty line', twoCalls, {
  after: crlf,
  spec: 'RFC 9112 §2.2',
  reread: 'line-ends',

  verify: ({ first, second }, expect) => {
    for (const get of [first, second]) {
      const extra = afterHead(get.request)
      const at = extra === '' ? undefined : get.request.length - extra.length
      expect(extra.length, 'bytes after the empty line', whatYouSent(get, at)).toBe(0)
    }
  },

  diagnose: {
    'trailing-newline': rule({
      when: ({ first }) => /^[\r\n]+$/.test(afterHead(first.request)) && first,
      say:
        'A line end followed the empty line. On a connection that stays open, it would come ' +
        'before your next request.',
    }),
  },
})

const wholeAnswer = check('You returned the whole answer, although it came in pieces', twoCalls, {
  after: host,
  reread: 'line-ends',

  verify: ({ first, second }, expect) => {
    for (const { call, answer } of [first, second]) expect(call).toGive(allOf(answer))
  },

  diagnose: {
    'gives-bytes': rule({
      when: ({ wrong }) => wrong && bytesIn(wrong.call.value),
      say: (gave) =>
        `get gave ${gave}, and a string is asked for. toString('latin1') of all bytes together ` +
        'makes it: one character of each byte.',
    }),
    'done-at-once': rule({
      when: ({ wrong }) => wrong && wrong.call.error === null && wrong.given === '' && wrong,
      say: ({ call: { value }, answer, wasDoneEarly }) => {
        const gave = `get gave ${value === '' ? 'an empty string' : `\`${String(value)}\``}`
        return wasDoneEarly
          ? `${gave} before the answer had come. What an event brings later, you can only ` +
              'return as a promise.'
          : `${gave}, although the server sent ${answer.length} characters.`
      },
    }),
    'never-done': rule({
      when: ({ wrong }) =>
        wrong && isNotDone(wrong) && fieldsOf(wrong, 'Connection') !== NONE && wrong,
      say:
        'The server sent its answer and closed, but get went on waiting. The socket emits `end` ' +
        'once you have read everything that came.',
    }),
    'first-piece': rule({
      when: ({ wrong }) => wrong && isSomePieces(wrong) && wrong,
      say: ({ given, answer, pieces }) =>
        `You returned ${given.length} of ${answer.length} characters, and the answer came in ` +
        `pieces of ${pieces.map(({ length }) => length).join(', ')} bytes. Where an answer is ` +
        'cut has no meaning; it is over when the server closes.',
    }),
    'trims-the-end': rule({
      when: ({ wrong }) => wrong && wrong.given === wrong.answer.trimEnd() && wrong,
      say: ({ given, answer }) =>
        `You returned ${given.length} of ${answer.length} characters: the line end after the ` +
        'content is missing. The server sent it, so it is part of what get returns; trim() ' +
        'takes it away.',
    }),
    'decodes-utf8': rule({
      when: ({ wrong }) => wrong && wrong.given.includes('\ufffd') && wrong,
      say:
        'The answer holds the byte E9. In latin1 that is é, one byte and one character; you read ' +
        'it as UTF-8, where it is a mistake and becomes �.',
    }),
    'content-only': rule({
      when: ({ wrong }) =>
        wrong && wrong.given !== '' && wrong.answer.endsWith(wrong.given) && wrong,
      say: ({ given, answer }) =>
        `You returned the last ${given.length} characters, the content. ` +
        `The ${answer.length - given.length} before them are the head, which get returns as well.`,
    }),
    'keeps-earlier-answer': rule({
      when: ({ first, wrong }) => wrong && wrong.given === first.answer + wrong.answer && wrong,
      say:
        'The second call gave the first answer, then its own. Each call has to collect its own ' +
        'answer.',
    }),
  },
})

export default { requestLine, crlf, host, close, nothingExtra, wholeAnswer }

/** Where the request leaves what is right; undefined where nothing was sent. */
function firstDifference(request: string, right: string): number | undefined {
  if (request === '') return undefined
  const at = [...right].findIndex((character, index) => request[index] !== character)
  return at === -1 ? right.length : at
}

function sentTarget({ firstLine }: Get): string {
  const [, target = ''] = firstLine.split(' ')
  return target
}

/** What a strict reader objects to before the head has come to its end. */
function problemOfHead({ reading: { messages, problem } }: Get) {
  return messages.length === 0 ? problem : null
}

function afterHead(request: string): string {
  return request.slice(request.indexOf('\r\n\r\n') + 4)
}

const withClose = matching('close', (options: string) =>
  options
    .toLowerCase()
    .split(',')
    .some((option) => option.trim() === 'close'),
)

function allOf(answer: string) {
  return matching(
    `the ${answer.length} characters that the server sent`,
    (given: unknown) => given === answer,
  )
}

/** In words what get() gave, where it gave bytes or a list of pieces. */
function bytesIn(value: unknown): string | undefined {
  if (value instanceof Uint8Array) return `a Buffer (or Uint8Array) of ${value.length} bytes`
  const isList =
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((piece) => piece instanceof Uint8Array || typeof piece === 'string')
  return isList ? `a list of ${value.length} pieces` : undefined
}

function isNotDone({ call }: Get): boolean {
  return call.error?.includes('was not done') === true
}

/** Whether it gave what had come when a piece ended, but not all. */
function isSomePieces({ given, answer, pieces }: Get): boolean {
  const ends = pieces.map((_, index) => pieces.slice(0, index + 1).join('').length)
  return answer.startsWith(given) && ends.includes(given.length)
}
