import { styleText } from 'node:util'
import type { GradeEvent } from '../../grader/index.ts'
import { createTextReport, printable, type TextReport } from '../../grader/report/index.ts'
import { wrap } from '../../grader/report/index.ts'
import { terminalOptions } from '../terminal/reporter.ts'

export interface Screen {
  /** Prints words between gradings, or above the one that is being drawn. */
  say(text: string): void
  /** Prints lines as they are. */
  print(lines: string): void
  /** The same as `say` in small print. */
  whisper(text: string): void
  /**
   * Begins a grading: with its first event comes a rule with the time. What was there before can
   * still be scrolled back to.
   */
  begin(): View
  /** Shows every finding from now on, or no longer, and draws the last grading again so. */
  toggleVerbose(): void
  /** Where the course is read: `http://localhost:4321`. */
  readonly address: string
}

/** One grading on the screen. */
export interface View {
  onEvent(event: GradeEvent): void
  /** No further event will come. Gives whether anything of it was drawn. */
  stop(): boolean
}

/** Draws gradings one below the other. */
export function createScreen(verboseAtFirst: boolean): Screen {
  let verbose = verboseAtFirst
  let drawn: GradeEvent[] = []
  let report: TextReport | null = null

  const print = (lines: readonly string[]) => {
    if (report) lines.forEach(report.say)
    else terminalOptions(verbose).write(`${lines.join('\n')}\n`)
  }
  const dim = (text: string) =>
    terminalOptions(verbose).colors ? styleText('dim', text, { validateStream: false }) : text
  const wrapped = (text: string) => wrap(printable(text), terminalOptions(verbose).columns)
  const rule = () => {
    const { columns, write } = terminalOptions(verbose)
    const time = new Date().toTimeString().slice(0, 8)
    write(`\n${dim(`── ${time} ${'─'.repeat(Math.max(0, columns - time.length - 4))}`)}\n`)
  }
  const draw = (): TextReport => {
    const renderer = createTextReport(terminalOptions(verbose))
    // Of what is under way, the latest says all.
    drawn
      .filter((event, index) => event.type !== 'progress' || index === drawn.length - 1)
      .forEach(renderer)
    return renderer
  }

  return {
    say: (text) => print(wrapped(text)),
    print: (lines) => print(lines.split('\n')),
    whisper: (text) => print(wrapped(text).map(dim)),
    begin() {
      let mine: TextReport | null = null
      return {
        onEvent(event) {
          if (event.type === 'exchange') return
          if (!mine) {
            rule()
            drawn = []
            report = draw()
          }
          mine = report!
          drawn.push(event)
          mine(event)
        },
        stop() {
          mine?.stop()
          return mine !== null
        },
      }
    },
    toggleVerbose() {
      verbose = !verbose
      report?.stop()
      print([
        verbose ? 'Verbose: the evidence of every check.' : 'Brief: the first failure in full.',
      ])
      if (report) report = draw()
    },
    address: terminalOptions(verbose).address,
  }
}
