import {
  bytesExhibit,
  check,
  headers,
  matching,
  readStrictly,
  scenario,
  type Exhibit,
  rule,
} from '#grader'

/** Twice in the first answer. */
const PAUSE_MS = 120

const twoCalls = scenario('get() is called twice; the server answers in three pieces', {
  async setUp({ random, origin }) {
    const one = {
      target: `/${random.word()}/caf%C3%A9?q=${random.word()}&again=%2F`,
      pieces: pieces(random.word(), random.word()),
    }
    const two = { target: `/${random.word()}`, pieces: pieces(random.word(), random.word()) }
    const server = await origin('the server', ({ target }) => {
      const [first, second, third] =
        [one, two].find((each) => each.target === target)?.pieces ?? pieces('another', 'target')
      const pause = target === one.target ? PAUSE_MS : 20
      return { bytes: [first, pause, second, pause, third], then: 'close' }
    })
    return { one, two, server }
  },
  async record({ call, wait }, { one, two, server }) {
    const calls = [
      await call('get', server.host, server.port, one.target),
      await call('get', server.host, server.port, two.target),
    ] as const
    // A function may be done before what it sent has arrived.
    for (let waits = 0; waits < 10 && server.connections().length < calls.length; waits++)
      await wait(0.05)
    const [first, second] = server.connections()
    return {
      host: `${server.host}:${server.port}`,
      first: {
        call: calls[0],
        target: one.target,
        pieces: one.pieces,
        sent: first?.bytes ?? new Uint8Array(),
      },
      second: {
        call: calls[1],
        target: two.target,
        pieces: two.pieces,
        sent: second?.bytes ?? new Uint8Array(),
      },
    }
  },
})

const requestLine = check(
  'The first line is GET, the target and HTTP/1.1, with single spaces',
  twoCalls,
  {
    spec: 'RFC 9112 §3',
    reread: 'request-line',
    verify: ({ first, second }, expect) => {
      for (const { call, sent, target } of [first, second]) {
        if (sent.length === 0 && call.error !== null)
          expect(call).toGive(matching('a request on the wire', () => false))
        const right = `GET ${target} HTTP/1.1`
        expect(
          firstLine(sent),
          'the first line',
          whatYouSent(sent, firstDifference(sent, right)),
        ).toBe(right)
      }
    },
    diagnose: {
      'sends-whole-url': rule({
        when: ({ first, host }) => firstLine(first.sent).includes(`http://${host}`),
        say: (_, { first }) =>
          `The target was \`${firstLine(first.sent).split(' ')[1]}\`, a whole address. That form is for proxies; a server is sent the path and the query, and finds its name in Host.`,
      }),
      'encodes-target': rule({
        when: ({ first }) => firstLine(first.sent).includes('%25'),
        say: (_, { first }) =>
          `get was called with \`${first.target}\` and sent \`${firstLine(first.sent).split(' ')[1]}\`: its percent signs were encoded once more. A target travels as it is.`,
      }),
      'begins-with-line-end': rule({
        when: ({ first }) => /^\r?\n/.test(text(first.sent)),
        say: 'Your request began with a line end, so its first line was empty. Between backticks, a new line in your file is a line feed in the string, also the one right behind the first backtick.',
      }),
    },
  },
)

const crlf = check('Every line ends with CR LF, and an empty line ends the head', twoCalls, {
  after: requestLine,
  spec: 'RFC 9112 §2.1',
  reread: 'line-ends',
  verify: ({ first, second }, expect) => {
    for (const { sent } of [first, second]) {
      const { messages, problem } = read(sent)
      const wrong = messages.length === 0 ? problem : null
      expect(
        wrong?.say ?? 'nothing',
        'what a strict reader objects to',
        whatYouSent(sent, wrong?.at),
      ).toBe('nothing')
    }
  },
  diagnose: {
    'lines-end-in-lf': rule({
      when: ({ first }) => text(first.sent).includes('\n') && !text(first.sent).includes('\r'),
      say: (_, { first }) =>
        `You sent ${text(first.sent).split('\n').length - 1} line feeds and no carriage return. A line of a head ends in two bytes: CR, then LF.`,
    }),
    'mixes-line-ends': rule({
      when: ({ first }) =>
        /(^|[^\r])\n/.test(text(first.sent)) && text(first.sent).includes('\r\n'),
      say: (_, { first }) =>
        `You sent ${text(first.sent).match(/\n/g)!.length} line feeds, and ${text(first.sent).match(/(?<!\r)\n/g)!.length} of them without a carriage return. Between backticks, a new line in your file is a line feed in the string, beside those you wrote as \\n.`,
    }),
    'no-empty-line': rule({
      when: ({ first }) =>
        text(first.sent).endsWith('\r\n') && !text(first.sent).includes('\r\n\r\n'),
      say: 'Your last line ended, and no empty line followed. The server waited for more fields, then it gave up.',
    }),
  },
})

