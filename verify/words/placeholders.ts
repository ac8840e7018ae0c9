import type {
  CheckResult,
  Exhibit,
  Finding,
  MarkedLine,
  Report,
  CookieChart,
} from '../../grader/types/index.ts'

/** What chance had a part in during a grading, beside the values that can be told by their shape. */
export interface Chance {
  /** The run watched the clock. */
  readonly timed: boolean
  /** The ports that the grader gave away, and which may stand anywhere. */
  readonly ports?: readonly number[]
}

/**
 * A report with everything that changes every run (random values, ports, dates, the
 * browser's name) replaced by a placeholder, and with no more in it than the terminal shows. The
 * same value is given the same placeholder, so that it can be seen which ones are equal.
 */
export function withPlaceholders(report: Report, chance: Chance): Report {
  const replace = createPlaceholders(chance)
  let first = true
  const checks = report.checks.map((check) => {
    const inFull = first && check.outcome === 'failed'
    if (inFull) first = false
    return shownPart(check, inFull, replace, report.exercise)
  })
  return {
    ...report,
    checks,
    durationMs: 0,
    run: '<run>',
    notes: report.notes.filter((note) => !isAboutTheMachine(note)).map(replace.text),
  }
}

/** A repetition, or an end that took long, is this machine's doing and this moment's. */
function isAboutTheMachine(note: string): boolean {
  return /running it again\.$|did not end when asked to and was ended\.$/i.test(note)
}

/**
 * A text with everything replaced that changes every run, the same placeholder for every
 * value of a kind.
 */
export function chanceLeftOut(source: string): string {
  const ported = source
    .replace(BROWSERS_OWN, '$1: <browser>')
    .replace(/\b(127\.0\.0\.1|localhost):\d{4,5}(?!\d)/g, '$1:<port>')
  return SHAPES.reduce((text, [kind, pattern]) => text.replace(pattern, `<${kind}>`), ported)
}

interface Placeholders {
  /** A run that watches the clock makes a request more or less, and each at its own moment. */
  readonly timed: boolean
  text(text: string): string
  line(line: MarkedLine): MarkedLine
}

/** A learner's own work is named by no option. */
const STARTED_BY_VERIFY = /(?<=^|\s)npm run serve -- .*$/

/** An exercise may give a program more time where a machine is slow. */
const MILLISECONDS = /(?<=\b[A-Z_]+_MS=)\d+/g

/** Shapes a value of chance has; tried in order. */
const SHAPES: readonly (readonly [name: string, pattern: RegExp])[] = [
  // Chromium's, of letters and digits, sometimes without a digit.
  ['boundary', /-{4}WebKitFormBoundary[A-Za-z0-9]{16}/g],
  ['date', /\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT/g],
  ['date', /\b20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g],
  ['uuid', /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi],
  ['hex', /\b[0-9a-f]{8,}\b/g],
  [
    'token',
    /(?<![\w+/.-])(?=[\w+/-]*\d)(?=[\w+/-]*[a-z])(?=[\w+/-]*[A-Z])[\w+-][\w+/-]{15,}={0,2}(?![\w+/-])/g,
  ],
  ['token', /(?<![\w./-])(?=[a-z]*\d)(?=\d*[a-z])[a-z\d]{10,}(?![\w-])/g],
]

/** A port of this machine. That of the text's own start by hand is always the same. */
const PORT = /\b(127\.0\.0\.1(?::|', )|localhost:)(?!(?:3000|4321)(?!\d))\d{4,5}(?!\d)/g

/** What a division leaves: all of its digits are another moment's. */
const LONG_FRACTION = /(?<![\w.])\d+\.\d{6,}(?!\w|\.\d)/g

const BROWSERS_OWN = /^(User-Agent|sec-ch-ua[\w-]*): .*$/gim

// In a run that watches the clock a list of JSON has an entry more or less, and numbers as long as
// the moment made them.
const JSON_NUMBER = /(?<="\w+": ?)\d+(?:\.\d+)?(?=[,}\]])/g
const LIST_OF_OBJECTS = /\[(\{[^{}\n]*\}),[^\]\n]*(?:\]|$)/gm

