import { hasStatus, isAnswered, present, scenario, type Exchange, type Kit } from '#grader'
import { challenges, delayIn, isRefused, keysIn, showsRounding, toldIn } from './answers.ts'
import {
  askInTurn,
  askInVain,
  askUntilDecided,
  isDecided,
  secondsBetween,
  secondsSince,
  wasInVain,
  type Requests,
} from './ask.ts'
import { spanOf, turnsOf, type Rules } from './bucket.ts'

/** Beyond its limit, no key is asked for more than this. */
const BEYOND = 2
const OTHERS = 100
const IDLE = 40
/** In seconds: after that, a refusal has to say less than the first one did. */
const LATER = 2.58
/** In seconds. */
const LATEST = 7.5
/** In seconds: a told wait that is longer is not waited for. */
const LONGEST_WAIT = 8
/** In seconds: the time that a program has to forget, and as much for a busy machine. */
const FORGETTING = 3 + 4

const NOTHING = { again: [], blue: null, crowd: [], strangers: [], redInTheEnd: null, stats: null }

/** No token comes back in it, however busy the machine is. */
export const burst = scenario('A token takes minutes, and a client asks more often than it may', {
  setUp({ random }) {
    const limit = random.integer(3, 4)
    // With LATER, the later refusals come a little more than whole seconds before the next token, so
    // that they show how the wait is rounded. The first ones are far from where it would change.
    const interval = random.integer(90, 140) * 1000 + 980
    return { rules: { limit, interval }, environment: environmentOf({ limit, interval }) }
  },
  async record({ send, sendTogether, wait, critical, random }, { rules }) {
    const order = orderer(send)
    // The first request of a program takes longer than others.
    const warmUp = await send('/stats')
    if (!isAnswered(warmUp)) return { rules, first: [warmUp], ...NOTHING, next: null, used: 0 }
    // Where a busy machine took too long to tell when the first token was taken, with another key.
    const tries: (Exchange | null)[][] = []
    let red = ''
    const askMore = async () => {
      red = random.token(12)
      await wait(untilPhase(rules))
      tries.push(await askInTurn(rules.limit + 1, () => order(red)))
    }
    while (tries.length < MOST_TRIES && isSlow(tries.at(-1)))
      await (tries.length === MOST_TRIES - 1 ? critical(askMore) : askMore())
    const first = tries.at(-1) ?? []
    if (!isRefused(first.at(-1)))
      return { rules, first, ...NOTHING, next: await next(first, () => order(red)), used: 0 }

    const again = [await order(red)]
    const blue = await order(random.token(12))
    again.push(await order(red))
    const together = random.token(12)
    const crowd = await sendTogether(
      Array.from({ length: rules.limit + BEYOND }, () => asOrder(together)),
    )
    const strangers = [
      await send({ method: 'POST', path: '/orders' }),
      await send({ method: 'POST', path: '/orders', headers: [['Authorization', BASIC]] }),
    ]
    let later: (Exchange | null)[]
    let second = LATER
    do {
      await wait(Math.max(0, second - secondsSince(first[0] ?? null)))
      later = [await order(red), await order(red)]
      // Again a second later, where the machine was too busy to show how the wait is rounded.
      second++
    } while (second < LATEST && !showsRounding([...first, ...later], rules))
    again.push(...later)
    const others = await askInTurn(OTHERS, () => order(random.token(12)))
    return {
      rules,
      first,
      next: null,
      again,
      blue,
      crowd,
      strangers,
      redInTheEnd: await order(red),
      stats: await send('/stats'),
      used: tries.length + [blue, together].length + others.length,
    }
  },
  facts: ({ rules, first, again, crowd, strangers, stats, used, ...rest }) => {
    present(first[0] ?? null, 'POST /orders')
    const { limit } = rules
    const names = {
      [limit]: 'the first refusal',
      [limit + 1]: 'the second',
      [limit + 3]: 'after a pause',
      [limit + 4]: 'directly after that',
    }
    return {
      ...rest,
      rules,
      served: first.slice(0, limit).map((exchange, index) => ({
        name: `request ${index + 1}`,
        exchange,
      })),
      beyond: first[limit] ?? null,
      crowd,
      servedOfCrowd: crowd.filter(hasStatus(201)),
      refusedOfCrowd: crowd.filter(hasStatus(429)),
      red: again[1] ?? null,
      told: toldIn([...first, ...again], names, rules),
      strangers: strangers.map((exchange, index) => ({
        name: index === 0 ? 'without Authorization' : 'with Basic',
        exchange,
        challenges: challenges(exchange),
      })),
      stats,
      keys: keysIn(stats),
      used,
      // A program that serves requests without a key may count those as one.
      mostUsed: used + strangers.filter(hasStatus(201)).length,
    }
  },
})

