import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { scenario, together, type Scenario } from '../scenario.ts'
import type { Evidence, Exchange } from '../types/index.ts'
import { check, type Check } from './check.ts'
import { present } from './facts.ts'
import { rule } from './rule.ts'
import { context, EPOCH, evidence, exchange } from '../../testing/exchange-builder.ts'
import { authorsError, judgeCheck } from './judge-check.ts'

interface Facts {
  readonly answer: Exchange | null
}

const visit: Scenario<Facts> = scenario('never run here', {
  record: (): Promise<Facts> => Promise.reject(new Error('a check judges recorded facts')),
})
const judge = (
  definition: Partial<Omit<Check<Facts>, 'title' | 'given'>>,
  facts: Facts = { answer: exchange() },
  rest: Partial<Evidence> = {},
) =>
  judgeCheck(
    check('By hand', visit, { verify: () => {}, ...definition }),
    evidence(facts, rest),
    context,
  )

describe("a scenario that the learner's page stopped", () => {
  const page = exchange()
  const stopped = {
    claim: 'the page at / has .pay to click on',
    expected: 'a visible element that matches .pay',
    received: 'nothing matches .pay; the page came as the answer to GET /: 200 OK',
    exchange: page.id,
  }
  const never = {
    verify: () => {
      throw new Error('what was recorded before is not judged')
    },
  }

  test('fails with what was lacking, shown on what the page came with', () => {
    const result = judge(never, { answer: null }, { stopped, exchanges: [page] })
    expect(result).toMatchObject({
      outcome: 'failed',
      failedOn: page.id,
      diagnosis: {
        id: 'page-lacks',
        say: 'A visitor could not go on, because nothing matches .pay.',
      },
      findings: [{ claim: stopped.claim, received: stopped.received, holds: false }],
    })
    expect(result.findings[0]!.exhibit).toMatchObject({ kind: 'message', exchange: page.id })
  })

  test('says first that the script of the page threw', () => {
    const remarks = [{ id: 'page-threw', say: 'Your script threw.' }]
    const result = judge(never, { answer: null }, { stopped, exchanges: [page], remarks })
    expect(result.diagnosis).toEqual(remarks[0])
  })
})

describe('a check whose claims all hold', () => {
  test('passes, with every claim and what it rests on', () => {
    const result = judge({
      spec: 'RFC 9110 §15',
      reread: 'codes',
      verify: ({ answer }, expect) => expect(answer).toHaveStatus(200).toHaveEmptyBody(),
    })
    expect(result).toMatchObject({
      id: 'the-check',
      title: 'By hand',
      outcome: 'passed',
      atMs: 1234,
      spec: 'RFC 9110 §15',
      reproduce: [],
      exhibits: [],
    })
    expect(result.findings.map(({ claim, holds }) => [claim, holds])).toEqual([
      ['the status is 200', true],
      ['the response has no content', true],
    ])
    expect(result.findings.every(({ exhibit }) => exhibit?.kind === 'message')).toBe(true)
    expect(result).not.toHaveProperty('diagnosis')
    expect(result).not.toHaveProperty('reread')
  })

  test('shows its pictures', () => {
    const picture = { kind: 'table' as const, title: 'T', columns: [], rows: [] }
    const result = judge({
      verify: ({ answer }, expect) => {
        expect.show(picture)
        expect(answer).toHaveStatus(200)
      },
    })
    expect(result.exhibits).toEqual([picture])
  })
})

