import {
  bytesExhibit,
  matching,
  parseJson,
  readStrictly,
  type Exhibit,
  type Expect,
  type RawRecord,
  type StrictReading,
} from '#grader'

/** A head as it is to be reported. */
export interface Head {
  readonly method: string
  readonly target: string
  readonly version: string
  readonly headers: readonly (readonly [name: string, value: string])[]
}

/** What a client sent, one character per byte, and what came back. */
export interface Asked {
  readonly sent: string
  readonly record: RawRecord
}

/** What came back, as it is to be judged. */
export interface Answer extends Asked {
  /** All of it, one character per byte. */
  readonly text: string
  readonly startLine: string
  readonly status: number | undefined
  readonly reading: StrictReading
  readonly ended: 'closed' | 'reset' | 'left open'
  /** The JSON that came back; without members when it isn't an object. */
  readonly report: { readonly [member in keyof Head]?: unknown }
  /** The pairs in its `headers`, whatever a program put there. */
  readonly fields: (readonly unknown[])[]
  /** The head of the answer did not come to its end. */
  readonly isUnfinished: boolean
  /** Nothing came, and the connection was left open. */
  readonly isSilent: boolean
  /** `400, then closed` */
  readonly inShort: string
}

/** The answer to a head that has to be reported. */
export interface Understood extends Answer {
  readonly head: Head
  /** Where it was cut. */
  readonly at?: number
}

/** The answer to a head that `what` describes, with the statuses of which it has to get one. */
export interface Case extends Answer {
  readonly what: string
  readonly right: readonly number[]
}

/** Reads what came back; what else is known of it stays. */
export function answered<Sent extends Asked>(asked: Sent): Sent & Answer {
  const { bytes, ended } = asked.record
  const text = Buffer.from(bytes).toString('latin1')
  const startLine = text.replace(/\r?\n[^]*/, '')
  const status = Number(/^HTTP\/1\.[01] (\d{3})\b/.exec(startLine)?.[1]) || undefined
  const reading = readStrictly(bytes, { of: 'responses', closed: ended !== null })
  const report = asObject(reading.messages[0]?.body)
  const isUnfinished = status !== undefined && !text.includes('\r\n\r\n')
  const came = `${status ?? (startLine || 'nothing')}${isUnfinished ? ' in an unfinished head' : ''}`
  return {
    ...asked,
    text,
    startLine,
    status,
    reading,
    report,
    fields: fieldsIn(report),
    isUnfinished,
    ended: ended ?? 'left open',
    isSilent: text === '' && ended === null,
    inShort: `${came}, then ${ended ?? 'left open'}`,
  }
}

/** Whether a whole answer with one of these statuses came, and the connection was closed then. */
export function isClosedAfter(
  { status = 0, isUnfinished, ended }: Answer,
  statuses: readonly number[],
): boolean {
  return statuses.includes(status) && !isUnfinished && ended !== 'left open'
}

export function isUnderstood({ head, report }: Understood): boolean {
  return JSON.stringify(report.headers) === JSON.stringify(head.headers)
}

function asObject(content: Uint8Array | undefined): Answer['report'] {
  const json = parseJson(Buffer.from(content ?? []).toString('utf8'))
  return typeof json === 'object' && json !== null ? json : {}
}

/** The pairs in `headers` of what a program reported; what isn't a pair as a name alone. */
export function fieldsIn(report: unknown): (readonly unknown[])[] {
  const isReport = typeof report === 'object' && report !== null && 'headers' in report
  const headers = isReport ? report.headers : undefined
  return Array.isArray(headers)
    ? headers.map((each: unknown) => (Array.isArray(each) ? each : [JSON.stringify(each)]))
    : []
}

