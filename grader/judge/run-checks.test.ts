import { describe, expect, test } from 'vitest'
import { scenario, together, type Scenario } from '../scenario.ts'
import type { CheckResult, Evidence } from '../types/index.ts'
import { check, type Check } from './check.ts'
import { context, evidence, exchange } from '../../testing/exchange-builder.ts'
import { runChecks, scenariosOf } from './run-checks.ts'

const named = <Facts>(title: string): Scenario<Facts> =>
  scenario(title, {
    record: (): Promise<Facts> => Promise.reject(new Error('record is given to runChecks')),
  })
const passes = (given: Check<any>['given'], after?: Check<any>) =>
  check(`passes`, given, {
    ...(after && { after }),
    verify: (_, expect) => void expect(1, 'one').toBe(1),
  })
const fails = (given: Check<any>['given'], after?: Check<any>) =>
  check(`fails`, given, {
    ...(after && { after }),
    verify: (_, expect) => void expect(1, 'one').toBe(2),
  })
const errs = (given: Check<any>['given'], after?: Check<any>) =>
  check(`errs`, given, { ...(after && { after }), verify: () => {} })

/** Runs checks; scenarios find their facts at once, or when `world` says. */
async function run(
  checks: Record<string, Check<any>>,
  world: (scenario: Scenario<any>) => Promise<Partial<Evidence>> | Partial<Evidence> = () => ({}),
) {
  const recorded: string[] = []
  const told: string[] = []
  const results = await runChecks(new Map(Object.entries(checks)), {
    record: async (each) => {
      recorded.push(each.title)
      return evidence({}, await world(each))
    },
    context: () => context,
    onResult: ({ id }) => told.push(id),
    explainRecordError: (error, { id, title }) => {
      if (error instanceof RangeError)
        return { id, title, outcome: 'failed', findings: [], exhibits: [], reproduce: [], atMs: 0 }
      if (error instanceof SyntaxError) throw error
      return undefined
    },
  })
  return {
    results,
    recorded,
    told,
    outcomes: Object.fromEntries(results.map(({ id, outcome }) => [id, outcome])),
  }
}

/** A world that waits until it is told to go on. */
function held() {
  const waiting = new Map<string, () => void>()
  return {
    world: (each: Scenario<any>) =>
      new Promise<Partial<Evidence>>((resolve) => waiting.set(each.title, () => resolve({}))),
    begun: () => [...waiting.keys()],
    release: (title: string) => waiting.get(title)!(),
  }
}
const settled = () => new Promise((resolve) => setTimeout(resolve, 0))

describe('a scenario', () => {
  test('runs once, however many checks are given it', async () => {
    const visit = named('visit')
    const { recorded, outcomes } = await run({
      a: passes(visit),
      b: fails(visit),
      c: passes(visit),
    })
    expect([recorded, outcomes]).toEqual([['visit'], { a: 'passed', b: 'failed', c: 'passed' }])
  })

  test('does not run when what its checks come after did not pass', async () => {
    const first = fails(named('quick'))
    const { recorded, outcomes } = await run({
      first,
      slow: passes(named('slow'), first),
      slower: passes(named('slower'), first),
    })
    expect([recorded, outcomes]).toEqual([
      ['quick'],
      { first: 'failed', slow: 'skipped', slower: 'skipped' },
    ])
  })

  test('runs when one of its checks has nothing to wait for', async () => {
    const first = fails(named('quick'))
    const shared = named('shared')
    const { recorded, outcomes } = await run({
      first,
      held: passes(shared, first),
      free: passes(shared),
    })
    expect([recorded, outcomes]).toEqual([
      ['quick', 'shared'],
      { first: 'failed', held: 'skipped', free: 'passed' },
    ])
  })

  test('begins only after the check it waits for has passed', async () => {
    const { world, begun, release } = held()
    const first = passes(named('quick'))
    const running = run({ second: passes(named('slow'), first), first }, world)
    await settled()
    expect(begun()).toEqual(['quick'])
    release('quick')
    await settled()
    expect(begun()).toEqual(['quick', 'slow'])
    release('slow')
    expect((await running).outcomes).toEqual({ second: 'passed', first: 'passed' })
  })

  test('runs beside others that nothing holds back, and a quick one is told first', async () => {
    const { world, begun, release } = held()
    const running = run({ a: passes(named('slow')), b: passes(named('quick')) }, world)
    await settled()
    expect(begun()).toEqual(['slow', 'quick'])
    release('quick')
    await settled()
    release('slow')
    const { told, results } = await running
    expect(told).toEqual(['b', 'a'])
    expect(results.map(({ id }) => id)).toEqual(['a', 'b'])
  })
})

