import { hasStatus, present, scenario, text, type Exchange, type SetUpKit } from '#grader'
import { instanceIn, secretsIn, lateOutcome, traceIn, type Failure } from './answers.ts'

export const failing = scenario(
  'Actions fail while another request waits: two in turn, one after its head, twenty at once',
  {
    setUp: ({ random }) => ({
      // Longer than any answer is waited for, however busy the machine.
      environment: { PASSWORD: random.token(24), LIMIT_MS: '600000' },
    }),
    async record({ send, sendTogether, untilRead, program, random }, { environment }) {
      const ask = (path: string) => {
        const order = random.token(10)
        return { order, answer: send(`${path}?order=${order}`) }
      }
      const { order: waitingOrder, answer: waiting } = ask('/waits')
      await untilRead()
      const throws = ask('/throws')
      const thrown = await throws.answer
      const rejects = ask('/rejects')
      const rejected = await rejects.answer
      const late = await ask('/late').answer
      const survivesLate = await program.isRunning()
      if (!survivesLate) await program.restart()
      await send('/go')
      const waited = await waiting
      const crowd = await sendTogether(
        Array.from(
          { length: 20 },
          (_, index) => `${index % 2 ? '/throws' : '/rejects'}?order=${random.token(10)}`,
        ),
      )
      const last = ask('/ok')
      return {
        password: environment.PASSWORD,
        throws: { order: throws.order, exchange: thrown },
        rejects: { order: rejects.order, exchange: rejected },
        waits: { order: waitingOrder, exchange: waited },
        late,
        survivesLate,
        crowd,
        ok: { order: last.order, exchange: await last.answer },
        isRunning: await program.isRunning(),
        output: program.output(),
      }
    },
    facts: ({ password, throws, rejects, late, crowd, output, ...rest }) => {
      const failure = (name: string, { order, exchange }: Asked): Failure => ({
        name,
        exchange,
        instance: instanceIn(exchange),
        secrets: secretsIn(password, exchange),
        trace: traceIn(output, instanceIn(exchange), order),
      })
      present(throws.exchange, 'GET /throws')
      return {
        ...rest,
        failures: [failure('/throws', throws), failure('/rejects', rejects)] as const,
        late: { exchange: late, outcome: lateOutcome(late), text: text(late) },
        notAnswered: crowd.filter((each) => !hasStatus(500)(each)),
      }
    },
  },
)

export const hanging = scenario('An action hangs for longer than LIMIT_MS', {
  setUp: (kit) => setLimit(kit, 300),
  async record({ send, critical, random }, { environment }) {
    const ok = await send(`/ok?order=${random.token(10)}`)
    const hangs = await critical(() => send('/hangs'))
    return { limit: Number(environment.LIMIT_MS), ok, hangs }
  },
  facts: ({ limit, hangs }) => {
    const exchange = present(hangs, 'GET /hangs')
    const { response, startedAt } = exchange
    const waited = ((response?.startedAt ?? Infinity) - startedAt) / 1000
    return { limit: limit / 1000, exchange, waited }
  },
})

export const overdue = scenario('Three actions fail, and LIMIT_MS is over after that', {
  setUp: (kit) => setLimit(kit, 600),
  async record({ send, wait, random }) {
    const failed = ['/throws', '/rejects', '/late'].map((path) =>
      send(`${path}?order=${random.token(10)}`),
    )
    // Each has failed by then, answered or not, and the time of none is over.
    await Promise.race([Promise.all(failed), wait(0.2)])
    // When this one is given up, the time of those before it is over, too.
    const hangs = await send('/hangs')
    await Promise.all(failed)
    return { hangs }
  },
  facts: ({ hangs }) => ({ exchange: present(hangs, 'GET /hangs') }),
})

function setLimit({ random }: SetUpKit, from: number) {
  return {
    environment: {
      PASSWORD: random.token(24),
      LIMIT_MS: String(random.integer(from, from + 100)),
    },
  }
}

interface Asked {
  readonly order: string
  readonly exchange: Exchange | null
}