/** That the answer is right, and reports the head that was sent. */
export function expectReport(expect: Expect, answer: Understood, title = 'What was sent'): void {
  const { head, startLine, status, reading, report, fields, inShort } = answer
  const sent = bytesExhibit(title, Buffer.from(answer.sent, 'latin1'), answer.at)
  const isOk = matching('HTTP/1.1 200 OK', () => status === 200)
  expect(startLine || inShort, 'the answer', sent).toBe(isOk)
  const { problem, messages } = reading
  const where = cameBack(answer, problem?.at)
  expect(problem?.say ?? 'nothing', 'what is wrong with the answer', where).toBe('nothing')
  const content = Buffer.from(messages[0]?.body ?? []).toString()
  const isReport = matching('a JSON object', () => Object.keys(report).length > 0)
  expect(content, 'the content of the answer', cameBack(answer)).toBe(isReport)
  for (const part of ['method', 'target', 'version'] as const)
    expect(report[part], part, sent).toBe(head[part])
  expect(report.headers, 'headers', sent).toBe(matching('a list', Array.isArray))
  expect(namesOf(fields), 'the names in headers', sent).toBe(namesOf(head.headers))
  for (const [index, [name, value]] of head.headers.entries())
    expect(fields[index]?.[1], `the value of ${name}`, sent).toBe(value)
  expect(messages.length, 'answers', cameBack(answer)).toBe(1)
}

/** That the answer has a right status, and that the connection was closed after it. */
export function expectClosed(expect: Expect, answer: Case, what: string): void {
  const { right, inShort } = answer
  const isRight = matching(`${right.join(' or ')}, then closed`, () => isClosedAfter(answer, right))
  expect(inShort, `the answer to ${what}`, wasSent(answer)).toBe(isRight)
}

/** The names of fields, in their order. */
export function namesOf(fields: readonly (readonly unknown[])[]): string {
  return fields.map(([name]) => name).join(', ')
}

export const BY_CLOSE = 'the close of the connection'

/** What says where the content of the answer ends. */
export function endOfContent({ reading }: Answer): string {
  const framing = reading.messages[0]?.framing ?? 'none'
  return { length: 'Content-Length', close: BY_CLOSE, chunked: 'chunks', none: 'nothing' }[framing]
}

/** The value of the answer's Connection field, in lower case. */
export function connectionField({ reading }: Answer): string {
  const fields = reading.messages[0]?.headers ?? []
  return fields.find(([name]) => /^connection$/i.test(name))?.[1].toLowerCase() ?? 'none'
}

/** The value that was reported for a field. */
export function valueOf({ fields }: Answer, name: string): unknown {
  return fields.find(([each]) => each === name)?.[1]
}

/** How many bytes of content Content-Length announced; NaN when there is none. */
export function announced({ text }: Answer): number {
  return Number(/\r\ncontent-length:\s*(\d+)/i.exec(text)?.[1])
}

/** How many bytes of content came. */
export function contentLength({ text }: Answer): number {
  return text.length - text.indexOf('\r\n\r\n') - 4
}

/** An answer to the part of a head that came first, in words. */
export function tooEarly({ head, status = 0, fields }: Understood): string | undefined {
  if (status >= 400) return `you answered ${status}`
  const read = fields.length === 0 ? 'none' : fields.length
  return status === 200 && fields.length < head.headers.length
    ? `you answered when ${read} of its ${head.headers.length} fields had been read`
    : undefined
}

/** Where the bytes of a long head are cut in an exhibit. */
const MOST_SHOWN = 400

export function wasSent({ sent }: Answer): Exhibit {
  const bytes = Buffer.from(sent, 'latin1')
  return bytes.length <= MOST_SHOWN
    ? bytesExhibit('What was sent', bytes)
    : bytesExhibit(`How it began, ${bytes.length} bytes in all`, bytes.subarray(0, MOST_SHOWN))
}

export function cameBack({ record }: Answer, at?: number): Exhibit {
  return bytesExhibit('What came back', record.bytes, at)
}

export function listed(names: readonly string[]): string {
  return new Intl.ListFormat('en').format(names)
}

/** Whether the method was reported, but in another case. */
export function hasOtherCase({ head: { method }, report }: Understood): boolean {
  return report.method !== method && String(report.method).toLowerCase() === method.toLowerCase()
}
