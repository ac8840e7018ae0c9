import type { Finding } from '../../types/index.ts'
import { table } from '../exhibits/exhibits.ts'
import { beginning } from './beginning.ts'
import { ClaimFailed, createRecorder, type Recorder } from './recorder.ts'

/** What a row is about: an object with a name, or the name alone. */
export type Row = string | { readonly name: string }

/**
 * Makes the same claims about every row, also after one has failed, and puts a table beside the
 * check: the rows that failed, then those that held.
 * @throws ClaimFailed for the first row that fails. @throws TypeError for rows that could not fail.
 */
export function claimEach<Item extends Row, Expect>(
  rows: readonly Item[],
  claim: (row: Item, expect: Expect) => void,
  recorder: Recorder,
  createExpect: (recorder: Recorder) => Expect,
): void {
  if (rows.length === 0) throw new TypeError('expect.each() was given no rows, so it cannot fail.')
  const judged = rows.map((row, index) => judgeRow(nameOf(row, index), row, claim, createExpect))
  const failed = judged.filter(({ failure }) => failure !== undefined)
  const held = judged.filter(({ failure }) => failure === undefined)
  recorder.exhibits.push(
    table(
      `${held.length} of ${rows.length} held`,
      ['', 'case', 'expected', 'received'],
      [...failed, ...held].map(({ name, failure, findings }) => {
        const shown = failure ?? findings.at(-1)!
        return [failure ? '✗' : '✓', name, inTable(shown.expected), inTable(shown.received)]
      }),
    ),
  )
  recorder.findings.push(...judged.flatMap(({ name, findings }) => findings.map(named(name))))
  const failures = failed.map(({ name, failure, exhibits, failedOn }) => ({
    finding: named(name)(failure!),
    failedOn,
    exhibits,
  }))
  const [first, ...others] = failures
  if (first === undefined) return
  recorder.findings.push(first.finding)
  recorder.exhibits.unshift(...first.exhibits)
  recorder.failedOn = first.failedOn
  recorder.alternatives.push(...others)
  throw new ClaimFailed(first.finding.claim)
}

interface JudgedRow extends Pick<Recorder, 'exhibits' | 'failedOn'> {
  readonly name: string
  /** What held. */
  readonly findings: readonly Finding[]
  readonly failure: Finding | undefined
}

function judgeRow<Item extends Row, Expect>(
  name: string,
  row: Item,
  claim: (row: Item, expect: Expect) => void,
  createExpect: (recorder: Recorder) => Expect,
): JudgedRow {
  const recorder = createRecorder()
  try {
    const returned: unknown = claim(row, createExpect(recorder))
    if (returned instanceof Promise) {
      returned.catch(() => {})
      throw new TypeError(
        `expect.each(): the claims about ${JSON.stringify(name)} are asynchronous.`,
      )
    }
  } catch (error) {
    if (!(error instanceof ClaimFailed)) throw error
  }
  const { findings, exhibits, failedOn } = recorder
  if (findings.length === 0)
    throw new TypeError(
      `expect.each() made no claim about ${JSON.stringify(name)}, so that row cannot fail.`,
    )
  return {
    name,
    findings: findings.filter(({ holds }) => holds),
    failure: findings.find(({ holds }) => !holds),
    exhibits,
    failedOn,
  }
}

function nameOf(row: Row, index: number): string {
  const name: unknown = typeof row === 'string' ? row : row?.name
  if (typeof name === 'string' && name !== '') return name
  throw new TypeError(
    `expect.each() calls a row by its name, and row ${index + 1} has none: { name: 'GET /a', … }.`,
  )
}

function named(name: string): (finding: Finding) => Finding {
  return (finding) => ({
    ...finding,
    claim: `${name}: ${finding.claim}`,
    expected: `${name}: ${finding.expected}`,
  })
}

const LONGEST = 60

function inTable(text: string): string {
  const line = text.replaceAll('\n', ' ⏎ ')
  return line.length > LONGEST ? `${beginning(line, LONGEST - 1)}…` : line
}
