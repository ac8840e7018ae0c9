import { check, field, hasStatus, inTenths, matching, rule, status, together } from '#grader'
import { isOrderByGet, nameOf, type Pause } from './asked.ts'
import { failing, interrupted, made } from './scenarios.ts'

const threeRuns = together({ made, failing, interrupted })

export const onePost = check(
  'One report is ordered at a time, however often the button is clicked',
  threeRuns,
  {
    spec: 'RFC 9110 §9.2.2',
    reread: 'accepted',

    verify: ({ made, failing, interrupted }, expect) => {
      const claim = (clicks: string) => `POST requests to /reports after ${clicks}`
      const anew = interrupted.orders[1]
      expect(interrupted.orders.length, claim('one click'), anew).toBe(1)
      expect(made.orders.length, claim('two quick clicks'), made.orders[1]).toBe(1)
      const later = failing.orders[1]
      expect(failing.orders.length, claim('a click, and another one later'), later).toBe(1)
    },

    diagnose: {
      'asks-instead': rule({
        when: ({ interrupted: { orders, others } }) =>
          orders.length === 0 && others.find(isOrderByGet),
        say: (exchange) =>
          `Your click sent GET /reports, which only asks, and the service said ` +
          `${status(exchange)}. To order a report takes a POST.`,
      }),
      'orders-anew': rule({
        when: ({ interrupted: { orders } }) => orders[1],
        say: (_, { interrupted: { busyAnswer } }) =>
          `After the ${busyAnswer ? '503' : '202'} your page sent a second POST, although the first ` +
          'job was still running. Ask about that job again, with GET.',
      }),
      'second-report': rule({
        when: ({ made: { orders } }) => orders[1],
        say:
          'The second click came before your page had the 202, and it sent another POST. Now the ' +
          'service makes two reports. Remember that one is under way before you await anything.',
      }),
      'free-too-soon': rule({
        when: ({ failing: { orders } }) => orders[1],
        say:
          'The 202 had come, and the job was still running. The next click sent another POST. ' +
          'Accepted is not done: the button is free again when the job is over.',
      }),
    },
  },
)

export const followsLocation = check(
  'Your page asks about the job at the address in Location',
  threeRuns,
  {
    after: onePost,
    spec: 'RFC 9110 §15.3.3',
    reread: 'accepted',

    verify: (runs, expect) => {
      for (const { orders, polls, afterOrder, job } of [
        runs.made,
        runs.failing,
        runs.interrupted,
      ]) {
        const first = polls[0] ?? afterOrder[0]
        const what = 'what your page asked for after the 202'
        expect(first ? nameOf(first) : 'nothing', what, first ?? orders[0]).toBe(`GET ${job}`)
      }
    },

    diagnose: {
      'asks-the-collection': rule({
        when: ({ made: { polls, afterOrder } }) =>
          polls.length === 0 && afterOrder[0] && isOrderByGet(afterOrder[0]) && afterOrder[0],
        say:
          'Your page asked at /reports, where reports are ordered. Each job has an address of ' +
          'its own, and it came in Location of the 202.',
      }),
      'guesses-address': rule({
        when: ({ made: { polls, afterOrder } }) => polls.length === 0 && afterOrder[0],
        say: (exchange, { made: { job } }) =>
          `Your page asked for ${exchange.request.target}, but the job was at ${job}. That ` +
          'address is another one for every job, so it can only be read from Location.',
      }),
      'accepted-as-done': rule({
        when: ({ made: { polls, orders, seen } }) =>
          polls.length === 0 && seen.result.length > 0 && orders[0],
        say: (_, { made: { seen } }) =>
          `Your page showed \`${seen.result[0]}\` in #result and never asked about the job. A 202 ` +
          'says that the work was taken on. There is no report yet, and it may still fail.',
      }),
      'joins-addresses': rule({
        when: ({ made, interrupted: { polls, afterOrder, orders } }) =>
          made.polls.length > 0 && polls.length === 0 && (afterOrder[0] ?? orders[0]),
        say: (_, { interrupted: { orders } }) =>
          `In this run Location was a whole address, \`${field(orders[0], 'Location')}\`. With a ` +
          'path your page asked for the right address, with this it did not. ' +
          '`new URL(location, response.url)` is right for both.',
      }),
    },
  },
)

export const waits = check(
  'Between two questions you waited as long as Retry-After said',
  threeRuns,
  {
    after: followsLocation,
    spec: 'RFC 9110 §10.2.3',
    reread: 'accepted',

    verify: (runs, expect) => {
      expect.each(allPauses(runs), ({ exchange, seconds, retryAfter }, expect) => {
        const long = matching(`at least ${retryAfter} s`, () => !isShort({ seconds, retryAfter }))
        expect(inSeconds(seconds), 'the pause after it', exchange).toBe(long)
      })
    },

    diagnose: {
      'asks-at-once': rule({
        when: (runs) => onlyWhere(allPauses(runs), hasStatus(202)),
        say: ({ seconds, retryAfter }) =>
          `Your page waits between its questions, but the first one came ${inSeconds(seconds)} after ` +
          `the 202. That answer had a Retry-After as well: ${retryAfter}.`,
      }),
      'hurries-after-503': rule({
        when: (runs) => onlyWhere(allPauses(runs), hasStatus(503)),
        say: ({ seconds, retryAfter }) =>
          `The service was busy and said 503 with Retry-After: ${retryAfter}. Your page asked again ` +
          `${inSeconds(seconds)} later. If every client does that, the service stays busy.`,
      }),
      'same-wait': rule({
        when: (runs) => onlyWhere(allPauses(runs), ({ retryAfter }) => retryAfter > 1),
        say: ({ seconds, retryAfter }) =>
          `This answer said Retry-After: ${retryAfter}, and your page asked again after ` +
          `${inSeconds(seconds)}. It waited long enough where an answer said 1. The newest answer ` +
          'says how long to wait now.',
      }),
      'asks-too-soon': rule({
        when: (runs) => allPauses(runs).find(isShort),
        say: ({ exchange, seconds, retryAfter }) =>
          `Your page asked again ${inSeconds(seconds)} after a ${status(exchange)} that said ` +
          `Retry-After: ${retryAfter}. The number counts seconds, and setTimeout counts milliseconds.`,
      }),
    },
  },
)

/** By how much a timer may be early: clocks tick in milliseconds. */
const EARLY = 0.02

type Runs = Record<'made' | 'failing' | 'interrupted', { readonly pauses: readonly Pause[] }>

function allPauses({ made, failing, interrupted }: Runs): Pause[] {
  return [made, failing, interrupted].flatMap(({ pauses }) => pauses)
}

function isShort({ seconds, retryAfter }: Pick<Pause, 'seconds' | 'retryAfter'>): boolean {
  return seconds < retryAfter - EARLY
}

/** The first pause that was too short, if all of that sort were, and no others. */
function onlyWhere(pauses: readonly Pause[], sort: (pause: Pause) => boolean): Pause | undefined {
  return pauses.every((pause) => isShort(pause) === sort(pause)) ? pauses.find(isShort) : undefined
}

/** `0.20 s` */
function inSeconds(seconds: number): string {
  return `${inTenths(Math.max(0, seconds))} s`
}
