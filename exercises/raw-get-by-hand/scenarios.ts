import {
  bytesExhibit,
  readStrictly,
  scenario,
  type Call,
  type Exchange,
  type Exhibit,
  type StrictReading,
} from '#grader'

/** Twice in the first answer. */
const PAUSE_MS = 120
/** Twice in the second. */
const SHORT_PAUSE_MS = 20

export const NONE = 'none'

export const twoCalls = scenario('get() is called twice; the server answers in three pieces', {
  async setUp({ random, origin }) {
    const one = {
      target: `/${random.word()}/caf%C3%A9?q=${random.word()}&again=%2F`,
      pieces: pieces(random.word(), random.word()),
    }
    const two = { target: `/${random.word()}`, pieces: pieces(random.word(), random.word()) }
    const server = await origin('the server', ({ target }) => {
      const [first, second, third] =
        [one, two].find((each) => each.target === target)?.pieces ?? pieces('another', 'target')
      const pause = target === one.target ? PAUSE_MS : SHORT_PAUSE_MS
      return { bytes: [first, pause, second, pause, third], then: 'close' }
    })
    return { one, two, server }
  },
  async record({ call, wait }, { one, two, server }) {
    const first = await call('get', server.host, server.port, one.target)
    const second = await call('get', server.host, server.port, two.target)
    // A function may be done before what it sent has arrived.
    for (let tries = 0; tries < 40 && server.connections().length < 2; tries++) await wait(0.05)
    const [firstSent, secondSent] = server.connections().map(({ bytes }) => bytes)
    return {
      hostname: server.host,
      address: `${server.host}:${server.port}`,
      first: { ...one, call: first, sent: firstSent ?? new Uint8Array() },
      second: { ...two, call: second, sent: secondSent ?? new Uint8Array() },
      exchanges: server.exchanges(),
    }
  },
  facts: ({ hostname, address, exchanges, ...calls }) => {
    const first = asGet(calls.first, exchanges)
    const second = asGet(calls.second, exchanges)
    const wrong = [first, second].find(({ given, answer }) => given !== answer)
    return { hostname, address, first, second, wrong }
  },
})

/** Cut in the head and in the content. The é is one byte. */
function pieces(word: string, other: string): readonly [string, string, string] {
  const content = `${word} caf\u00e9 ${other}\n`
  return [
    'HTTP/1.1 200 OK\r\nContent-Ty',
    `pe: text/plain; charset=iso-8859-1\r\nConnection: close\r\nContent-Length: ${content.length}\r\n\r\n${word} c`,
    content.slice(word.length + 2),
  ]
}

interface Recorded {
  readonly call: Call
  readonly target: string
  /** What the server answered, piece by piece. */
  readonly pieces: readonly string[]
  /** What it was sent. */
  readonly sent: Uint8Array
}

/** One call of get(): what it sent, what it was answered, and what it gave. */
export interface Get extends Recorded {
  /** All that was sent, one character per byte. */
  readonly request: string
  /** Whichever way it ends: line ends have a check of their own. */
  readonly firstLine: string
  readonly reading: StrictReading
  /** The whole answer. */
  readonly answer: string
  /** What get() gave; empty where it gave no text. */
  readonly given: string
  /** Whether get() was done before the answer had come to its end. */
  readonly wasDoneEarly: boolean
}

function asGet(recorded: Recorded, exchanges: readonly Exchange[]): Get {
  const { call, target, pieces, sent } = recorded
  const exchange = exchanges.find(({ request }) => request.target === target)
  const request = Buffer.from(sent).toString('latin1')
  const [firstLine = ''] = request.split(/[\r\n]/, 1)
  const why = call.error === null ? '' : `: ${call.error}`
  return {
    ...recorded,
    request,
    firstLine: sent.length === 0 ? `nothing was sent${why}` : firstLine,
    reading: readStrictly(sent, { of: 'requests', closed: true }),
    answer: pieces.join(''),
    given: typeof call.value === 'string' ? call.value : '',
    wasDoneEarly: call.endedAt < (exchange?.response?.endedAt ?? Infinity),
  }
}

/** All values of a field, as a strict reader has them. */
export function fieldsOf({ reading }: Get, name: string): string {
  const fields = reading.messages[0]?.headers ?? []
  const named = fields.filter(([each]) => each.toLowerCase() === name.toLowerCase())
  return named.map(([, value]) => value).join(' and ') || NONE
}

export function whatYouSent({ sent }: Get, at?: number): Exhibit {
  return bytesExhibit('What you sent', sent, at)
}