function createPlaceholders({ timed, ports = [] }: Chance): Placeholders {
  const given = new Map<string, string>()
  const counts = new Map<string, number>()
  const placeholder = (kind: string, value: string) => {
    // Two dates of one run are a second apart or are not: which of them are equal says nothing.
    if (kind === 'date') return '<date>'
    const known = given.get(value)
    if (known) return known
    const count = (counts.get(kind) ?? 0) + 1
    counts.set(kind, count)
    const name = count === 1 ? `<${kind}>` : `<${kind}-${count}>`
    given.set(value, name)
    return name
  }
  const isGivenPort =
    ports.length > 0 && new RegExp(String.raw`(?<![\w.])(?:${ports.join('|')})(?!\w|\.\d)`, 'g')
  const text = (source: string) => {
    let result = source
      .replace(BROWSERS_OWN, '$1: <browser>')
      .replace(PORT, '$1<port>')
      .replace(LONG_FRACTION, (number) => Number(number).toFixed(1))
    if (isGivenPort) result = result.replace(isGivenPort, '<port>')
    for (const [kind, pattern] of SHAPES)
      result = result.replace(pattern, (value) => placeholder(kind, value))
    return timed ? result.replace(JSON_NUMBER, '<n>').replace(LIST_OF_OBJECTS, '[$1,…]') : result
  }
  return {
    timed,
    text,
    // The mark goes with its characters, which stand elsewhere once something before them has
    // another length.
    line: ({ text: source, mark }) => {
      if (!mark) return { text: text(source) }
      const whole = text(source)
      const end = whole.length - text(source.slice(mark[1])).length
      return {
        text: whole,
        mark: [Math.max(0, Math.min(text(source.slice(0, mark[0])).length, end - 1)), end],
      }
    },
  }
}

function shownPart(
  check: CheckResult,
  inFull: boolean,
  replace: Placeholders,
  exercise: string,
): CheckResult {
  const { diagnosis, error } = check
  const failed = check.findings.find(({ holds }) => !holds)
  return {
    ...check,
    atMs: 0,
    findings: failed ? [shownFinding(failed, replace, inFull)] : [],
    exhibits:
      inFull || check.outcome === 'passed'
        ? check.exhibits.map((exhibit) => shownExhibit(exhibit, replace))
        : [],
    ...(diagnosis && { diagnosis: { ...diagnosis, say: replace.text(diagnosis.say) } }),
    ...(error !== undefined && { error: replace.text(error) }),
    reproduce: inFull
      ? check.reproduce.map((line) =>
          replace.text(
            line
              .replace(STARTED_BY_VERIFY, `npm run serve ${exercise}`)
              .replace(MILLISECONDS, '<ms>'),
          ),
        )
      : [],
  }
}

function shownFinding(
  { exhibit, ...finding }: Finding,
  replace: Placeholders,
  inFull: boolean,
): Finding {
  return {
    ...finding,
    expected: replace.text(finding.expected),
    received: replace.text(finding.received),
    ...(exhibit && inFull && { exhibit: shownExhibit(exhibit, replace) }),
  }
}

function shownExhibit(exhibit: Exhibit, replace: Placeholders): Exhibit {
  switch (exhibit.kind) {
    case 'message':
      return {
        ...exhibit,
        summary: replace.text(exhibit.summary),
        lines: exhibit.lines.map(replace.line),
      }
    case 'text':
      return { ...exhibit, lines: exhibit.lines.map(replace.line) }
    case 'table':
      return { ...exhibit, rows: exhibit.rows.map((row) => row.map(replace.text)) }
    case 'cookie-chart':
      return replace.timed ? { ...exhibit, samples: eachSecond(exhibit) } : exhibit
  }
}

/**
 * The picture of a machine that was not busy: one request a second, from the second of the first to
 * that of the last.
 */
function eachSecond({ samples, seconds }: CookieChart): CookieChart['samples'] {
  const first = Math.round(samples[0]?.at ?? 0)
  const last = Math.min(seconds, Math.round(samples.at(-1)?.at ?? -1))
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => {
    const at = first + index
    const [nearest] = samples.toSorted((a, b) => Math.abs(a.at - at) - Math.abs(b.at - at))
    return { ...nearest!, at }
  })
}
