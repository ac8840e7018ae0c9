import { check, matching, rule, table, together } from '#grader'
import { givesUp } from './end-checks.ts'
import { inSeconds, seen } from './reading.ts'
import { herd, hints } from './scenarios.ts'
import { longerThan, meanOf, medianOf, type Growth } from './herd.ts'
import { GROWING, HOUR, isShort, SPREAD, type Pause } from './timed.ts'

const waiting = together({ hints, herd })

export const obeys = check('You waited as long as Retry-After says', waiting, {
  after: givesUp,
  spec: 'RFC 9110 §10.2.3',
  reread: 'retry',

  verify: ({ hints: { rows, pauses } }, expect) => {
    for (const row of rows)
      expect(row.asked.length, `requests (${row.name})`, seen(row)).toBe(row.times)
    const asked = pauses.filter(({ least }) => least > 0)
    expect.each(asked, (pause, expect) => {
      const long = matching(`at least ${inSeconds(pause.least)}`, () => !isShort(pause))
      expect(inSeconds(pause.seconds ?? 0), 'the wait', seen(pause.row)).toBe(long)
    })
  },

  diagnose: {
    'cut-short': rule({
      when: ({ hints: { pauses } }) => onlyShort(pauses, ({ limits }) => limits.cap !== undefined),
      say: ({ seconds = 0, hint, limits }) =>
        `Retry-After was ${hint}, and you came back after ${inSeconds(seconds)}, and \`cap\` was ${limits.cap}. ` +
        "`cap` limits the waits that you choose. The server's own time isn't for you to shorten.",
    }),
    'date-unread': rule({
      when: ({ hints: { pauses } }) =>
        onlyShort(pauses, ({ isDate, least }) => isDate && least > 0),
      say: ({ seconds = 0, hint }) =>
        `Retry-After was \`${hint}\`, and you came back after ${inSeconds(seconds)}. Where it was a number of ` +
        'seconds, you waited long enough. A date is not a number: `Number()` makes NaN of it, and a timer treats NaN as 1 ms. `Date.parse()` reads it.',
    }),
    'only-after-503': rule({
      when: ({ hints: { pauses } }) => onlyShort(pauses, ({ status }) => status === 429),
      say: ({ seconds = 0 }) =>
        `After 503 you waited as long as Retry-After says, but after 429 only ${inSeconds(seconds)}. ` +
        'The field means the same there: until then you are refused again.',
    }),
    'seconds-as-milliseconds': rule({
      when: ({ hints: { pauses } }) =>
        onlyShort(pauses, ({ isDate, least }) => !isDate && least > 0),
      say: ({ seconds = 0, hint }) =>
        `Retry-After was ${hint}, and you came back after ${inSeconds(seconds)}. Where it was a date you waited ` +
        'long enough. The number counts seconds, and setTimeout counts milliseconds.',
    }),
    'comes-early': rule({
      when: ({ hints: { pauses } }) => {
        const early = pauses.filter(isShort)
        // One alone may have been late by chance.
        const parts = early.map(({ seconds = 0, least }) => seconds / least)
        return medianOf(parts) > 0.15 && early[0]
      },
      say: ({ seconds = 0, least }) =>
        `You came back after ${inSeconds(seconds)}, and the server had asked for ${inSeconds(least)}. Chance may only ` +
        'make this wait longer: who comes before it is turned away again.',
    }),
    'hint-unread': rule({
      when: ({ hints: { pauses } }) => pauses.find(isShort),
      say: ({ seconds = 0, hint }) =>
        `The answer said \`Retry-After: ${hint}\`, and you came back after ${inSeconds(seconds)}. The server knows ` +
        'best when it can work again. Before that, every request only keeps it busy.',
    }),
  },
})

export const grows = check('Without Retry-After, the waits double from try to try', waiting, {
  after: obeys,
  reread: 'retry',

  verify: ({ herd: { growth, long } }, expect) => {
    const what = `waits longer than 1 s, of the ${GROWING} before request 6`
    expect(long >= SOME ? 'some' : 'hardly any', what, mediansOf(growth)).toBe('some')
  },

  diagnose: {
    'same-wait': rule({
      when: ({ herd: { growth, base } }) => {
        const [first, last] = [growth[0], growth.at(-1)]
        return first && last && isSame(first, last, base) && { first, last }
      },
      say: ({ first, last }) =>
        `Before request 2, half of the ${GROWING} waits were longer than ${inSeconds(medianOf(first.waits))}. Before request 6 it was ` +
        `${inSeconds(medianOf(last.waits))}, although up to ${inSeconds(last.limit)} would have been right. ` +
        'A server that has failed five times needs more of a rest than after the first failure.',
    }),
    'grows-slowly': rule({
      when: ({ herd: { growth, long } }) => long < SOME && growth.at(-1),
      say: ({ limit, waits }) =>
        `Up to ${inSeconds(limit)} may be waited before request 6, so half of the ${GROWING} waits should be longer than about ` +
        `${inSeconds(limit / 2)}. Here half of them were longer than ${inSeconds(medianOf(waits))}. ` +
        'Doubling starts small, and leaves adding far behind after a few tries.',
    }),
  },
})