describe('a program that ended after it had answered', () => {
  const passing: Partial<Parameters<typeof check<Facts>>[2]> = {
    verify: ({ answer }, expect) => expect(answer).toHaveStatus(200),
  }
  const exchanges = [exchange({ target: '/a' }), exchange({ id: 2, target: '/b', at: 1 })]
  const log =
    'file:///work/server.ts:3\n  throw new TypeError("late")\n        ^\n\nTypeError: late\n    at Timeout._onTimeout\n\nNode.js v24.21.0\n'
  const exit = (code: number | null, signal: string | null = null) => ({ code, signal, at: 0 })

  test.for<[rest: Partial<Evidence>, diagnosis: string, say: string]>([
    [
      { exit: exit(1), log },
      'crashed-after',
      'Your program answered this, then crashed (it exited with code 1): TypeError: late',
    ],
    [
      { exit: exit(null, 'SIGSEGV') },
      'crashed-after',
      'Your program answered this, then crashed (it was ended by SIGSEGV): it printed nothing',
    ],
    [
      { exit: exit(null, 'SIGKILL') },
      'crashed-after',
      'Your program answered this, then crashed (it was ended by SIGKILL): it printed nothing. The system sends SIGKILL when memory runs out.',
    ],
    [
      { exit: exit(0) },
      'ended-after',
      'Your program answered, then exited with code 0, though more may be asked of it.',
    ],
    [
      {
        exit: exit(134),
        log: 'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory\n',
      },
      'memory',
      'Your program used more memory than it may have (512 MB of objects, 1 GB in all) and was ended.',
    ],
  ])('has failed, whatever the answers were (%$)', ([rest, id, say]) => {
    const result = judge(passing, undefined, { exchanges, ...rest })
    expect(result).toMatchObject({
      outcome: 'failed',
      diagnosis: { id, say },
      reproduce: ['npm run serve by-hand', 'curl -i http://127.0.0.1:3000/b'],
    })
    expect(result.findings.map(({ holds }) => holds)).toEqual([true, false])
  })

  test('names the request on which it did', () => {
    const unanswered = exchange({ id: 2, target: '/b', at: 1, status: null, cut: 'closed' })
    const refused = exchange({ id: 3, target: '/c', at: 1.01, status: null, cut: 'refused' })
    const result = judge(passing, undefined, {
      exchanges: [exchange({ target: '/a' }), unanswered, refused],
      exit: { ...exit(1), at: EPOCH + 1500 },
      log,
    })
    expect(result.diagnosis?.say).toBe(
      'Your program answered this, then crashed at GET /b (it exited with code 1): TypeError: late',
    )
    expect(result.reproduce.at(-1)).toBe('curl -i http://127.0.0.1:3000/b')
  })

  test('is seen again by the last request before its end, not by one that came too late', () => {
    const tooLate = [
      exchange({ id: 2, target: '/b', at: 1, status: null, cut: 'refused' }),
      exchange({ id: 3, target: '/c', at: 2, status: null }),
    ]
    const ended = { ...exit(1), at: EPOCH + 500 }
    expect(
      judge(passing, undefined, {
        exchanges: [exchange({ target: '/a' }), ...tooLate],
        exit: ended,
        log,
      }).reproduce.at(-1),
    ).toBe('curl -i http://127.0.0.1:3000/a')
  })

  test('says why what is missing is missing, when the exercise knows no better', () => {
    const missing: Partial<Parameters<typeof check<Facts>>[2]> = {
      verify: ({ answer }, expect) => expect(answer).toSetCookie('session'),
    }
    const answer = exchanges[0]!
    expect(judge(missing, { answer }, { exchanges, exit: exit(1), log })).toMatchObject({
      outcome: 'failed',
      diagnosis: { id: 'crashed-after' },
      reproduce: [expect.anything(), 'curl -i http://127.0.0.1:3000/a'],
    })
    const diagnose = { known: rule({ when: () => true, say: 'Known.' }) }
    expect(
      judge({ ...missing, diagnose }, { answer }, { exchanges, exit: exit(1), log }),
    ).toMatchObject({ diagnosis: { id: 'known' } })
    expect(judge(missing, { answer }, { exchanges }).diagnosis).toBeUndefined()
  })

  test('is seen again by what it ended on when the claim is about a later request', () => {
    const answer = exchange({ id: 2, target: '/b', at: 1, status: null, cut: 'refused' })
    const result = judge(
      passing,
      { answer },
      {
        exchanges: [exchange({ target: '/a' }), answer],
        exit: { ...exit(1), at: EPOCH + 500 },
        log,
      },
    )
    expect(result).toMatchObject({
      diagnosis: { id: 'crashed' },
      reproduce: [expect.anything(), 'curl -i http://127.0.0.1:3000/a'],
    })
  })

  test('in one scenario of several is found there', () => {
    const parts = { a: evidence({}), b: evidence({}, { exit: exit(1), log, exchanges }) }
    const all: Partial<Evidence> & { parts: Record<string, Evidence> } = {
      exit: exit(1),
      log,
      exchanges,
      parts,
    }
    expect(judge(passing, undefined, all)).toMatchObject({
      outcome: 'failed',
      diagnosis: { id: 'crashed-after' },
    })
    expect(
      judge(passing, undefined, {
        ...all,
        parts: { a: evidence({}), b: evidence({}) },
      } as Partial<Evidence>),
    ).toMatchObject({ outcome: 'passed' })
  })
})