const host = check('There is one Host field, with the host and the port', twoCalls, {
  after: crlf,
  spec: 'RFC 9112 §3.2',
  reread: 'host',
  verify: ({ first, host }, expect) => {
    expect(field(first.sent, 'Host'), 'the Host fields', whatYouSent(first.sent)).toBe(host)
  },
  diagnose: {
    'no-host': rule({
      when: ({ first }) => field(first.sent, 'Host') === NONE,
      say: 'No Host came. One address serves many sites, and the target does not name the one you mean; the server answered 400.',
    }),
    'host-without-port': rule({
      when: ({ first, host }) => field(first.sent, 'Host') === host.split(':')[0],
      say: (_, { host }) =>
        `The server was ${host}, and Host named no port. Without one it means port 80.`,
    }),
  },
})

const close = check('You asked the server to close the connection', twoCalls, {
  after: crlf,
  spec: 'RFC 9112 §9.6',
  reread: 'line-ends',
  verify: ({ first }, expect) => {
    const asked = matching('close', (value: string) =>
      value
        .toLowerCase()
        .split(',')
        .some((option) => option.trim() === 'close'),
    )
    expect(field(first.sent, 'Connection'), 'the Connection field', whatYouSent(first.sent)).toBe(
      asked,
    )
  },
  diagnose: {
    'no-close': rule({
      when: ({ first }) => field(first.sent, 'Connection') === NONE,
      say: 'Nothing in your request asked for the close. This server closed anyway; most keep an HTTP/1.1 connection open, and get would have waited for an end that does not come.',
    }),
    'keeps-alive': rule({
      when: ({ first }) => field(first.sent, 'Connection') !== NONE,
      say: (_, { first }) =>
        `Connection said \`${field(first.sent, 'Connection')}\`. A server that takes it at its word leaves the connection open, and get would have waited for its end.`,
    }),
  },
})

const nothingExtra = check('Nothing follows the empty line', twoCalls, {
  after: crlf,
  spec: 'RFC 9112 §2.2',
  reread: 'line-ends',
  verify: ({ first, second }, expect) => {
    for (const { sent } of [first, second]) {
      const end = text(sent).indexOf('\r\n\r\n') + 4
      expect(
        sent.length - end,
        'bytes after the empty line',
        whatYouSent(sent, sent.length > end ? end : undefined),
      ).toBe(0)
    }
  },
  diagnose: {
    'trailing-newline': rule({
      when: ({ first }) => /\r\n\r\n[\r\n]+$/.test(text(first.sent)),
      say: 'A line end followed the empty line. On a connection that stays open it would stand before your next request.',
    }),
  },
})

