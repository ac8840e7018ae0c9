import { npmRun } from '../../course/command-line.ts'
import type { GradeEvent, Report } from '../../grader/index.ts'
import { createTextReport, wholeRun, type TextReportOptions } from '../../grader/report/index.ts'
import { junit } from '../../grader/report/index.ts'
import { readingAddress } from '../reading/reading-place.ts'
import { hyperlink, linkAddresses, supportsHyperlinks } from './hyperlinks.ts'

export type ReporterKind = 'text' | 'json' | 'junit'

export interface Reporter {
  readonly onEvent: (event: GradeEvent) => void
  /** Where the run's page is, or the sentence that says why it was not kept. */
  tellKept(report: Report, problem: string | null): void
  end(reports: readonly Report[]): void
  /** Takes away what is drawn in place, when no further event will come. */
  stop(): void
}

/**
 * The renderer of a grading on this terminal. `json` writes one Report object and nothing else (a
 * list with --all), `junit` one XML document. `address` is where the course reads that the links lead
 * to.
 */
export function createReporter(
  kind: ReporterKind,
  verbose: boolean,
  address = readingAddress(),
): Reporter {
  const tellProblem = (_report: Report, problem: string | null) => {
    if (problem !== null) process.stderr.write(`${problem}\n`)
  }
  if (kind === 'json')
    return {
      onEvent: tellPreparing(),
      tellKept: tellProblem,
      end: (reports) =>
        write(`${JSON.stringify(reports.length === 1 ? reports[0] : reports, null, 2)}\n`),
      stop() {},
    }
  if (kind === 'junit')
    return {
      onEvent: tellPreparing(),
      tellKept: tellProblem,
      end: (reports) => write(junit(reports)),
      stop() {},
    }

  const options = terminalOptions(verbose, address)
  let render = createTextReport(options)
  return {
    onEvent(event) {
      if (event.type === 'started') render = createTextReport(options)
      render(event)
    },
    tellKept(report, problem) {
      tellProblem(report, problem)
      if (problem === null) options.write(`${wholeRun(options.address, report)}\n`)
    },
    end(reports) {
      const [only] = reports
      if (
        reports.length === 1 &&
        only?.verdict === 'passed' &&
        only.program.startsWith(`work/${only.exercise}/`)
      )
        write(`Hand it in: ${npmRun('submit', [only.exercise])}\n`)
      if (reports.length < 2) return
      const passed = reports.filter(({ verdict }) => verdict === 'passed').length
      write(`\n${passed} of ${reports.length} exercises passed\n`)
    },
    stop: () => render.stop(),
  }
}

/** How to draw on this terminal as it is now. */
export function terminalOptions(verbose: boolean, address = readingAddress()): TextReportOptions {
  const links = supportsHyperlinks(process.stdout.isTTY)
  return {
    write: links ? (text) => write(linkAddresses(text, address)) : write,
    ...(links && { link: hyperlink }),
    columns: Math.min(100, process.stdout.columns || 80),
    colors: useColors(),
    live: process.stdout.isTTY && !process.env['CI'] && process.env['TERM'] !== 'dumb',
    size: () => ({ columns: process.stdout.columns || 80, rows: process.stdout.rows || 24 }),
    verbose,
    address,
    linksRun: false,
  }
}

/** Says what takes long on standard error, because standard output holds the document alone. */
function tellPreparing(): (event: GradeEvent) => void {
  let said = ''
  return (event) => {
    if (event.type !== 'preparing' || event.text === said) return
    said = event.text
    process.stderr.write(`${event.text}\n`)
  }
}

function write(text: string): void {
  process.stdout.write(text)
}

function useColors(): boolean {
  if (process.env['NO_COLOR']) return false
  return (
    Boolean(process.env['FORCE_COLOR']) || (process.stdout.isTTY && process.env['TERM'] !== 'dumb')
  )
}
