import {
  bytesExhibit,
  check,
  field,
  hasStatus,
  inTenths,
  isAnswered,
  matching,
  rule,
  status,
  together,
  type,
} from '#grader'
import {
  hasAnotherEtag,
  lengthOf,
  namesAnotherLength,
  secondsTaken,
  withMissing,
} from './answers.ts'
import { report, stream } from './scenarios.ts'

const LIMIT = 1

const both = together({ report, stream })

const getReport = check('GET /report is answered as before', report, {
  reread: 'head-length',

  verify: ({ get, lines, rows }, expect) => {
    expect(get)
      .toHaveStatus(200)
      .toHaveHeader('Content-Type', type('text/csv'))
      .toHaveHeader('Content-Length')
      .toHaveHeader('ETag')
    expect(lines, 'lines in /report', get).toBe(rows)
  },

  diagnose: {
    'get-lost-its-length': rule({
      when: ({ get, lines, rows }) =>
        lines === rows && field(get, 'Content-Length') === undefined && get,
      say: (get) =>
        'GET /report ' +
        (field(get, 'Transfer-Encoding') === undefined ? 'named no length' : 'came in chunks') +
        ', so HEAD has no length to mirror. Once the head is written, `node:http` cannot add a ' +
        'length to it any more: name it yourself before.',
    }),
  },
})

const getStream = check('GET /stream is answered as before', stream, {
  after: getReport,
  reread: 'head-length',

  verify: (pair, expect) => {
    expect(pair.get).toHaveStatus(200).toHaveHeader('Content-Type', type('text/plain'))
    expect(lengthOf(pair), 'bytes of content in /stream', pair.get).toBe(oneOrMore)
  },

  diagnose: {
    'unknown-is-zero': rule({
      when: ({ get }) => field(get, 'Content-Length') === '0' && get,
      say:
        'GET /stream named `Content-Length: 0`, so its reader took none of the lines. 0 is a ' +
        'length, and a wrong one. Leave the field out when nobody knows the length yet.',
    }),
  },
})

const headKnown = check('HEAD /report and HEAD /stream are answered with 200, like GET', both, {
  after: getStream,
  spec: 'RFC 9110 §9.3.2',
  reread: 'head',

  verify: ({ report, stream }, expect) => {
    expect.each([report, stream], ({ exchange }, expect) => {
      expect(exchange).toHaveStatus(200)
    })
  },

  diagnose: {
    'says-no-content': rule({
      when: ({ report, stream }) =>
        [report, stream].find(({ exchange }) => status(exchange) === 204),
      say: ({ name, get }) =>
        `\`${name}\` was answered with 204, which says that there is no content, but GET with ` +
        `${status(get)}. The status tells how GET would go, although HEAD leaves its content out.`,
    }),
    'only-get': rule({
      // The stub says so, too: this is the task.
      alsoEarnedBy: ['stub'],
      when: ({ report, stream }) =>
        [report, stream].find(({ exchange }) => (status(exchange) ?? 0) >= 400),
      say: ({ name, exchange, get }) =>
        `\`${name}\` was answered with ${status(exchange)}, and GET with ${status(get)}. To a ` +
        'link checker that asks with HEAD, this link is dead. Every path that answers GET ' +
        'answers HEAD, too.',
    }),
  },
})

const headMissing = check('HEAD on an unknown path is answered with 404, like GET', report, {
  after: headKnown,
  spec: 'RFC 9110 §15.5.5',
  reread: 'head',

  verify: ({ unknown }, expect) => {
    expect(unknown.get).toHaveStatus(404)
    expect(unknown.exchange).toHaveStatus(404)
  },

  diagnose: {
    'found-everywhere': rule({
      when: ({ unknown }) =>
        hasStatus(404)(unknown.get) && hasStatus(200)(unknown.exchange) && unknown,
      say: ({ name, exchange }) =>
        `\`${name}\` was answered with 200, though GET ${exchange?.request.path} is a 404. A link ` +
        'checker would take every dead link for a good one.',
    }),
  },
})

const noContent = check('No content follows the head of an answer to HEAD', both, {
  after: headMissing,
  spec: 'RFC 9110 §9.3.2',
  reread: 'head',

  verify: ({ report, stream }, expect) => {
    expect.each([report, stream, report.unknown], ({ name, exchange, content }, expect) => {
      const head = exchange?.response?.head ?? new Uint8Array()
      const sent = Buffer.concat([head, content])
      const where = bytesExhibit(`What you sent for ${name}`, sent, head.length)
      expect(content.length, 'bytes after the empty line', where).toBe(0)
    })
  },

  diagnose: {
    'sends-content': rule({
      when: ({ report, stream }) =>
        [report, stream, report.unknown].find(({ content }) => content.length > 0),
      say: ({ name, content }) =>
        `${content.length} bytes followed the head of your answer to \`${name}\`. After HEAD, a ` +
        'client expects your next answer right after the empty line, and takes these bytes for it.',
    }),
  },
})