const wholeAnswer = check('You returned the whole answer, although it came in pieces', twoCalls, {
  after: host,
  reread: 'pieces',
  verify: ({ first, second }, expect) => {
    for (const answered of [first, second]) {
      const sent = whole(answered)
      expect(answered.call).toGive(
        matching(`the ${sent.length} characters that the server sent`, (value) => value === sent),
      )
    }
  },
  diagnose: {
    'done-at-once': rule({
      when: ({ first }) => first.call.error === null && given(first) === '',
      say: (_, { first: { call, ...answered } }) => {
        const gave = `get gave ${call.value === '' ? 'an empty string' : `\`${String(call.value)}\``}`
        const waited = call.endedAt - call.startedAt >= 2 * PAUSE_MS
        return waited
          ? `${gave}, although the server sent ${whole(answered).length} characters.`
          : `${gave} before the answer had come. What an event brings later, only a promise can hand back.`
      },
    }),
    'never-done': rule({
      when: ({ first }) =>
        first.call.error?.includes('was not done') === true &&
        field(first.sent, 'Connection') !== NONE,
      say: 'The server sent its answer and closed, and get went on waiting. The socket says so with `end`, once all that came was read.',
    }),
    'first-piece': rule({
      when: ({ first }) =>
        given(first) !== '' &&
        given(first) !== whole(first) &&
        ends(first.pieces).includes(given(first).length) &&
        whole(first).startsWith(given(first)),
      say: (_, { first }) =>
        `You returned ${given(first).length} of ${whole(first).length} characters, and the answer came in pieces of ${first.pieces.map(({ length }) => length).join(', ')} bytes. How it is cut means nothing; it is over when the server closes.`,
    }),
    'trims-the-end': rule({
      when: ({ first }) => given(first) !== whole(first) && given(first) === whole(first).trimEnd(),
      say: (_, { first }) =>
        `You returned ${given(first).length} of ${whole(first).length} characters: what is missing is the line end behind the content. It was sent, so it belongs to what was sent; trim() takes it away.`,
    }),
    'decodes-utf8': rule({
      when: ({ first }) =>
        given(first) === Buffer.from(whole(first), 'latin1').toString('utf8') ||
        given(first).includes('\ufffd'),
      say: 'The answer holds the byte E9. In latin1 that is é, one byte and one character; you read it as UTF-8, where it is a mistake and becomes �.',
    }),
    'content-only': rule({
      when: ({ first }) =>
        given(first) !== '' && given(first) !== whole(first) && whole(first).endsWith(given(first)),
      say: (_, { first }) =>
        `You returned the last ${given(first).length} characters, the content. The ${whole(first).length - given(first).length} before them, the head, were asked for as well.`,
    }),
    'keeps-earlier-answer': rule({
      when: ({ first, second }) =>
        given(first) === whole(first) && given(second) === given(first) + whole(second),
      say: 'The second call gave the first answer, then its own. Each call has an answer of its own to collect.',
    }),
  },
})

export default { requestLine, crlf, host, close, nothingExtra, wholeAnswer }

const NONE = 'none'

/** Cut in the head and in the content. The é is one byte. */
function pieces(word: string, other: string): readonly [string, string, string] {
  const content = `${word} caf\u00e9 ${other}\n`
  return [
    'HTTP/1.1 200 OK\r\nContent-Ty',
    `pe: text/plain; charset=iso-8859-1\r\nConnection: close\r\nContent-Length: ${content.length}\r\n\r\n${word} c`,
    content.slice(word.length + 2),
  ]
}

function text(sent: Uint8Array): string {
  return Buffer.from(sent).toString('latin1')
}

/** However it ends: line ends have a check of their own. */
function firstLine(sent: Uint8Array): string {
  return sent.length === 0 ? 'nothing was sent' : text(sent).split(/[\r\n]/, 1)[0]!
}

function firstDifference(sent: Uint8Array, right: string): number | undefined {
  const at = [...right].findIndex((character, index) => text(sent)[index] !== character)
  return sent.length === 0 ? undefined : at === -1 ? right.length : at
}

function read(sent: Uint8Array) {
  return readStrictly(sent, { of: 'requests', closed: true })
}

/** All values of a field, as one reads them who reads strictly. */
function field(sent: Uint8Array, name: string): string {
  return headers(read(sent).messages[0]?.headers ?? [], name).join(' and ') || NONE
}

function given({ call }: { call: { value: unknown } }): string {
  return typeof call.value === 'string' ? call.value : ''
}

/** Where each piece ends. */
function ends(pieces: readonly string[]): number[] {
  return pieces.map((_, index) => pieces.slice(0, index + 1).join('').length)
}

function whole({ pieces }: { pieces: readonly string[] }): string {
  return pieces.join('')
}

function whatYouSent(sent: Uint8Array, at?: number): Exhibit {
  return bytesExhibit('What you sent', sent, at)
}
