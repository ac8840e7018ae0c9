/** How a grading is shown to a person or a program. */
export {
  createTextReport,
  wholeRun,
  type TextReport,
  type TextReportOptions,
} from './text/text-report.ts'
export { cut, labelled, wrap } from './text/layout.ts'
export { printable } from './text/printable.ts'
export { isToldBefore, SAME_CRASH } from './same-crash.ts'
export { junit } from './junit.ts'
