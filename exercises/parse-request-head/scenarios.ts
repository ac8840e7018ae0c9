import { json, scenario, type RawConnection } from '#grader'
import {
  answered,
  fieldsIn,
  isClosedAfter,
  isUnderstood,
  namesOf,
  type Asked,
  type Head,
} from './answers.ts'

export const onePiece = scenario('A head comes in one piece, and another with unusual values', {
  async record({ connect, random }) {
    // A method is any token, and its case counts.
    const ordinary = drawHead(random, `${random.word().toUpperCase()}-${random.word()}`)
    const [host, one, two] = [random.word(), random.word(), random.word()]
    const referer = `http://127.0.0.1:1/${two}:x`
    const fields = [
      [`Host: ${host}.test`, `${host}.test`],
      [`Referer: ${referer}`, referer],
      [`X-Tabs:\t ${one}\t${two} \t`, `${one}\t${two}`],
      ['X-Empty:', ''],
      ['X-Blank: \t ', ''],
      [`X-Bytes: ${one}\x80\xe9\xff${two}`, `${one}\x80\xe9\xff${two}`],
      // In UTF-8 this is voilà, and its last byte is A0.
      ['X-Word: voil\xc3\xa0', 'voil\xc3\xa0'],
      [`X-Twice: ${one}`, one],
      [`X-Twice: ${two}`, two],
    ] as const
    const unusual: Head = {
      method: 'GET',
      target: `/${one}?a=b:c`,
      version: 'HTTP/1.1',
      headers: fields.map(([line, value]) => [line.replace(/:.*/, '').toLowerCase(), value]),
    }
    const unusualLines = [`GET /${one}?a=b:c HTTP/1.1`, ...fields.map(([line]) => line)]
    const old: Head = {
      method: 'GET',
      target: `/${two}`,
      version: 'HTTP/1.0',
      headers: [['x-note', one]],
    }
    return {
      referer,
      old: { head: old, ...(await ask(await connect(), [written(old)])) },
      ordinary: { head: ordinary, ...(await ask(await connect(), [written(ordinary)])) },
      unusual: { head: unusual, ...(await ask(await connect(), [inLines(unusualLines)])) },
    }
  },
  facts: ({ referer, old, ordinary, unusual }) => ({
    referer,
    old: answered(old),
    ordinary: answered(ordinary),
    unusual: answered(unusual),
  }),
})

export const cuts = scenario('The same head comes byte by byte, then cut around its end', {
  async record({ connect, random, wait }) {
    const head = drawHead(random, 'GET')
    const sent = written(head)
    const slowly = await connect()
    await slowly.writeInPieces(sent.slice(0, -4), { size: 1, everyMs: 1 })
    // However busy the machine is, these four arrive one by one.
    await slowly.writeInPieces(sent.slice(-4), { size: 1, everyMs: 60 })
    const byteByByte = { head, sent, record: await slowly.receive() }
    const cut: (Asked & { head: Head; at: number })[] = []
    for (let before = 1; before <= 8; before++) {
      // One that was not answered is enough, and each takes its time.
      if ([byteByByte, ...cut].some(isUnanswered)) break
      const at = sent.length - before
      const pieces = [sent.slice(0, at), sent.slice(at)]
      cut.push({ head, at, ...(await ask(await connect(), pieces, () => wait(0.03))) })
    }
    return { byteByByte, cut }
  },
  facts: ({ byteByByte, cut }) => ({
    byteByByte: answered(byteByByte),
    cut: cut.map((each) => answered(each)),
  }),
})

export const inTurns = scenario('Two clients send a piece each in turns', {
  async record({ connect, random, wait }) {
    const clients = []
    for (const head of [drawHead(random, 'GET'), drawHead(random, 'GET')])
      clients.push({ head, sent: written(head), connection: await connect() })
    const longest = Math.max(...clients.map(({ sent }) => sent.length))
    for (let from = 0; from < longest; from += 9) {
      for (const { sent, connection } of clients) {
        const piece = sent.slice(from, from + 9)
        if (piece !== '') await connection.write(piece)
        await wait(0.002)
      }
    }
    return Promise.all(
      clients.map(async ({ connection, ...asked }) => ({
        ...asked,
        record: await connection.receive(),
      })),
    )
  },
  facts: (clients) => {
    const answers = clients.map((client) => answered(client))
    return { answers, misread: answers.find((each) => !isUnderstood(each)) }
  },
})

