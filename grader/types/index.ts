/**
 * The words the grader speaks: what was recorded (Exchange, Visit, Jar …), what was concluded from
 * it (Finding, CheckResult, Report) and the stream of events in between. All of it is plain data
 * that survives JSON (bytes included, see evidence-codec.ts).
 *
 * Times are milliseconds since the Unix epoch at the start of the run, advanced by the monotonic
 * clock (clock.ts), so that they can be compared with each other and with a cookie's expiry.
 */
export type * from './recorded.ts'
export type * from './evidence.ts'
export type * from './program.ts'
export type * from './exhibit.ts'
export type * from './report.ts'