describe('a check with a claim that does not hold', () => {
  const failing: Partial<Parameters<typeof check<Facts>>[2]> = {
    verify: ({ answer }, expect) =>
      expect(answer).toHaveStatus(200).toHaveStatus(404).toHaveStatus(200),
  }

  test('fails there: what follows is not claimed', () => {
    const result = judge({ ...failing, reread: 'codes' }, { answer: exchange({ target: '/a' }) })
    expect(result).toMatchObject({
      outcome: 'failed',
      reproduce: ['npm run serve by-hand', 'curl -i http://127.0.0.1:3000/a'],
      reread: { lesson: 'by-hand', anchor: 'codes', heading: 'About codes' },
    })
    expect(result.findings.map(({ holds }) => holds)).toEqual([true, false])
  })

  test('says the first diagnosis that fits', () => {
    const diagnose = {
      'not-this': rule({ when: () => false, say: 'no' }),
      'this-one': rule({
        when: ({ answer }: Facts) => answer?.response?.status,
        say: (status, { answer }) => `It was ${status} for ${answer?.request.path}.`,
      }),
      'too-late': rule({ when: () => true, say: 'no' }),
    }
    expect(judge({ ...failing, diagnose }).diagnosis).toEqual({
      id: 'this-one',
      say: 'It was 200 for /.',
    })
    expect(
      judge({ ...failing, diagnose: { 'not-this': diagnose['not-this'] } }),
    ).not.toHaveProperty('diagnosis')
  })

  test('is not diagnosed when it passes', () => {
    expect(
      judge({
        verify: ({ answer }, expect) => expect(answer).toHaveStatus(200),
        diagnose: { always: rule({ when: () => true, say: 'no' }) },
      }),
    ).not.toHaveProperty('diagnosis')
  })

  test.each([
    [
      'when',
      rule({
        when: (): boolean => {
          throw new TypeError('no such fact')
        },
        say: 'no',
      }),
    ],
    [
      'say',
      rule({
        when: () => true,
        say: () => {
          throw new TypeError('no such fact')
        },
      }),
    ],
  ])('still fails when the %s of a diagnosis throws', (_, broken) => {
    const result = judge({ ...failing, diagnose: { broken } })
    expect(result).toMatchObject({
      outcome: 'failed',
      error: 'The diagnosis could not be made: no such fact',
    })
    expect(result).not.toHaveProperty('diagnosis')
  })

  test('is diagnosed by a crash first, then by what this exercise knows, then by any fault', () => {
    const diagnose = { known: rule({ when: () => true, say: 'no' }) }
    const answer = exchange({ garbage: 'oops' })
    const exit = { code: 1, signal: null, at: EPOCH + 1000 }
    expect(judge({ ...failing, diagnose }, { answer }, { exit }).diagnosis?.id).toBe('crashed')
    expect(judge({ ...failing, diagnose }, { answer }).diagnosis?.id).toBe('known')
    expect(judge(failing, { answer }).diagnosis?.id).toBe('not-http')
  })

  test('names the exchange that the claim and the rule are about', () => {
    const [answer, other] = [exchange({ id: 1 }), exchange({ id: 2 })]
    const about = (found: unknown) =>
      judge(
        { ...failing, diagnose: { known: rule({ when: () => found as Exchange, say: 'no' }) } },
        { answer },
      )
    expect(about(other)).toMatchObject({ failedOn: 1, diagnosis: { exchange: 2 } })
    expect(about({ exchange: other, second: '1.0' }).diagnosis?.exchange).toBe(2)
    expect(about([answer, other]).diagnosis?.exchange).toBe(1)
    expect(about('a name').diagnosis).toEqual({ id: 'known', say: 'no' })
  })

  test.each([
    ['a promise', Promise.resolve(true), 'asynchronous'],
    ['no text', true, 'returned no text'],
  ])('says so when a rule gives %s', (_, found, words) => {
    const broken = rule({ when: () => found as true, say: (() => undefined) as never })
    expect(judge({ ...failing, diagnose: { broken } })).toMatchObject({
      outcome: 'failed',
      error: expect.stringContaining(words),
    })
  })

  test('cannot be rescued by catching the failure', () => {
    const result = judge({
      verify: ({ answer }, expect) => {
        try {
          expect(answer).toHaveStatus(404)
        } catch {
          expect(answer).toHaveStatus(200)
        }
      },
    })
    expect(result.outcome).toBe('failed')
  })
})

