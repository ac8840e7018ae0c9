import { readStrictly, scenario, type RawConnection, type RawRecord } from '#grader'

/** What a client sent and what came back. */
export interface Asked {
  /** One character per byte. */
  readonly sent: string
  readonly record: RawRecord
}

/** A head as it is to be reported. */
export interface Head {
  readonly method: string
  readonly target: string
  readonly version: string
  readonly headers: readonly (readonly [name: string, value: string])[]
}

export const onePiece = scenario('A head comes in one piece, and another with unusual values', {
  async record({ connect, random }) {
    // A method is any token, and its case counts.
    const ordinary = drawHead(random, `${random.word().toUpperCase()}-${random.word()}`)
    const [host, one, two] = [random.word(), random.word(), random.word()]
    const lines = [
      `GET /${one}?a=b:c HTTP/1.1`,
      `Host: ${host}.test`,
      `Referer: http://127.0.0.1:1/${two}:x`,
      `X-Tabs:\t ${one}\t${two} \t`,
      'X-Empty:',
      'X-Blank: \t ',
      `X-Bytes: ${one}\x80\xe9\xff${two}`,
      // In UTF-8 this is voilà, and its last byte is A0.
      `X-Word: voil\xc3\xa0`,
      `X-Twice: ${one}`,
      `X-Twice: ${two}`,
    ]
    const unusual: Head = {
      method: 'GET',
      target: `/${one}?a=b:c`,
      version: 'HTTP/1.1',
      headers: [
        ['host', `${host}.test`],
        ['referer', `http://127.0.0.1:1/${two}:x`],
        ['x-tabs', `${one}\t${two}`],
        ['x-empty', ''],
        ['x-blank', ''],
        ['x-bytes', `${one}\x80\xe9\xff${two}`],
        ['x-word', 'voil\xc3\xa0'],
        ['x-twice', one],
        ['x-twice', two],
      ],
    }
    const old: Head = {
      method: 'GET',
      target: `/${two}`,
      version: 'HTTP/1.0',
      headers: [['x-note', one]],
    }
    return {
      old: { head: old, ...(await ask(await connect(), [written(old)])) },
      ordinary: { head: ordinary, ...(await ask(await connect(), [written(ordinary)])) },
      unusual: {
        head: unusual,
        ...(await ask(await connect(), [`${lines.join('\r\n')}\r\n\r\n`])),
      },
    }
  },
})

export const cuts = scenario('The same head comes byte by byte, then cut around its end', {
  async record({ connect, random, wait }) {
    const head = drawHead(random, 'GET')
    const sent = written(head)
    const slowly = await connect()
    await slowly.writeInPieces(sent.slice(0, -4), { size: 1, everyMs: 1 })
    // However busy the machine is, these four arrive one by one.
    await slowly.writeInPieces(sent.slice(-4), { size: 1, everyMs: 60 })
    const byteByByte: Asked = { sent, record: await slowly.receive() }
    const cut: (Asked & { at: number })[] = []
    for (let before = 1; before <= 8; before++) {
      // One that was not answered is enough, and each takes its time.
      if (cut.some(isUnanswered) || isUnanswered(byteByByte)) break
      const at = sent.length - before
      cut.push({
        at,
        ...(await ask(await connect(), [sent.slice(0, at), sent.slice(at)], () => wait(0.03))),
      })
    }
    return { head, byteByByte, cut }
  },
})

export const inTurns = scenario('Two clients send a piece each in turns', {
  async record({ connect, random, wait }) {
    const heads = [drawHead(random, 'GET'), drawHead(random, 'GET')] as const
    const connections = [await connect(), await connect()] as const
    const texts = heads.map(written)
    for (let from = 0; from < Math.max(...texts.map(({ length }) => length)); from += 9) {
      for (const [index, connection] of connections.entries()) {
        const piece = texts[index]!.slice(from, from + 9)
        if (piece !== '') await connection.write(piece)
        await wait(0.002)
      }
    }
    const [first, second] = await Promise.all(connections.map((connection) => connection.receive()))
    return {
      first: { head: heads[0], sent: texts[0]!, record: first! },
      second: { head: heads[1], sent: texts[1]!, record: second! },
    }
  },
})

export const malformed = scenario('Heads come that no parser should take', {
  async record({ connect, random }) {
    const word = random.word()
    const host = `Host: ${word}.test`
    const cases: readonly (readonly [what: string, ...lines: string[]])[] = [
      ['a space before the colon', `GET /${word} HTTP/1.1`, host, `X-Note : ${word}`],
      ['a line without a colon', `GET /${word} HTTP/1.1`, host, word],
      ['a field without a name', `GET /${word} HTTP/1.1`, host, `: ${word}`],
      ['a space in a name', `GET /${word} HTTP/1.1`, host, `X Note: ${word}`],
      ['a name that is no token', `GET /${word} HTTP/1.1`, host, `X(Note: ${word}`],
      ['a line that begins with a space', `GET /${word} HTTP/1.1`, host, 'X-Note: one', ` ${word}`],
      [
        'a line that begins with a tab',
        `GET /${word} HTTP/1.1`,
        host,
        'X-Note: one',
        `\tX-More: ${word}`,
      ],
      ['a carriage return in a value', `GET /${word} HTTP/1.1`, host, `X-Note: one\r${word}`],
      ['a zero byte in a value', `GET /${word} HTTP/1.1`, host, `X-Note: one\0${word}`],
      ['an escape character in a value', `GET /${word} HTTP/1.1`, host, `X-Note: one\x1b${word}`],
      ['a method that is no token', `GE(T /${word} HTTP/1.1`, host],
      ['two spaces in the first line', `GET  /${word} HTTP/1.1`, host],
      ['a space in the target', `GET /${word} ${word} HTTP/1.1`, host],
      ['a tab in the first line', `GET\t/${word} HTTP/1.1`, host],
      ['a space behind the version', `GET /${word} HTTP/1.1 `, host],
      ['no version', `GET /${word}`, host],
      ['another protocol', `GET /${word} HTTQ/1.1`, host],
      ['another version', `GET /${word} HTTP/2.0`, host],
      ['version 1.2', `GET /${word} HTTP/1.2`, host],
      ['a version that goes on', `GET /${word} HTTP/1.10`, host],
      ['a version in lower case', `GET /${word} http/1.1`, host],
      ['a line feed alone', `GET /${word} HTTP/1.1`, `${host}\nX-Note: ${word}`],
      ['no Host', `GET /${word} HTTP/1.1`, `X-Note: ${word}`],
      ['two Hosts', `GET /${word} HTTP/1.1`, host, `Host: other.test`],
    ]
    const answers: (Asked & { what: string })[] = []
    for (const [what, ...lines] of cases) {
      if (!answers.some(isUnanswered))
        answers.push({ what, ...(await ask(await connect(), [`${lines.join('\r\n')}\r\n\r\n`])) })
    }
    return { answers }
  },
})

