import { styleText } from 'node:util'
import type { CheckResult, GradeEvent, Report } from '../../types/index.ts'
import { isToldBefore, SAME_CRASH } from '../same-crash.ts'
import { columnsOf } from './columns.ts'
import { exhibitLines } from './exhibit-text.ts'
import { cut, labelled, leftRight } from './layout.ts'
import { createLiveBlock } from './live-block.ts'
import { printable } from './printable.ts'

export interface TextReportOptions {
  readonly write: (text: string) => void
  readonly columns: number
  readonly colors: boolean
  /** The terminal can move its cursor: what is under way is drawn in place. */
  readonly live: boolean
  /** The terminal as it is at this moment, for what is drawn in place. */
  readonly size?: () => { readonly columns: number; readonly rows: number }
  /** Every finding and exhibit of every check. */
  readonly verbose: boolean
  /** Where the course is read: `http://localhost:4321`. */
  readonly address: string
  /** Makes a text lead to an address, in a terminal that shows such links. */
  readonly link?: (text: string, address: string) => string
  /** False where the page of the run is not there yet: whoever keeps it says where. */
  readonly linksRun?: boolean
}

export interface TextReport {
  /** Draws one event. */
  (event: GradeEvent): void
  /** Writes a line that is no part of the grading, above what is being drawn in place. */
  say(line: string): void
  /** Ends what is drawn in place, when no further event will come. */
  stop(): void
}

/** Where the page of a run is that was kept. */
export function wholeRun(address: string, { run }: Pick<Report, 'run'>): string {
  return `The whole run: ${address}/runs/${run}`
}

/**
 * Gives the renderer of a grading for a terminal: call it with every event. Checks appear in their
 * own order, the first failure in full.
 */
