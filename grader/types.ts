/**
 * The words the grader speaks: what was recorded (Exchange, Visit, Jar …), what was concluded from it (Finding,
 * CheckResult, Report) and the stream of events in between. All of it is plain data that survives JSON (bytes included,
 * see evidence-codec.ts).
 *
 * Times are milliseconds since the Unix epoch at the start of the run, advanced by the monotonic clock (clock.ts), so that
 * they can be compared with each other and with a cookie's expiry.
 */

/** Field lines as they crossed the wire: order, case and repeats kept. */
export type Headers = readonly (readonly [name: string, value: string])[]

export interface Message {
  /** The first line, without its line ending. */
  readonly startLine: string
  readonly headers: Headers
  /** The exact bytes of start line and fields, up to and with the empty line. */
  readonly head: Uint8Array
  /** The content with its framing (chunks) removed; content codings stay. Capped at 1 MB. */
  readonly body: Uint8Array
  /** False when the connection ended, or the recording did, before the framing said so. */
  readonly complete: boolean
  readonly startedAt: number
  readonly endedAt: number
}

export interface Request extends Message {
  readonly method: string
  /** The request target as sent: path and query. */
  readonly target: string
  /** The target without its query. */
  readonly path: string
}

export interface Response extends Message {
  readonly status: number
  readonly reason: string
}

/** One request and what came back for it, as the recording proxy saw both. */
export interface Exchange {
  readonly kind: 'exchange'
  /** Unique within the run. */
  readonly id: number
  readonly connection: number
  readonly startedAt: number
  readonly request: Request
  /** Null when no response came, or what came is not HTTP: then `garbage` holds it. */
  readonly response: Response | null
  /** Bytes that stand where a response should and are none. */
  readonly garbage: Uint8Array | null
  /** How the connection ended, when it ended before the response was complete. Refused: nothing listened any more. Capped: too much was sent. */
  readonly cut: 'closed' | 'reset' | 'refused' | 'capped' | null
}

/** A page load. `document` is null when the browser's cache answered and nothing crossed the wire. */
export interface Visit {
  readonly kind: 'visit'
  readonly url: string
  readonly document: Exchange | null
  /** The redirects that led to the document, first one first. */
  readonly redirects: readonly Exchange[]
  /** What the page shows (innerText of the body). */
  readonly text: string
  readonly console: readonly string[]
  /** Chromium's reason when the load failed: `net::ERR_EMPTY_RESPONSE`. */
  readonly error: string | null
}

/** A cookie as the browser's jar holds it (CDP Network.Cookie). */
export interface Cookie {
  readonly name: string
  readonly value: string
  readonly domain: string
  readonly path: string
  /** Null: a session cookie. */
  readonly expiresAt: number | null
  readonly httpOnly: boolean
  readonly secure: boolean
  /** Null: the server did not say, and the browser treats it as Lax. */
  readonly sameSite: 'Strict' | 'Lax' | 'None' | null
}

/** A Set-Cookie line that Chromium did not keep, with its own reason (CDP blockedCookies). */
export interface RefusedCookie {
  readonly line: string
  readonly reasons: readonly string[]
}

/** The browser's own list of one visitor's cookies at a moment. */
export interface Jar {
  readonly kind: 'jar'
  readonly at: number
  readonly cookies: readonly Cookie[]
  readonly refused: readonly RefusedCookie[]
}

/** An expression evaluated in the page's console. */
export interface ConsoleResult {
  readonly kind: 'console'
  /** The page's path, at which a person sees the same. */
  readonly page: string
  readonly expression: string
  /** The value, as JSON can carry it. */
  readonly value: unknown
  /** What was thrown instead. */
  readonly error: string | null
}

/** What a connection made by hand received, with the time of every piece. */
export interface RawRecord {
  readonly kind: 'raw'
  readonly openedAt: number
  readonly chunks: readonly { readonly at: number; readonly bytes: Uint8Array }[]
  /** All of it. */
  readonly bytes: Uint8Array
  /** How the other side ended it; null while it was open. */
  readonly ended: 'closed' | 'reset' | null
  readonly endedAt: number | null
}

/** What one scenario brought home. Facts are whatever the scenario returned. */
export interface Evidence {
  readonly scenario: string
  readonly facts: unknown
  readonly exchanges: readonly Exchange[]
  /** Standard output and error of the learner's program, in order, capped. */
  readonly log: string
  /** The same output in pieces, each with the time it was read, where those were kept. Capped with the log. */
  readonly printed?: readonly Printed[]
  /** How the program ended, when it ended before the scenario did. */
  readonly exit: ProgramExit | null
  /** What was noticed beside the facts and may explain a failure: a dialog, a service worker, an endless loop. */
  readonly remarks: readonly Diagnosis[]
}