const inStep = check('The next request on the same connection gets its own answer', report, {
  after: noContent,
  spec: 'RFC 9112 §9.3',
  reread: 'head',

  verify: ({ again, rows, linesAgain }, expect) => {
    const came = isAnswered(again) ? `an answer with ${status(again)}` : 'no answer'
    expect(came, 'what came for GET /report after HEAD', again).toBe('an answer with 200')
    expect(linesAgain, 'lines in /report', again).toBe(rows)
  },

  diagnose: {
    'never-ended': rule({
      when: ({ exchange, again }) =>
        exchange?.response?.complete && again && again.response === null && again.cut === null,
      say:
        'Your answer to `HEAD /report` came, but GET /report, the next request on that ' +
        'connection, got none. Answers leave a connection in the order of the requests. Is the ' +
        'one to HEAD ended? Without content it needs an end, too.',
    }),
  },
})

const sameLength = check('HEAD names the Content-Length that GET really has', both, {
  after: noContent,
  spec: 'RFC 9110 §8.6',
  reread: 'head-length',

  verify: ({ report, stream }, expect) => {
    expect.each([report, stream], (pair, expect) => {
      const length = String(lengthOf(pair))
      const isLeftOut = field(pair.exchange, 'Content-Length') === undefined
      if (pair === stream && isLeftOut) expect(pair.exchange).notToHaveHeader('Content-Length')
      else expect(pair.exchange).toHaveHeader('Content-Length', length)
    })
  },

  diagnose: {
    'length-left-out': rule({
      when: ({ report }) => field(report.exchange, 'Content-Length') === undefined && report,
      say: (pair) =>
        `GET /report sent ${lengthOf(pair)} bytes, but the answer to HEAD names no length. A ` +
        'library such as `node:http` drops the content after HEAD without counting it, so name ' +
        'the length yourself.',
    }),
    'length-zero': rule({
      when: ({ report, stream }) =>
        [report, stream].find(({ exchange }) => field(exchange, 'Content-Length') === '0'),
      say: (pair) =>
        `\`${pair.name}\` was answered with \`Content-Length: 0\`, but GET sends ` +
        `${lengthOf(pair)} bytes. In an answer to HEAD the field tells how long the content of ` +
        'GET is, and not how much follows here.',
    }),
    'another-length': rule({
      when: ({ report, stream }) => [report, stream].find(namesAnotherLength),
      say: (pair) =>
        `The answer to \`${pair.name}\` names ${field(pair.exchange, 'Content-Length')} bytes, ` +
        `but GET sent ${lengthOf(pair)}. Count the bytes of the content that GET sends.`,
    }),
  },
})

const sameFields = check('Each field of the answer to GET is in the answer to HEAD', both, {
  after: noContent,
  spec: 'RFC 9110 §9.3.2',
  reread: 'head',

  verify: ({ report, stream }, expect) => {
    expect.each([report, stream], ({ exchange, toMirror }, expect) => {
      expect(exchange).toBeAnswered()
      for (const { name, value } of toMirror)
        if (value === undefined) expect(exchange).toHaveHeader(name)
        else expect(exchange).toHaveHeader(name, value)
    })
  },

  diagnose: {
    'fields-left-out': rule({
      when: ({ report, stream }) => withMissing(report) ?? withMissing(stream),
      say: ({ name, names }) =>
        `The answer to \`${name}\` lacks ${inWords(names)}, which GET had. What the content is ` +
        'like, without the content itself: that is what a client asks for with HEAD.',
    }),
    'etag-of-nothing': rule({
      when: ({ report }) => hasAnotherEtag(report) && report,
      say: ({ exchange, get }) =>
        `The answer to \`HEAD /report\` has the ETag ${field(exchange, 'ETag')}, but both answers ` +
        `to GET have ${field(get, 'ETag')}. A cache that compares them would throw a good copy ` +
        'away. The ETag is that of the content that GET sends.',
    }),
  },
})

const cheap = check('HEAD /stream does not wait for content that nobody receives', stream, {
  after: inStep,
  reread: 'head',

  verify: ({ exchange, next }, expect) => {
    expect(exchange).toBeAnsweredWithin(LIMIT)
    expect(next).toBeAnsweredWithin(LIMIT)
  },

  diagnose: {
    'generates-everything': rule({
      when: ({ exchange }) => secondsTaken(exchange) > LIMIT && exchange,
      say: (exchange) =>
        `The answer to \`HEAD /stream\` came after ${inTenths(secondsTaken(exchange))} s. ` +
        'HEAD sends no line, and its fields are known before the first one, so it can be ' +
        'answered at once.',
    }),
    'generates-afterwards': rule({
      when: ({ exchange, next }) =>
        secondsTaken(exchange) <= LIMIT && secondsTaken(next) > LIMIT && next,
      say: (next) =>
        'The answer to `HEAD /stream` left at once. But GET /report, the next request on that ' +
        `connection, was answered only after ${inTenths(secondsTaken(next))} s. It has to wait ` +
        'until your program has ended the answer before it.',
    }),
  },
})

export default {
  getReport,
  getStream,
  headKnown,
  headMissing,
  noContent,
  inStep,
  sameLength,
  sameFields,
  cheap,
}

const oneOrMore = matching('one or more', (bytes: number) => bytes > 0)

/** `Content-Type and ETag` */
function inWords(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}