export function createTextReport(options: TextReportOptions): TextReport {
  const { write, columns, verbose } = options
  const style = (format: Parameters<typeof styleText>[0], text: string) =>
    options.colors ? styleText(format, text, { validateStream: false }) : text
  const live = createLiveBlock(options)
  const results = new Map<string, CheckResult>()
  let order: string[] = []
  let printed = 0
  let detailed = false
  let blank = false
  let shownFailure: string | undefined
  let linesAfterFailure = 0

  const print = (line: string) => {
    live.clear()
    write(`${line}\n`)
    linesAfterFailure++
    blank = line === ''
  }
  const gap = () => {
    if (!blank) print('')
  }
  const printCheck = (result: CheckResult) => {
    if (result.outcome === 'skipped') return
    const mark = {
      passed: style('green', '✓'),
      failed: style('red', '✗'),
      errored: style('yellow', '!'),
    }[result.outcome]
    const title = printable(result.title)
    const time = `${(result.atMs / 1000).toFixed(2)} s`
    const room = columns - columnsOf(title) - time.length - 4
    // A title that leaves no room for the time matters more.
    if (room >= 2) print(`  ${mark} ${title}${' '.repeat(room)}${style('dim', time)}`)
    else labelled(`${mark} `, title, { indent: 2, labelWidth: 2, columns }).forEach(print)
    if (verbose) printFindings(result)
    const inFull = !detailed && result.outcome !== 'passed'
    if (inFull) {
      detailed = true
      shownFailure = title
      linesAfterFailure = 0
    }
    if (inFull || (verbose && result.outcome !== 'passed')) printFailure(result)
    else if (result.outcome !== 'passed')
      labelled('', isToldBefore(result, earlierThan(result)) ? SAME_CRASH : inShort(result), {
        indent: 4,
        labelWidth: 2,
        columns,
      }).forEach(print)
    if (result.outcome === 'passed' && !verbose)
      for (const exhibit of result.exhibits)
        if (exhibit.kind === 'cookie-chart') printLines(exhibitLines(exhibit, columns - 8, 20), 8)
  }
  const earlierThan = ({ id }: CheckResult) =>
    order.slice(0, order.indexOf(id)).flatMap((each) => results.get(each) ?? [])
  const printFindings = ({ findings }: CheckResult) => {
    for (const { claim, expected, received, holds, exhibit } of findings) {
      labelled(holds ? '✓' : '✗', printable(claim), { indent: 6, labelWidth: 2, columns }).forEach(
        print,
      )
      if (!holds) continue
      labelled('', printable(`expected ${expected}; received ${received}`.replaceAll('\n', ' ')), {
        indent: 8,
        labelWidth: 0,
        columns,
      }).forEach((line) => print(style('dim', line)))
      if (exhibit) printLines(exhibitLines(exhibit, columns - 10, 20), 10)
    }
  }
  const printFailure = (result: CheckResult) => {
    const field = (label: string, text: string) =>
      labelled(label, printable(text), { indent: 6, labelWidth: 11, columns }).forEach(print)
    const part = (label: string, text: string) =>
      labelled(label, printable(text), { indent: 6, labelWidth: 9, columns }).forEach(print)
    const failed = result.findings.find(({ holds }) => !holds)
    print('')
    if (failed) {
      failed.expected
        .split('\n')
        .forEach((line, index) => field(index === 0 ? 'expected' : '', line))
      failed.received
        .split('\n')
        .forEach((line, index) => field(index === 0 ? 'received' : '', line))
      print('')
    }
    const exhibits = [...(failed?.exhibit ? [failed.exhibit] : []), ...result.exhibits]
    for (const exhibit of exhibits) {
      printLines(exhibitLines(exhibit, columns - 6, verbose ? 40 : 8), 6)
      print('')
    }
    if (result.diagnosis) part('Why', result.diagnosis.say)
    if (result.error) part('Error', result.error)
    result.reproduce.forEach((command, index) =>
      print(`      ${(index === 0 ? 'See it' : '').padEnd(9)}${printable(command)}`),
    )
    if (result.reread) {
      const { lesson, lessonTitle, heading, anchor } = result.reread
      const address = `${options.address}/lessons/${lesson}#${anchor}`
      const where = printable(`${lessonTitle} › ${heading}`)
      const lines = labelled('Reread', where, { indent: 6, labelWidth: 9, columns })
      if (options.link) for (const line of lines) print(linked(line, address, options.link))
      else [...lines, `${' '.repeat(15)}${address}`].forEach((line) => print(line))
    }
    if (result.spec) part('Rule', result.spec)
    print('')
  }
  const printLines = (lines: readonly string[], indent: number) =>
    lines.forEach((line) => print(' '.repeat(indent) + line))

  const printKnown = () => {
    for (let result = results.get(order[printed]!); result; result = results.get(order[printed]!)) {
      printed++
      printCheck(result)
    }
  }
  /** In a low terminal the failure's own title has gone by the time one looks. */
  const repeatFailure = () => {
    const rows = options.size?.().rows
    if (!options.live || rows === undefined || shownFailure === undefined) return
    if (linesAfterFailure + LINES_TO_COME < rows) return
    labelled(`${style('red', '✗')} `, shownFailure, { indent: 0, labelWidth: 2, columns }).forEach(
      print,
    )
  }
  const printEnd = (report: Report) => {
    for (const [needs, count] of counted(
      report.checks.map((check) => (check.outcome === 'skipped' ? check.needs : undefined)),
    )) {
      const title = report.checks.find(({ id }) => id === needs)?.title ?? needs
      const text = `– ${count} ${count === 1 ? 'check' : 'checks'} not tried: ${count === 1 ? 'it needs' : 'they need'} “${printable(title)}”`
      labelled('', text, { indent: 2, labelWidth: 0, columns }).forEach(print)
    }
    for (const [reason, count] of counted(
      report.checks.map((check) => (check.outcome === 'skipped' ? check.reason : undefined)),
    )) {
      labelled(
        '',
        `– ${count} ${count === 1 ? 'check' : 'checks'} not judged: ${printable(reason)}`,
        { indent: 2, labelWidth: 0, columns },
      ).forEach(print)
    }
    report.notes.forEach((note) =>
      labelled('note', printable(note), { indent: 2, labelWidth: 6, columns }).forEach(print),
    )
    if (report.error) {
      gap()
      labelled('', printable(report.error), { indent: 2, labelWidth: 0, columns }).forEach(print)
    }
    gap()
    repeatFailure()
    print(verdictLine(report, style))
    if (options.linksRun !== false) print(wholeRun(options.address, report))
  }

  const render = (event: GradeEvent): void => {
    switch (event.type) {
      case 'started':
        order = event.checks.map(({ id }) => id)
        print('')
        print(leftRight(style('bold', event.title), printable(event.program), columns))
        print('')
        live.show(['starting your program'])
        return
      case 'preparing':
        return live.preparing(event.text, event.fraction)
      case 'ready':
        return live.show(['looking at what it does'])
      case 'progress':
        return live.progress(event)
      case 'repeated':
        return print(`  ${style('yellow', '↻')} ${printable(event.reason)}`)
      case 'check':
        results.set(event.result.id, event.result)
        printKnown()
        return
      case 'finished':
        live.end()
        printEnd(event.report)
        return
      case 'exchange':
        return
    }
  }
  return Object.assign(render, { say: print, stop: () => live.end() })
}

/** The words beside a label lead to an address, without the spaces before them. */
function linked(line: string, address: string, link: (text: string, to: string) => string): string {
  const start = 15
  return line.slice(0, start) + link(line.slice(start), address)
}

/** What a failure after the first is told with. */
function inShort({ diagnosis, error, findings }: CheckResult): string {
  if (diagnosis) return printable(diagnosis.say)
  const failed = findings.find(({ holds }) => !holds)
  if (!failed) return printable(error ?? '')
  const short = (text: string) => cut(text.replaceAll('\n', ' '), MOST_IN_SHORT)
  return printable(`expected ${short(failed.expected)}, received ${short(failed.received)}`)
}

const MOST_IN_SHORT = 100

/** The verdict, where the run is, how to submit, and what a command still says before its prompt. */
const LINES_TO_COME = 6

/** How often each occurs, in the order of their first. */
function counted(values: readonly (string | undefined)[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const value of values)
    if (value !== undefined) counts.set(value, (counts.get(value) ?? 0) + 1)
  return counts
}

function verdictLine(
  report: Report,
  style: (format: Parameters<typeof styleText>[0], text: string) => string,
): string {
  const passed = report.checks.filter(({ outcome }) => outcome === 'passed').length
  const words = {
    passed: style(['bold', 'green'], 'Passed'),
    failed: style(['bold', 'red'], 'Not yet'),
    errored: style(['bold', 'yellow'], 'Could not be checked'),
  }[report.verdict]
  const count = report.checks.length === 0 ? '' : `: ${passed} of ${report.checks.length}`
  return `${words}${count} · ${(report.durationMs / 1000).toFixed(1)} s`
}