export const capped = check('No wait is meant to be longer than `cap`', waiting, {
  after: grows,
  reread: 'retry',

  verify: ({ herd: { spread, cap } }, expect) => {
    const what = `calls that came back within the cap (base: ${HOUR}, cap: ${cap})`
    const received = spread.late <= FEW_LATE ? 'all' : 'not all'
    expect(received, what, seen(spread.example)).toBe('all')
  },

  diagnose: {
    'no-cap': rule({
      when: ({ herd: { spread, cap } }) => spread.late > FEW_LATE && { cap },
      say: ({ cap }) =>
        `\`base\` was ${HOUR}, an hour, and \`cap\` was ${cap}, so no wait may be longer than ${inSeconds(cap / 1000)}. ` +
        'Calls that began later and were told `Retry-After: 2` came back before. After enough tries, doubling leads anywhere.',
    }),
  },
})

export const jitter = check('The waits are spread from zero to the limit', waiting, {
  after: capped,
  reread: 'retry',

  verify: ({ herd: { spread } }, expect) => {
    const { shorter, longer, waits } = spread
    const many = shorter >= MANY ? 'many' : 'few or none'
    expect(many, `waits shorter than 1 s, of ${SPREAD}`, partsOf(waits)).toBe('many')
    const some = longer > FEW ? 'some' : 'hardly any'
    expect(some, `waits longer than 1 s, of ${SPREAD}`, partsOf(waits)).toBe('some')
  },

  diagnose: {
    'limits-unread': rule({
      when: ({ herd: { spread, cap } }) => spread.longer <= FEW && { cap, ...spread },
      say: ({ cap, waits }) =>
        `\`base\` was ${HOUR} and \`cap\` was ${cap}, but half of the waits were shorter than ${inSeconds(medianOf(waits))}. Both are ` +
        "the caller's, and may be other numbers than those that hold when they are left out.",
    }),
    'all-alike': rule({
      when: ({ herd: { spread, cap } }) => spread.shorter < MANY && spread.isInOrder && { cap },
      say: ({ cap }) =>
        `The limit was ${inSeconds(cap / 1000)}, and all ${SPREAD} calls waited nearly as long: they came back in the order in which they had ` +
        'failed, like a wave. So the server gets the same blow again.',
    }),
    'never-short': rule({
      when: ({ herd: { spread } }) => spread.shorter < MANY && spread,
      say: ({ shortest }) =>
        `The shortest of ${SPREAD} waits took ${inSeconds(shortest)}. The calls share only a part of the time that they have, and in the ` +
        'other part the server is idle. With full jitter, any time from zero on is possible.',
    }),
  },
})

/** Fewer of fifty last waits exceed 1 s once in six million times; some may have been late. */
const SOME = 6
/** Of sixty: what may be otherwise because two timers were nearly the same. */
const FEW = 2
const FEW_LATE = 10
/** Fewer of sixty are shorter than 1 s less than once in a million times, where half should be. */
const MANY = 9

/**
 * What makes one wait late on a busy machine makes the others late, too, and not longer by what
 * adding would: the last waits then last two times `base` longer than the first, on average.
 */
function isSame(first: Growth, last: Growth, base: number): boolean {
  const longer = meanOf(last.waits) - meanOf(first.waits)
  return longer < (1.1 * base) / 1000 || longerThan((2.5 * base) / 1000, last) < 5
}

function partsOf(waits: readonly number[]) {
  const sorted = waits.toSorted((one, other) => one - other)
  const at = (part: number) => inSeconds(sorted[Math.floor((sorted.length - 1) * part)] ?? 0)
  return table(
    `How long the ${SPREAD} calls waited`,
    ['', 'wait'],
    [
      ['the shortest', at(0)],
      ['a quarter up to', at(0.25)],
      ['half of them up to', at(0.5)],
      ['three quarters up to', at(0.75)],
      ['the longest', at(1)],
    ],
  )
}

function mediansOf(growth: readonly Growth[]) {
  const rows = growth.map(({ name, limit, waits }) => [
    name,
    inSeconds(limit),
    inSeconds(medianOf(waits)),
  ])
  return table('How long was waited', ['', 'limit', 'half waited longer than'], rows)
}

/** The first wait that was too short, if all of that sort were, and no others. */
function onlyShort(
  pauses: readonly Pause[],
  isMeant: (pause: Pause) => boolean,
): Pause | undefined {
  return pauses.every((pause) => isShort(pause) === isMeant(pause))
    ? pauses.find(isShort)
    : undefined
}
