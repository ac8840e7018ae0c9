import { present, scenario, type Exchange, type Kit, type LearnerProgram } from '#grader'
import { outcomeOf } from './read.ts'
import { askedAt, isLeft, NO_LIMIT, openUpstream, type Upstream } from './upstream.ts'

export const streaming = scenario('Answers go on for long and break off, and clients leave', {
  async setUp(kit) {
    const upstream = await openUpstream(kit, NO_LIMIT)
    return { upstream, environment: upstream.environment }
  },
  async record(kit, { upstream }) {
    const rows = await readRows(kit, upstream)
    const half = await breakOff(kit, upstream, '/half')
    const torn = await breakOff(kit, upstream, '/torn')
    const waiting = await leave(kit, upstream, '/silent')
    const reading = await leave(kit, upstream, '/rows/more')
    return { rows, half, torn, waiting, reading }
  },
  facts: ({ rows, half, torn, waiting, reading }) => ({
    rows: { ...rows, exchange: present(rows.exchange, 'GET /rows') },
    broken: [
      { name: '/half', ...half, outcome: outcomeOf(half.exchange) },
      { name: '/torn', ...torn, outcome: outcomeOf(torn.exchange) },
    ],
    left: [
      { name: 'before the head', ...waiting },
      { name: 'in the middle', ...reading },
    ],
  }),
})

export const failing = scenario(
  'The upstream answers nonsense, hangs up, is away, and comes back',
  {
    async setUp(kit) {
      const upstream = await openUpstream(kit, NO_LIMIT)
      return { upstream, environment: upstream.environment }
    },
    async record({ send, program, random }, { upstream: { server } }) {
      const meet = async (name: string, path: string) => {
        const exchange = await send(path)
        const survives = await revive(program)
        return { name, exchange, survives }
      }
      const nonsense = await meet('nonsense', '/nonsense')
      const hangUp = await meet('hangs up', '/hangs-up')
      await server.stop()
      const refused = await meet(REFUSES, `/orders/${random.token(8)}`)
      await server.start()
      const back = await send(`/orders/${random.token(8)}`)
      return { failures: [nonsense, hangUp, refused], back }
    },
  },
)

export const REFUSES = 'refuses'

export const waiting = scenario('The upstream takes longer than the gateway waits', {
  async setUp(kit) {
    const limit = kit.random.integer(400, 500)
    const upstream = await openUpstream(kit, limit)
    return { limit, upstream, environment: upstream.environment }
  },
  async record(kit, { limit, upstream }) {
    const silent = await askSilent(kit)
    const givenUp = await kit.until(() => {
      const arrived = askedAt(upstream.server, '/silent')
      return arrived !== null && isLeft(arrived)
    })
    // Without a limit, there is none to be outlived.
    const slow = silent?.response?.status === 504 ? await askSlow(kit, upstream, limit) : null
    return { limit, silent, slow, givenUp: givenUp === true }
  },
  facts: ({ limit, silent, slow, givenUp }) => {
    const exchange = present(silent, 'GET /silent')
    return {
      limit: limit / 1000,
      silent: exchange,
      waited: waitedFor(exchange),
      givenUp,
      slow,
    }
  },
})

/**
 * Asks for /slow, and has its content go on when the limit is over: that of a later request is then.
 * On a busy machine even the head may come after the limit, so there are tries with longer ones.
 */
async function askSlow(kit: Kit, upstream: Upstream, limit: number): Promise<Exchange | null> {
  const { send, exchanges, until, critical, program } = kit
  const all = () => exchanges().filter(({ request }) => request?.path === '/slow')
  const begin = async (before: number) => {
    const answer = send('/slow')
    await until(() => all()[before]?.response)
    return { answer, isLate: all()[before]?.response?.status === 504 }
  }
  let { answer, isLate } = await begin(all().length)
  for (const factor of [4, 8]) {
    if (!isLate) break
    await answer
    await program.restart({ environment: { TIMEOUT_MS: String(factor * limit) } })
    const again = () => begin(all().length)
    ;({ answer, isLate } = await (factor === 8 ? critical(again) : again()))
  }
  if (!isLate) await send('/silent')
  upstream.end('/slow')
  return answer
}

/** Asks for /silent again when the 504 came late, in the end where it counts how busy a machine is. */
async function askSilent({ send, critical }: Kit) {
  const isLate = (exchange: Exchange | null) =>
    exchange?.response?.complete === true && waitedFor(exchange) > LATEST
  for (let tries = 1; tries < TRIES; tries++) {
    const exchange = await send('/silent')
    if (!isLate(exchange)) return exchange
  }
  return critical(() => send('/silent'))
}

/** In seconds, until the answer began. */
function waitedFor({ response, startedAt }: Exchange): number {
  return ((response?.startedAt ?? Infinity) - startedAt) / 1000
}

const TRIES = 3
/** In seconds: the 504 may come one after the limit. */
export const LATEST = 1.6

/** Whether the client has a row while more are coming. A gateway that waits gets the end then. */
async function readRows(kit: Kit, upstream: Upstream) {
  const connection = await ask(kit, '/rows')
  const early = await hasBegun(kit, '/rows')
  upstream.end('/rows')
  await connection.receive((received) => received.includes('last row'))
  connection.end()
  return { early, exchange: exchangeAt(kit, '/rows') }
}

/** Sends a request on a connection that stays open. */
async function ask({ connect, address }: Kit, path: string) {
  const connection = await connect()
  await connection.write(`GET ${path} HTTP/1.1\r\nHost: ${new URL(address).host}\r\n\r\n`)
  return connection
}

function exchangeAt({ exchanges }: Kit, path: string): Exchange | null {
  return exchanges().find(({ request }) => request?.path === path) ?? null
}

/** Waits until the client has something of the content. */
async function hasBegun({ exchanges, until }: Kit, path: string): Promise<boolean> {
  const isThere = () =>
    exchanges().some(({ request, response }) => request?.path === path && response?.body.length)
  return (await until(isThere)) !== null
}

async function breakOff(kit: Kit, upstream: Upstream, path: string) {
  const answer = kit.send(path)
  await hasBegun(kit, path)
  upstream.end(path)
  const exchange = await answer
  return { exchange, survives: await revive(kit.program) }
}

/** Has a client break its connection, and waits until the upstream is left, too. */
async function leave(kit: Kit, { server }: Upstream, path: string) {
  const { until, program } = kit
  const connection = await ask(kit, path)
  const arrived = await until(() => askedAt(server, path))
  if (path !== '/silent') await hasBegun(kit, path)
  connection.reset()
  const ended = arrived && (await until(() => isLeft(arrived)))
  const survives = await revive(program)
  return {
    exchange: exchangeAt(kit, path),
    arrived: arrived !== null,
    ended: ended === true,
    survives,
  }
}

/** Whether it still runs; where it doesn't, it is started again, so that one end fails one check. */
async function revive(program: LearnerProgram): Promise<boolean> {
  const runs = await program.isRunning()
  if (!runs) await program.restart()
  return runs
}