export const seconds = scenario('A token takes a second, and several clients come', {
  setUp({ random }) {
    const limit = random.integer(5, 6)
    const interval = random.integer(930, 980)
    return { rules: { limit, interval }, environment: environmentOf({ limit, interval }) }
  },
  async record({ send, wait, critical, random }, { rules }) {
    const order = orderer(send)
    const period = (rules.limit * rules.interval) / 1000
    // Where a busy machine kept a key from showing anything, with another key, and then only where
    // the machine kept up.
    const observe = async (work: () => Promise<Asked>, shows: (asked: Asked) => boolean) => {
      const asked = await work()
      return shows(asked) ? asked : critical(work)
    }
    const idle = await askInTurn(IDLE, () => order(random.token(10)))

    const obey = async () => {
      const key = random.token(10)
      const before = await askUntilDecided([], rules, () => order(key))
      const refusal = before.at(-1) ?? null
      const told = refusal && isRefused(refusal) ? delayIn(refusal) : undefined
      if (told === undefined || told > LONGEST_WAIT) return { before, after: [] }
      await wait(Math.max(0, told))
      return { before, after: await askUntilDecided(before, rules, () => order(key)) }
    }
    const insist = async () => {
      const key = random.token(10)
      const before = await askUntilDecided([], rules, () => order(key))
      before.push(...(await askInVain(() => order(key))))
      const after: (Exchange | null)[] = []
      const since = before.at(-1) ?? null
      // Longer than a period, so that nothing that happens once in a period is missed.
      for (let at = PERSISTENT_PAUSE; at < rules.limit + 1; at += PERSISTENT_PAUSE) {
        const due = (at * rules.interval) / 1000
        await wait(Math.max(0, due - secondsSince(since)))
        after.push(...(await askUntilDecided([...before, ...after], rules, () => order(key))))
      }
      return { before, after }
    }
    const rest = async () => {
      const key = random.token(10)
      const before = [await order(key)]
      await wait(RESTED * period)
      return { before, after: await askUntilDecided(before, rules, () => order(key)) }
    }
    const [obeying, insisting, rested] = await Promise.all([
      observe(obey, ({ before }) => isDecided(before, rules)),
      observe(insist, ({ before }) => isDecided(before, rules) && wasInVain(before)),
      observe(rest, ({ before: [first], after: [next] }) => secondsBetween(first, next) < period),
    ])

    await wait(Math.max(0, period - secondsSince(idle.at(-1) ?? null)))
    const since = Date.now()
    const counts: (Exchange | null)[] = []
    do {
      if (counts.length > 0) await wait(BETWEEN_COUNTS)
      counts.push(await send('/stats'))
    } while ((keysIn(counts.at(-1)!) ?? 0) > BUSY_KEYS && Date.now() - since < FORGETTING * 1000)
    return { rules, obeying, insisting, rested, stats: counts.at(-1)! }
  },
  facts: ({ rules, obeying, insisting, rested, stats }) => {
    present(obeying.before[0] ?? null, 'POST /orders')
    const later = ({ before, after }: Asked) => {
      const turns = turnsOf([...before, ...after], rules)
      const asked = turns.filter(({ exchange }) => after.includes(exchange))
      // One that was not answered, where there is one.
      const first = after.find((each) => !isAnswered(each)) ?? after[0] ?? null
      return { first, turns: asked.map((turn, i) => ({ ...turn, name: `request ${i + 1}` })) }
    }
    const refusal = obeying.before.at(-1) ?? null
    return {
      rules,
      refusal,
      waited: refusal ? delayIn(refusal) : undefined,
      obeying: later(obeying),
      insisting: later(insisting),
      rested: later(rested),
      stats,
      keys: keysIn(stats),
    }
  },
})

/** The keys that may not have been silent for long when /stats is asked. */
export const BUSY_KEYS = 3

const MOST_TRIES = 4
const BASIC = 'Basic cmVkOmJsdWU='
/** In intervals of a token: a pause gives less than a token, and two give more. */
export const PERSISTENT_PAUSE = 0.78
/** A share of the period: most programs have not forgotten the key by then. */
const RESTED = 0.75
/** In seconds. */
const BETWEEN_COUNTS = 0.25

interface Asked {
  readonly before: Requests
  readonly after: Requests
}

function environmentOf({ limit, interval }: Rules) {
  return { LIMIT: String(limit), PERIOD_MS: String(limit * interval) }
}

function asOrder(key: string) {
  return { method: 'POST', path: '/orders', headers: [['Authorization', `Bearer ${key}`]] } as const
}

function orderer(send: Kit['send']): (key: string) => Promise<Exchange | null> {
  return (key) => send(asOrder(key))
}

/** Seconds until a token that is taken comes back a little after a whole second of the clock. */
function untilPhase({ interval }: Rules): number {
  const now = (Date.now() + interval) / 1000
  const part = now - Math.floor(now)
  return part >= 0.15 && part <= 0.25 ? 0 : (1.2 - part) % 1
}

/** Whether it is unclear when the program took the first token. */
function isSlow(requests: readonly (Exchange | null)[] = [null]): boolean {
  const [first = null] = requests
  if (!first) return true
  const { from, until } = spanOf(first)
  return isAnswered(first) && until - from > 200
}

/** What follows requests that were all served. */
async function next(first: readonly (Exchange | null)[], ask: () => Promise<Exchange | null>) {
  return first.every(hasStatus(201)) ? ask() : null
}
