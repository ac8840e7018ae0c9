import { bytesExhibit, field, matching, table, type Exchange, type Exhibit } from '#grader'
import { hasNoEnd, isRejection, wasMade, type Row } from './server.ts'
import { shortOf, type AnswerStep, type Case, type Short } from './steps.ts'

/** How many requests of a call are shown. */
const MOST_SHOWN = 8
/** How much of what a program says is shown. */
const LONGEST = 120

/** All requests of a call, with what came of each. */
export function seen({ asked, call }: Row): Exhibit {
  const rows = asked.map((exchange, index) => [
    `${index + 1}`,
    `${exchange.request.method} ${exchange.request.target}`,
    answerOf(exchange),
  ])
  const shown = rows.length > MOST_SHOWN ? [...rows.slice(0, MOST_SHOWN), ['…', '…', '…']] : rows
  if (!wasMade(call)) shown.push(['', 'not called', 'a call before it had no end'])
  else if (hasNoEnd(call)) shown.push(['', 'then sendWithRetry', 'gave nothing and did not reject'])
  else if (call.error !== null && isRejection(call.error))
    shown.push(['', 'then sendWithRetry rejected', beginning(call.error)])
  const title = `What the server saw: ${counted(asked.length, 'request')}`
  return table(title, ['', 'request', 'answer'], shown)
}

function answerOf(exchange: Exchange): string {
  const { response } = exchange
  if (!response) return 'none, the connection was lost'
  if (!response.complete)
    return `${response.status}, ${exchange.cut === null ? 'not read to the end' : 'broken off in the content'}`
  const hint = field(exchange, 'Retry-After')
  return hint === undefined ? String(response.status) : `${response.status}, Retry-After: ${hint}`
}

/** One request, byte by byte. */
export function sent({ request }: Exchange): Exhibit {
  return bytesExhibit('What your program sent', Buffer.concat([request.head, request.body]))
}

export function contentOf({ request }: Exchange): string {
  return Buffer.from(request.body).toString('latin1')
}

export const NOT_SENT = 'not sent'

/** The outcome of the request with which a call has to end. */
export function rightEnd({ steps, times }: Case): Case['steps'][number] {
  return steps[times - 1] ?? steps.at(-1)!
}

/** Whether the last try was to have no answer. */
export function endsLost(row: Case): boolean {
  return rightEnd(row).kind !== 'answer'
}

/** What came of a call, in one line: `status 200, body "gilaki toveza\\n"`, or its error. */
export function resultOf({ call: { value, error } }: Row): string {
  if (error !== null) return isRejection(error) ? `rejected: ${beginning(error)}` : error
  if (!isObject(value)) return `${beginning(quoted(value))}, and no object`
  const { status, body } = value
  return `status ${quoted(status)}, body ${beginning(quoted(body))}`
}

/** The same for the outcome that is right. */
export function rightResult(row: Case): string {
  const { status, content } = rightEnd(row) as AnswerStep
  return `status ${status}, body ${JSON.stringify(content)}`
}

export function isResultRight(row: Row): boolean {
  return endsLost(row) ? hasRejected(row) : resultOf(row) === rightResult(row)
}

/** For toThrow: neither a call that was given up nor a program that ended. */
export const anError = matching('whatever it says', isRejection)

export function hasRejected({ call }: Row): boolean {
  return call.error !== null && isRejection(call.error)
}

export function statusGiven({ call: { value } }: Row): unknown {
  return isObject(value) ? value['status'] : undefined
}

export function bodyGiven({ call: { value } }: Row): unknown {
  return isObject(value) ? value['body'] : undefined
}

/** Rows that are wrong, if all of them are of a kind, and all of that kind are wrong. */
export function onlyOf(
  rows: readonly Row[],
  isWrong: (row: Row) => boolean,
  isMeant: (row: Row) => boolean,
): Row[] | undefined {
  const meant = rows.filter(isMeant)
  const isExact = meant.length > 0 && rows.every((row) => isWrong(row) === isMeant(row))
  return isExact ? meant : undefined
}

/**
 * What is common to all rows that are wrong, and to no other row. Nothing is where all are wrong, or one
 * wasn't sent at all or too often.
 */
export function commonOf<Trait extends string | number>(
  rows: readonly Row[],
  isWrong: (row: Row) => boolean,
  traits: (row: Row) => readonly Trait[],
): Trait[] | undefined {
  const wrong = rows.filter(isWrong)
  const fine = new Set(rows.filter((row) => !isWrong(row)).flatMap(traits))
  const common = [...new Set(wrong.flatMap(traits))].filter((trait) => !fine.has(trait))
  const isEach = wrong.every((row) => traits(row).some((trait) => common.includes(trait)))
  const areSent = rows.every(({ asked, times }) => asked.length > 0 && asked.length <= times)
  return wrong.length > 0 && fine.size > 0 && isEach && areSent ? common : undefined
}

/** A call without an end keeps those after it from being made. */
export function calledOf(rows: readonly Row[]): readonly Row[] {
  const called = rows.filter(({ call }) => wasMade(call))
  return called.length > 0 ? called : rows
}

/** The failures of a row, until its call has to end. */
export function failuresOf({ steps, times }: Case): Short[] {
  return steps.slice(0, times - 1).map(shortOf)
}

/** Whether the connection was lost, and no status came. */
export function isLoss(outcome: unknown): boolean {
  return typeof outcome !== 'number'
}

/** `0.20 s`; nothing takes no time at all, so 0.01 s is the least. */
export function inSeconds(seconds: number): string {
  return `${Math.max(0.01, seconds).toFixed(2)} s`
}

export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

export function listed(items: readonly unknown[]): string {
  const texts = items.map(String)
  return texts.length < 2 ? texts.join('') : `${texts.slice(0, -1).join(', ')} and ${texts.at(-1)}`
}

function quoted(value: unknown): string {
  return JSON.stringify(value) ?? 'undefined'
}

function beginning(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