export const lengths = scenario('Long heads come, one of them without an end', {
  async record({ connect, random, wait }) {
    const long = (length: number) => {
      const start = `GET / HTTP/1.1\r\nHost: ${random.word()}.test\r\nX-Long: `
      return start + 'x'.repeat(length - start.length - 4)
    }
    const small = `POST / HTTP/1.1\r\nHost: ${random.word()}.test\r\nContent-Length: 9000\r\n\r\n`
    const allowed = await ask(await connect(), [`${long(8192)}\r\n\r\n`])
    const withContent = isUnanswered(allowed)
      ? allowed
      : await ask(await connect(), [small + 'x'.repeat(9000)])
    const oneMore = isUnanswered(withContent)
      ? withContent
      : await ask(await connect(), [`${long(8193)}\r\n\r\n`])
    const tooLong = isUnanswered(oneMore)
      ? oneMore
      : await ask(await connect(), [`${long(9000)}\r\n\r\n`])
    // No piece of it is too long by itself.
    const piecemeal = long(9004)
    const endless = isUnanswered(tooLong)
      ? tooLong
      : await ask(
          await connect(),
          [0, 3000, 6000].map((from) => piecemeal.slice(from, from + 3000)),
          () => wait(0.03),
        )
    return { allowed, withContent, oneMore, tooLong, endless }
  },
})

export const visit = scenario('Chromium opens /', {
  async record({ newPage }) {
    const page = await newPage()
    const { document, error } = await page.open('/')
    return { document, error }
  },
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

/** The names of fields as a client may spell them. */
function written({ method, target, version, headers }: Head): string {
  return [
    `${method} ${target} ${version}`,
    ...headers.map(
      ([name, value], index) => `${index % 2 === 0 ? name : name.toUpperCase()}: ${value}`,
    ),
    '',
    '',
  ].join('\r\n')
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

export function text({ bytes }: RawRecord): string {
  return Buffer.from(bytes).toString('latin1')
}

export function answersIn({ record }: Asked) {
  return readStrictly(record.bytes, { of: 'responses', closed: record.ended !== null })
}

export function statusOf({ record }: Asked): number | undefined {
  return Number(/^HTTP\/1\.[01] (\d{3})\b/.exec(text(record))?.[1]) || undefined
}

export function reported(asked: Asked): Partial<Head> | undefined {
  const [message] = answersIn(asked).messages
  if (message === undefined) return undefined
  try {
    const json: unknown = JSON.parse(Buffer.from(message.body).toString('utf8'))
    return typeof json === 'object' && json !== null ? json : undefined
  } catch {
    return undefined
  }
}

/** The pairs in `headers`, whatever a program put there. */
export function fieldsOf(json: unknown): (readonly unknown[])[] {
  const headers =
    typeof json === 'object' && json !== null && 'headers' in json ? json.headers : undefined
  return Array.isArray(headers)
    ? headers.map((field: unknown) => (Array.isArray(field) ? field : [JSON.stringify(field)]))
    : []
}

export const MOST_SHOWN = 400
export const LEFT_OPEN = 'left open'

export function hasNoEnd(asked: Asked): boolean {
  return statusOf(asked) !== undefined && !text(asked.record).includes('\r\n\r\n')
}

/** `400, then closed` */
export function inShort(asked: Asked): string {
  return `${statusOf(asked) ?? (text(asked.record).split(/\r?\n/, 1)[0] || 'nothing')}${hasNoEnd(asked) ? ' in an unfinished head' : ''}, then ${asked.record.ended ?? LEFT_OPEN}`
}

export function valueOf(asked: Asked, name: string): unknown {
  return fieldsOf(reported(asked)).find(([each]) => each === name)?.[1]
}

export function announced({ record }: Asked): number {
  return Number(/\r\ncontent-length:\s*(\d+)/i.exec(text(record))?.[1])
}

export function contentLength({ record }: Asked): number {
  return record.bytes.length - text(record).indexOf('\r\n\r\n') - 4
}

/** An answer to the part of a head that came first, in words. */
export function tooEarly(asked: Asked, { headers }: Head): string | null {
  const status = statusOf(asked) ?? 0
  if (status >= 400) return `the answer was ${status}`
  const fields = fieldsOf(reported(asked)).length
  return status === 200 && fields < headers.length
    ? `you answered when ${fields === 0 ? 'none' : fields} of its ${headers.length} fields had been read`
    : null
}

export function accepted(answers: readonly (Asked & { what: string })[]): string[] {
  return answers.filter((asked) => statusOf(asked) === 200).map(({ what }) => what)
}
