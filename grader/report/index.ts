/** How a grading is told to a person or a program. */
export { createTextReport, type TextReport, type TextReportOptions } from './text-report.ts'
export { printable } from './printable.ts'