export interface Printed {
  readonly at: number
  readonly text: string
}

export interface ProgramExit {
  readonly code: number | null
  readonly signal: string | null
  readonly at: number
}

/** A thing to look at. Self-contained: a renderer needs nothing but the exhibit. */
export type Exhibit = MessageExhibit | RibbonExhibit | TableExhibit | TextExhibit

/** Lines of a recorded message, with the offending characters marked. */
export interface MessageExhibit {
  readonly kind: 'message'
  /** Id of the exchange, to find it in the run. */
  readonly exchange: number
  readonly side: 'request' | 'response'
  /** `GET /start → 200` */
  readonly summary: string
  readonly lines: readonly MarkedLine[]
}

export interface MarkedLine {
  readonly text: string
  /** Start and end (exclusive) of the characters the caret goes under. */
  readonly mark?: readonly [start: number, end: number]
}

/** A cookie's life: one sample per request, on an axis of seconds. */
export interface RibbonExhibit {
  readonly kind: 'ribbon'
  /** What is watched: the cookie's name. */
  readonly label: string
  /** Length of the axis in seconds. */
  readonly seconds: number
  readonly samples: readonly RibbonSample[]
  /** When the jar said it would end, in seconds; null when it has no end. */
  readonly expiry: number | null
}

export interface RibbonSample {
  /** Seconds after the cookie was set. */
  readonly at: number
  readonly sent: boolean
  /** Id of the exchange. */
  readonly exchange: number
}

/** Views side by side, or rows to compare. */
export interface TableExhibit {
  readonly kind: 'table'
  readonly title: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/** Lines as a program or a console printed them. */
export interface TextExhibit {
  readonly kind: 'text'
  readonly title: string
  readonly lines: readonly MarkedLine[]
}

/** One claim a check made about something recorded. */
export interface Finding {
  readonly claim: string
  readonly expected: string
  readonly received: string
  readonly holds: boolean
  readonly exhibit?: Exhibit
}

export interface CheckResult {
  readonly id: string
  readonly title: string
  readonly outcome: 'passed' | 'failed' | 'skipped' | 'errored'
  readonly findings: readonly Finding[]
  /** Pictures that belong to the check as a whole. */
  readonly exhibits: readonly Exhibit[]
  readonly diagnosis?: Diagnosis
  /** Skipped: the id of the check it needs. */
  readonly needs?: string
  /** Errored: what went wrong on our side or the author's. */
  readonly error?: string
  /** Commands that show a failure again, in order. */
  readonly reproduce: readonly string[]
  readonly reread?: Reread
  readonly spec?: string
  /** Milliseconds from the start of the run to the result. */
  readonly atMs: number
}

export interface Diagnosis {
  readonly id: string
  readonly say: string
}

/** The paragraph of a lesson that explains what went wrong. */
export interface Reread {
  readonly lesson: string
  readonly lessonTitle: string
  readonly anchor: string
  readonly heading: string
}

export type Verdict = 'passed' | 'failed' | 'errored'

export interface Report {
  /** Id of the exercise. */
  readonly exercise: string
  readonly title: string
  readonly verdict: Verdict
  readonly checks: readonly CheckResult[]
  /** ISO 8601. */
  readonly startedAt: string
  readonly durationMs: number
  /** Id of the run, under which its evidence is kept. */
  readonly run: string
  /** What was graded, for a person: `work/cookies-max-age/server.ts`, a command or an address. */
  readonly program: string
  /** Things worth knowing that are no failure: a repeated scenario, orphans that were ended. */
  readonly notes: readonly string[]
  /** Errored: what could not be done, and the remedy. */
  readonly error?: string
}

/** What happens during a grading, in order. The terminal, the page and the JSON reporter render this one stream. */
export type GradeEvent =
  | { readonly type: 'started'; readonly run: string; readonly exercise: string; readonly title: string; readonly program: string; readonly checks: readonly { readonly id: string; readonly title: string }[] }
  /** Something has to be fetched or started before the grading proper: the browser's installation. `fraction` 0 to 1 when known. */
  | { readonly type: 'preparing'; readonly text: string; readonly fraction?: number }
  | { readonly type: 'ready'; readonly ms: number }
  | { readonly type: 'exchange'; readonly scenario: string; readonly exchange: number; readonly summary: string; readonly at: number }
  | { readonly type: 'progress'; readonly scenario: string; readonly done: number; readonly total: number; readonly unit: string; readonly ribbon?: RibbonExhibit }
  | { readonly type: 'repeated'; readonly scenario: string; readonly reason: string }
  | { readonly type: 'check'; readonly result: CheckResult }
  | { readonly type: 'finished'; readonly report: Report }