describe('a check that is broken', () => {
  test('errs when it claims nothing', () => {
    expect(judge({ verify: () => {} })).toMatchObject({
      outcome: 'errored',
      error: 'verify() made no claim, so it could not fail.',
      reproduce: [],
    })
  })

  test('errs when it throws anything but a failed claim, and keeps what was claimed before', () => {
    const result = judge({
      verify: ({ answer }, expect) => {
        expect(answer).toHaveStatus(200)
        throw new TypeError('no such fact')
      },
      diagnose: { always: rule({ when: () => true, say: 'no' }) },
    })
    expect(result).toMatchObject({
      outcome: 'errored',
      error: 'no such fact',
      findings: [{ holds: true }],
    })
    expect(result).not.toHaveProperty('diagnosis')
  })

  test.each([null, 'text', 7])('errs when it throws %j', (thrown) => {
    expect(
      judge({
        verify: () => {
          throw thrown
        },
      }),
    ).toMatchObject({ outcome: 'errored', error: String(thrown) })
  })

  test('errs when a plain value is given without a name', () => {
    expect(judge({ verify: (_, expect) => void expect(7 as never) })).toMatchObject({
      outcome: 'errored',
      error: expect.stringContaining('without a name'),
    })
  })

  test.each([
    ['passes', 200],
    ['fails', 404],
  ])('errs when verify is asynchronous, also when it %s later', async (_, status) => {
    const unhandled: unknown[] = []
    const listener = (reason: unknown) => unhandled.push(reason)
    process.on('unhandledRejection', listener)
    const verify = (async ({ answer }: Facts, expect: Parameters<Check<Facts>['verify']>[1]) =>
      void expect(answer).toHaveStatus(status)) as unknown as Check<Facts>['verify']
    expect(judge({ verify })).toMatchObject({
      outcome: 'errored',
      error: expect.stringContaining('asynchronous'),
    })
    await sleep(5)
    process.off('unhandledRejection', listener)
    expect(unhandled).toEqual([])
  })
})