describe('a chain of checks', () => {
  test('is skipped to its end when the first fails, and names the root', async () => {
    const visit = named('visit')
    const a = fails(visit)
    const b = passes(visit, a)
    const c = passes(visit, b)
    const { results } = await run({ c, a, d: passes(visit, c), b })
    expect(
      Object.fromEntries(results.map(({ id, outcome, needs }) => [id, [outcome, needs]])),
    ).toEqual({
      a: ['failed', undefined],
      b: ['skipped', 'a'],
      c: ['skipped', 'a'],
      d: ['skipped', 'a'],
    })
  })

  test('is skipped when the one before erred', async () => {
    const visit = named('visit')
    const a = errs(visit)
    const { results } = await run({ a, b: passes(visit, a) })
    expect(results).toMatchObject([
      { outcome: 'errored' },
      { outcome: 'skipped', needs: 'a', findings: [], title: 'passes' },
    ])
  })

  test('is told once each', async () => {
    const visit = named('visit')
    const a = passes(visit)
    const b = passes(visit, a)
    expect((await run({ a, b, c: passes(visit, a), d: passes(visit, b) })).told.toSorted()).toEqual(
      ['a', 'b', 'c', 'd'],
    )
  })
})

describe('together', () => {
  const login = named<number>('login')
  const logout = named<number>('logout')
  const both = together({ login, logout })
  const world = ({ title }: Scenario<any>): Partial<Evidence> => ({
    recorded: title === 'login' ? 1 : 2,
    exchanges: [exchange({ id: title === 'login' ? 1 : 2 })],
    log: `${title}\n`,
    exit: title === 'logout' ? { code: 3, signal: null, at: 0 } : null,
    remarks: [{ id: title, say: title }],
  })

  test('hands a check the facts of all under their names, and runs each once', async () => {
    const sum = check('sum', both, {
      verify: (facts, expect) =>
        void expect(facts, 'the facts').toBe({ login: 1, logout: 2 } as never),
    })
    const { recorded, outcomes } = await run({ sum, alone: passes(login) }, (scenario) => ({
      ...world(scenario),
      exit: null,
    }))
    expect([recorded, outcomes]).toEqual([['login', 'logout'], { sum: 'passed', alone: 'passed' }])
  })

  test('is titled by all of them', () => {
    expect(both.title).toBe('login; logout')
  })

  test('tells of the end of any of the programs', async () => {
    const judged = check('fails', both, {
      verify: (_, expect) => void expect(null).toBeAnswered(),
    })
    expect((await run({ judged }, world)).results[0]?.diagnosis).toEqual({
      id: 'crashed',
      say: 'Your program exited with code 3 in the middle: logout',
    })
  })

  test('fails the check when one of them could not be run', async () => {
    const { outcomes } = await run({ judged: passes(both), alone: passes(login) }, ({ title }) => {
      if (title === 'logout') throw new RangeError('the program does not start')
      return {}
    })
    expect(outcomes).toEqual({ judged: 'failed', alone: 'passed' })
  })

  test('counts as all of its scenarios', () => {
    expect(
      [
        ...scenariosOf(
          new Map([
            ['a', passes(both)],
            ['b', passes(login)],
          ]),
        ),
      ].map(({ title }) => title),
    ).toEqual(['login', 'logout'])
  })
})

describe('what record throws', () => {
  test('may be the program’s fault: the check fails, and what comes after it is skipped', async () => {
    const a = passes(named('visit'))
    expect(
      (
        await run({ a, b: passes(named('other'), a) }, () => {
          throw new RangeError('the program does not start')
        })
      ).outcomes,
    ).toEqual({ a: 'failed', b: 'skipped' })
  })

  test('is otherwise the author’s: the check errs with the message', async () => {
    const { results } = await run({ a: passes(named('visit')) }, () => {
      throw new TypeError('page.opne is not a function')
    })
    expect(results).toMatchObject([{ outcome: 'errored', error: 'page.opne is not a function' }])
  })

  test('ends everything when it is ours', async () => {
    const a = passes(named('visit'))
    await expect(
      run({ a, b: passes(named('other'), a), c: passes(named('third')) }, () => {
        throw new SyntaxError('the browser is gone')
      }),
    ).rejects.toThrow('the browser is gone')
  })
})

test('a check that comes after one that is not exported is a mistake', async () => {
  await expect(run({ b: passes(named('visit'), passes(named('visit'))) })).rejects.toThrow(
    'not exported',
  )
})

test('results keep the order of the checks', async () => {
  const visit = named('visit')
  const checks: [string, Check<any>][] = Array.from({ length: 20 }, (_, index) => [
    `check-${index}`,
    index % 3 === 0 ? fails(visit) : passes(visit),
  ])
  const { results }: { results: CheckResult[] } = await run(Object.fromEntries(checks))
  expect(results.map(({ id }) => id)).toEqual(checks.map(([id]) => id))
})
