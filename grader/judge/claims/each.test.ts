import { describe, expect, test } from 'vitest'
import { context, evidence, exchange } from '../../../testing/exchange-builder.ts'
import { scenario } from '../../scenario.ts'
import type { Exchange } from '../../types/index.ts'
import { check } from '../check.ts'
import { judgeCheck } from '../judge-check.ts'
import { rule } from '../rule.ts'
import type { Expect } from './expect.ts'

interface Case {
  readonly name: string
  readonly exchange: Exchange
}

const never = scenario('never run here', {
  record: (): Promise<{ cases: Case[] }> => Promise.reject(new Error('not recorded')),
})
const row = (id: number, status: number, body = ''): Case => ({
  name: `GET /${id}`,
  exchange: exchange({ id, target: `/${id}`, status, body, at: id }),
})
const notFound = ({ exchange: subject }: Case, expecting: Expect) =>
  void expecting(subject).toHaveStatus(404).toHaveEmptyBody()
const judge = (
  cases: readonly Case[],
  claim: (row: Case, expecting: Expect) => void = notFound,
  found: (cases: readonly Case[]) => Case | undefined = () => undefined,
) =>
  judgeCheck(
    check('By hand', never, {
      verify: ({ cases: all }, expecting) => expecting.each(all, claim),
      diagnose: {
        known: rule({ when: ({ cases: all }) => found(all), say: ({ name }) => `It is ${name}.` }),
      },
    }),
    evidence({ cases }, { exchanges: cases.map(({ exchange: each }) => each) }),
    context,
  )

describe('claims about each row', () => {
  // Text for people is cut after 200 units, that of a table after 59.
  test.each(['', 'a'])('cut no character of a long value in two, after %j', (before) => {
    const long = before + '🧅'.repeat(101)
    const result = judge([row(1, 200, long)], ({ exchange: subject }, expecting) => {
      expecting(subject).toHaveText('short')
    })
    const shown = JSON.stringify(result)
    expect(shown).toContain('🧅…')
    // JSON writes half of a character as an escape.
    expect(shown).not.toMatch(/\\ud[89a-f]/i)
  })

  test('name the row, and pass when all hold', () => {
    const result = judge([row(1, 404), row(2, 404)])
    expect(result.outcome).toBe('passed')
    expect(result.findings.map(({ claim }) => claim)).toEqual([
      'GET /1: the status is 404',
      'GET /1: the response has no content',
      'GET /2: the status is 404',
      'GET /2: the response has no content',
    ])
    expect(result.exhibits).toMatchObject([{ kind: 'table', title: '2 of 2 held' }])
  })

  test('fail with one row, and tell of all the others what became of them', () => {
    const result = judge([row(1, 404), row(2, 200), row(3, 404, 'words'), row(4, 404)])
    expect([result.outcome, result.failedOn]).toEqual(['failed', 2])
    expect(result.findings.filter(({ holds }) => !holds)).toMatchObject([
      { claim: 'GET /2: the status is 404', expected: 'GET /2: status 404' },
    ])
    expect(result.reproduce.at(-1)).toContain('/2')
    expect(result.exhibits.at(-1)).toEqual({
      kind: 'table',
      title: '2 of 4 held',
      columns: ['', 'case', 'expected', 'received'],
      rows: [
        ['✗', 'GET /2', 'status 404', 'HTTP/1.1 200 OK'],
        ['✗', 'GET /3', 'no content', '5 bytes of content'],
        ['✓', 'GET /1', 'no content', 'no content'],
        ['✓', 'GET /4', 'no content', 'no content'],
      ],
    })
  })

  test('show the row that a rule found, where that failed, too', () => {
    const cases = [row(1, 200), row(2, 404, 'words'), row(3, 404)]
    const result = judge(cases, notFound, (all) => all.find(({ name }) => name === 'GET /2'))
    expect(result).toMatchObject({
      failedOn: 2,
      diagnosis: { id: 'known', say: 'It is GET /2.', exchange: 2 },
    })
    expect(result.findings.filter(({ holds }) => !holds)).toMatchObject([
      { claim: 'GET /2: the response has no content' },
    ])
    // A row that held is none to be shown: verify refuses such a mutant.
    const other = judge(cases, notFound, (all) => all.at(-1))
    expect([other.failedOn, other.diagnosis?.exchange]).toEqual([1, 3])
  })

  test('a failure that was caught is one all the same', () => {
    const result = judge([row(1, 200)], (each, expecting) => {
      try {
        notFound(each, expecting)
      } catch {}
    })
    expect(result.outcome).toBe('failed')
  })

  test.for<[readonly Case[], (row: Case, expecting: Expect) => unknown, string]>([
    [[], notFound, 'expect.each() was given no rows'],
    [[row(1, 404)], () => {}, 'expect.each() made no claim about "GET /1"'],
    [[{ ...row(1, 404), name: '' }], notFound, 'expect.each() calls a row by its name, and row 1'],
    [[row(1, 404)], async () => {}, 'the claims about "GET /1" are asynchronous'],
  ])('an author is told of a mistake: %#', ([cases, claim, error]) => {
    const result = judge(cases, claim as typeof notFound)
    expect([result.outcome, result.error]).toEqual(['errored', expect.stringContaining(error)])
  })
})
