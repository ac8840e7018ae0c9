import { describe, expect, test } from 'vitest'
import { decodeEvidence, encodeEvidence } from './evidence-codec.ts'
import { cookie, evidence, exchange, jar } from '../testing/exchange-builder.ts'
import type { Evidence, Exchange } from './types/index.ts'

const there = (found: Partial<Evidence> & { recorded: unknown }): Evidence =>
  decodeEvidence(encodeEvidence([evidence(found.recorded, found)]))[0]!

describe('evidence that was written and read again', () => {
  test('is what it was, to the byte', () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, value) => value))
    const odd = { ...exchange({ id: 3, cookie: 'ä=b' }), garbage: bytes, response: null }
    const whole = evidence(
      { jar: jar([cookie('a', 'b', { expires: 10.123 })]), odd },
      {
        exchanges: [exchange({ id: 1, body: '\u0000\ud83d\ude00', sets: ['a=b', 'c=d'] }), odd],
        log: 'one\n\u001b[31mtwo\u001b[0m',
        exit: { code: null, signal: 'SIGKILL', at: 1.5 },
        remarks: [{ id: 'dialog', say: 'x' }],
      },
    )
    expect(decodeEvidence(encodeEvidence([whole, evidence(null)]))).toEqual([whole, evidence(null)])
  })

  test('names one exchange once: what was one object is one object', () => {
    const [first, second] = [exchange({ id: 1 }), exchange({ id: 2 })]
    const read = there({
      recorded: { login: first, pings: [first, second, null], deep: { er: [{ second }] } },
      exchanges: [first, second],
    })
    const recorded = read.recorded as {
      login: Exchange
      pings: (Exchange | null)[]
      deep: { er: [{ second: Exchange }] }
    }
    expect(recorded.login).toBe(read.exchanges[0])
    expect(recorded.pings).toEqual([first, second, null])
    expect([recorded.pings[0], recorded.pings[1], recorded.deep.er[0].second]).toEqual([
      first,
      second,
      second,
    ])
    expect(recorded.pings[0]).toBe(recorded.login)
    expect(recorded.deep.er[0].second).toBe(read.exchanges[1])
    expect(
      encodeEvidence([evidence({ a: first, b: first, c: first }, { exchanges: [first] })]).match(
        /"startLine":"GET/g,
      ),
    ).toHaveLength(1)
  })

  test('keeps an exchange that stands in no list', () => {
    const stray = exchange({ id: 9, body: 'x' })
    expect(there({ recorded: { stray } }).recorded).toEqual({ stray })
  })

  test.each<[string, unknown]>([
    [
      'names that look like ours',
      {
        $exchange: 1,
        $bytes: 'AAAA',
        $undefined: 1,
        $number: 'NaN',
        $$: { $exchange: 1 },
        $: null,
      },
    ],
    [
      'what JSON has no word for',
      { a: undefined, b: [undefined, Number.NaN, Infinity, -Infinity, -0, 0], c: null },
    ],
    ['something that calls itself an exchange', { value: { kind: 'exchange', id: 1 } }],
    ['something that calls itself a buffer', { type: 'Buffer', data: [1, 2] }],
    [
      'names of every object',
      { constructor: 1, toString: 2, ['__proto__']: 3, hasOwnProperty: null },
    ],
    ['no object', 'text'],
    ['nothing', undefined],
  ])('keeps %s', (_, recorded) => {
    const read = there({ recorded, exchanges: [exchange({ id: 1 })] }).recorded
    expect(read).toStrictEqual(recorded)
    expect(JSON.stringify(read)).toBe(JSON.stringify(recorded))
  })

  test('keeps whatever a page may give back', () => {
    const random = seeded(42)
    for (let round = 0; round < 300; round++) {
      const exchanges = [exchange({ id: 1, body: String(random(1000)) }), exchange({ id: 2 })]
      const recorded = anyValue(random, exchanges, 4)
      expect(there({ recorded, exchanges }).recorded).toStrictEqual(recorded)
    }
  })

  test('may be older than what is recorded today', () => {
    const old = encodeEvidence([evidence({ a: 1 })]).replace(',"remarks":[]', '')
    expect(old).not.toContain('remarks')
    expect(decodeEvidence(old)).toEqual([evidence({ a: 1 })])
  })

  test('is plain text', () => {
    expect(() =>
      JSON.parse(encodeEvidence([evidence({ a: exchange() }, { exchanges: [exchange()] })])),
    ).not.toThrow()
    expect(() => decodeEvidence('{"half":')).toThrow(SyntaxError)
  })
})

/** Whole numbers below a limit, the same ones every time. */
function seeded(seed: number): (limit: number) => number {
  let state = seed
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * limit)
  }
}

function anyValue(
  random: (limit: number) => number,
  exchanges: readonly Exchange[],
  depth: number,
): unknown {
  const leaves = [
    null,
    undefined,
    true,
    random(100),
    -random(100) / 7,
    Number.NaN,
    -0,
    '',
    text(random),
    exchanges[random(2)],
    Buffer.from(text(random)),
  ]
  const kind = depth === 0 ? 2 : random(5)
  if (kind === 0)
    return Array.from({ length: random(4) }, () => anyValue(random, exchanges, depth - 1))
  if (kind === 1)
    return Object.fromEntries(
      Array.from({ length: random(4) }, () => [
        name(random),
        anyValue(random, exchanges, depth - 1),
      ]),
    )
  return leaves[random(leaves.length)]
}

/**
 * Without characters that JSON escapes: JSON.parse of V8 as it is today can take one such name for
 * another it has seen at that place.
 */
function name(random: (limit: number) => number): string {
  return text(random).replace(/["\\\n\u0000\ud800]/g, '')
}

function text(random: (limit: number) => number): string {
  const pieces = [
    '$',
    '$$',
    '$bytes',
    '$exchange',
    'kind',
    'exchange',
    'a',
    '"',
    '\\',
    '\n',
    '\u0000',
    'ü',
    '😀',
    '\ud800',
  ]
  return Array.from({ length: random(4) }, () => pieces[random(pieces.length)]!).join('')
}
