/** A thing to look at. Self-contained: a renderer needs nothing but the exhibit. */
export type Exhibit = MessageExhibit | CookieChart | TableExhibit | TextExhibit

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
export interface CookieChart {
  readonly kind: 'cookie-chart'
  /** What is watched: the cookie's name. */
  readonly label: string
  /** Length of the axis in seconds. */
  readonly seconds: number
  readonly samples: readonly CookieChartSample[]
  /** When the jar said it would end, in seconds; null when it has no end. */
  readonly expiry: number | null
}

export interface CookieChartSample {
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