describe('facts', () => {
  const asked = (facts: (recorded: any) => unknown, rest: Partial<Evidence> = {}) =>
    judgeCheck(
      check('By hand', scenario('never run here', { record: async () => ({}), facts }), {
        verify: (found, expect) => expect(found, 'the facts').toBe(7),
        diagnose: { known: rule({ when: () => true, say: 'no' }) },
      }),
      evidence({ answer: null, seven: 7 }, rest),
      context,
    )

  test('are made of what was recorded', () => {
    expect(asked(({ seven }) => seven)).toMatchObject({ outcome: 'passed' })
  })

  test('that cannot be made without an exchange fail the check with its name and the reason', () => {
    const without = ({ answer }: { answer: Exchange | null }) => present(answer, 'GET /start')
    const result = asked(without, {
      failedLoads: [
        { path: '/start', error: 'net::ERR_INVALID_REDIRECT' },
        { path: '/other', error: 'net::ERR_FAILED' },
      ],
    })
    expect(result).toMatchObject({
      outcome: 'failed',
      findings: [
        {
          claim: 'GET /start reached your program',
          received: 'nothing crossed the wire: Chromium reports net::ERR_INVALID_REDIRECT',
          holds: false,
        },
      ],
    })
    expect(result).not.toHaveProperty('diagnosis')
    expect(asked(without).findings[0]?.received).toBe('nothing crossed the wire')
    expect(asked(without, { exit: { code: 1, signal: null, at: EPOCH } }).diagnosis?.id).toBe(
      'crashed',
    )
  })

  test.each<[string, () => unknown, string]>([
    [
      'throw',
      () => {
        throw new TypeError('no such record')
      },
      'no such record',
    ],
    ['are asynchronous', async () => 7, 'facts() of “never run here” is asynchronous'],
  ])('that %s are an error of the exercise', (_, facts, words) => {
    expect(asked(facts)).toMatchObject({
      outcome: 'errored',
      error: expect.stringContaining(words),
    })
  })

  test('of several scenarios are blamed on the one that lacks them', () => {
    const part = scenario('never run here', {
      record: async () => ({ answer: null as Exchange | null }),
      facts: ({ answer }) => present(answer, 'GET /start'),
    })
    const whole = scenario('never run either', { record: async () => 7 })
    const exit = { code: 1, signal: null, at: EPOCH }
    const parts = { part: evidence({ answer: null }), whole: evidence(7, { exit }) }
    const result = judgeCheck(
      check('By hand', together({ part, whole }), { verify: () => {} }),
      Object.assign(evidence({ part: { answer: null }, whole: 7 }, { exit }), { parts }),
      context,
    )
    expect(result).toMatchObject({ outcome: 'failed', findings: [{ holds: false }] })
    expect(result).not.toHaveProperty('diagnosis')
  })
})

test('a cut connection is not explained by the crash of another scenario', () => {
  const cut = exchange({ id: 1, status: null, cut: 'closed', at: 1 })
  const exit = { code: 1, signal: null, at: EPOCH + 2000 }
  const parts = { a: evidence({}, { exchanges: [cut] }), b: evidence({}, { exit }) }
  const result = judge(
    { verify: ({ answer }, expect) => expect(answer).toBeAnswered() },
    { answer: cut },
    Object.assign({ exchanges: [cut], exit }, { parts }),
  )
  expect(result.diagnosis?.id).toBe('connection-lost')
})

describe('authorsError', () => {
  const thrown = (stack: string) =>
    Object.assign(new Error('no such fact'), { stack: `Error: no such fact\n${stack}` })

  test.each([
    [
      '    at verify (file:///x/exercises/hello/checks.ts:12:5)\n    at verify (/x/grader/judge/judge-check.ts:3:1)',
      'no such fact (hello/checks.ts line 12)',
    ],
    [
      '    at header (/x/grader/judge/message.ts:3:1)\n    at file:///x/exercises/hello/checks.ts?1700000000000.123:7:5\n    at a (file:///x/exercises/hello/checks.ts?1700000000000.123:99:5)',
      'no such fact (hello/checks.ts line 7)',
    ],
    [
      '    at verify (C:\\x\\exercises\\hello\\checks.ts:12:5)',
      'no such fact (hello\\checks.ts line 12)',
    ],
    [
      '    at answered (file:///x/exercises/hello/answers.ts?1700000000000.1:3:1)\n    at verify (file:///x/exercises/hello/checks.ts?1700000000000.1:12:5)',
      'no such fact (hello/answers.ts line 3)',
    ],
    ['    at verify (/x/other.ts:12:5)', 'no such fact'],
  ])('names the place in checks.ts, or beside it', (stack, words) => {
    expect(authorsError(thrown(stack))).toBe(words)
  })

  test('says whatever was thrown', () => {
    expect([authorsError('text'), authorsError(undefined)]).toEqual(['text', 'undefined'])
  })
})

test('the same evidence gives the same result', () => {
  const facts = { answer: exchange({ sets: ['a=b; Max-Age=0'] }) }
  const definition = {
    verify: ({ answer }: Facts, expect: Parameters<Check<Facts>['verify']>[1]) =>
      void expect(answer).toSetCookie('a', { lifetime: { seconds: 10, within: 1 } }),
  }
  expect(judge(definition, facts)).toEqual(judge(definition, facts))
})