export const oddHeads = scenario('Heads come that no parser should take', {
  async record({ connect, random }) {
    const word = random.word()
    const first = `GET /${word} HTTP/1.1`
    const host = `Host: ${word}.test`
    const cases: readonly (readonly [what: string, ...lines: string[]])[] = [
      ['a space before the colon', first, host, `X-Note : ${word}`],
      ['a line without a colon', first, host, word],
      ['a field without a name', first, host, `: ${word}`],
      ['a space in a name', first, host, `X Note: ${word}`],
      ['a parenthesis in a name', first, host, `X(Note: ${word}`],
      ['a line that begins with a space', first, host, 'X-Note: one', ` ${word}`],
      ['a line that begins with a tab', first, host, 'X-Note: one', `\tX-More: ${word}`],
      ['a carriage return in a value', first, host, `X-Note: one\r${word}`],
      ['a zero byte in a value', first, host, `X-Note: one\0${word}`],
      ['an escape character in a value', first, host, `X-Note: one\x1b${word}`],
      ['a parenthesis in the method', `GE(T /${word} HTTP/1.1`, host],
      ['two spaces in the first line', `GET  /${word} HTTP/1.1`, host],
      ['a space in the target', `GET /${word} ${word} HTTP/1.1`, host],
      ['a tab in the first line', `GET\t/${word} HTTP/1.1`, host],
      ['a space after the version', `GET /${word} HTTP/1.1 `, host],
      ['no version', `GET /${word}`, host],
      ['another protocol', `GET /${word} HTTQ/1.1`, host],
      ['version 2.0', `GET /${word} HTTP/2.0`, host],
      ['version 1.10', `GET /${word} HTTP/1.10`, host],
      ['a version in lower case', `GET /${word} http/1.1`, host],
      ['a line feed alone', first, `${host}\nX-Note: ${word}`],
      ['no Host', first, `X-Note: ${word}`],
      ['two Hosts', first, host, `Host: other.test`],
      [LATER_VERSION, `GET /${word} HTTP/1.2`, host],
      [EMPTY_LINE, '', first, host],
    ]
    const asked: (Asked & { what: string })[] = []
    for (const [what, ...lines] of cases) {
      if (asked.some(isUnanswered)) break
      asked.push({ what, ...(await ask(await connect(), [inLines(lines)])) })
    }
    return asked
  },
  facts: (asked) => {
    const answers = asked.map(({ what, ...each }) => {
      const right = TOLERABLE.includes(what) ? [200, 400] : [400]
      return { what, right, ...answered(each) }
    })
    const accepted = answers.filter(({ right, status }) => status === 200 && !right.includes(200))
    return {
      answers,
      unfinished: answers.find(({ isUnfinished }) => isUnfinished),
      accepted: accepted.map(({ what }) => what),
    }
  },
})

const LATER_VERSION = 'version 1.2'
const EMPTY_LINE = 'an empty line before the first'
/** RFC 9110 §2.5 and RFC 9112 §2.2 let a server take these, but don't demand it. */
const TOLERABLE = [LATER_VERSION, EMPTY_LINE]

export function isOfFirstLine(what: string): boolean {
  return /first line|in the target|after the version/.test(what)
}

export const lengths = scenario('Long heads come, one of them without an end', {
  async record({ connect, random, wait }) {
    const long = (length: number) => {
      const start = `GET / HTTP/1.1\r\nHost: ${random.word()}.test\r\nX-Long: `
      return start + 'x'.repeat(length - start.length - 4)
    }
    const small = `POST / HTTP/1.1\r\nHost: ${random.word()}.test\r\nContent-Length: 9000\r\n\r\n`
    // No piece of it is too long by itself.
    const piecemeal = long(9004)
    const cases = [
      { what: 'a head of 8192 bytes', right: [200], pieces: [`${long(8192)}\r\n\r\n`] },
      { what: LONG.withContent, right: [200], pieces: [small + 'x'.repeat(9000)] },
      { what: LONG.inOnePiece, right: [431], pieces: [`${long(9000)}\r\n\r\n`] },
      { what: LONG.oneByteMore, right: [431], pieces: [`${long(8193)}\r\n\r\n`] },
      { what: LONG.endless, right: [431], pieces: piecemeal.match(/[^]{3000}/g) ?? [] },
    ]
    const asked: (Asked & { what: string; right: readonly number[] })[] = []
    for (const { pieces, ...each } of cases) {
      if (asked.some(isUnanswered)) break
      asked.push({ ...each, ...(await ask(await connect(), pieces, () => wait(0.03))) })
    }
    return asked
  },
  facts: (asked) => {
    const answers = asked.map((each) => answered(each))
    return {
      answers,
      wrong: answers.find((each) => !isClosedAfter(each, each.right)),
      endless: answers.find(({ what }) => what === LONG.endless),
    }
  },
})

export const LONG = {
  withContent: 'a small head with 9000 bytes of content',
  inOnePiece: 'a head of 9000 bytes',
  oneByteMore: 'a head of 8193 bytes',
  endless: '9000 bytes without an empty line',
}

export const visit = scenario('Chromium opens /', {
  async record({ newPage }) {
    const page = await newPage()
    const { document, error } = await page.open('/')
    return { document, error }
  },
  facts: ({ document, error }) => ({
    document,
    error,
    sentNames: namesOf(document?.request.headers ?? []).toLowerCase(),
    reportedNames: namesOf(fieldsIn(json(document))),
  }),
})

/** Twelve fields, short enough to be sent byte by byte. */
function drawHead(
  random: { word(): string; integer(low: number, high: number): number },
  method: string,
): Head {
  const fields = Array.from(
    { length: 11 },
    () => [`x-${random.word()}`, `${random.word()} ${random.integer(1, 99)}`] as const,
  )
  return {
    method,
    target: `/${random.word()}?${random.word()}=1`,
    version: 'HTTP/1.1',
    headers: [...fields.slice(0, 3), ['host', `${random.word()}.test`], ...fields.slice(3)],
  }
}

/** A head as a client may write it: the names of fields have no case. */
function written({ method, target, version, headers }: Head): string {
  const spelt = headers.map(([name, value], index) =>
    index % 2 === 0 ? `${name}: ${value}` : `${name.toUpperCase()}: ${value}`,
  )
  return inLines([`${method} ${target} ${version}`, ...spelt])
}

function inLines(lines: readonly string[]): string {
  return [...lines, '', ''].join('\r\n')
}

async function ask(
  connection: RawConnection,
  pieces: readonly string[],
  between: () => Promise<void> = async () => {},
): Promise<Asked> {
  for (const [index, piece] of pieces.entries()) {
    if (index > 0) await between()
    await connection.write(piece)
  }
  return { sent: pieces.join(''), record: await connection.receive() }
}

function isUnanswered({ record }: Asked): boolean {
  return record.ended === null
}
