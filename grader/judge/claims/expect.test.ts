import { describe, expect, test } from 'vitest'
import type { Finding } from '../../types/index.ts'
import {
  consoleResult,
  cookie,
  exchange,
  jar,
  underCarets,
} from '../../../testing/exchange-builder.ts'
import { createExpect, type Expect } from './expect.ts'
import { longerThan } from './matcher.ts'
import { ClaimFailed, createRecorder } from './recorder.ts'

function claim(make: (expect: Expect) => unknown) {
  const recorder = createRecorder()
  try {
    make(createExpect(recorder))
  } catch (error) {
    if (!(error instanceof ClaimFailed)) throw error
  }
  return { ...recorder, finding: recorder.findings.at(-1)! }
}
const words = ({ finding: { claim, expected, received, holds } }: { finding: Finding }) => [
  holds,
  claim,
  expected,
  received,
]

describe('expect knows what it is given', () => {
  test('by its kind', () => {
    expect(claim((expect) => expect(exchange()).toHaveStatus(200)).finding.holds).toBe(true)
    expect(claim((expect) => expect(null).toHaveStatus(200)).finding.received).toBe(
      'nothing crossed the wire',
    )
    expect(claim((expect) => expect(jar([cookie('a', '1')])).toHold('a')).finding.holds).toBe(true)
    expect(claim((expect) => expect(consoleResult('1 + 1', 2)).toGive(2)).finding.holds).toBe(true)
    expect(
      claim((expect) => expect([exchange(), exchange()], 'requests').toNumberAtLeast(2)).finding
        .holds,
    ).toBe(true)
    expect(claim((expect) => expect(['a'], 'the names').toBe(['a'])).finding.holds).toBe(true)
    expect(claim((expect) => expect('a', 'the name').toBe('a')).finding.holds).toBe(true)
  })

  test('an empty list may be one of exchanges or of values', () => {
    expect(claim((expect) => expect([], 'requests').toNumberAtLeast(1)).finding).toMatchObject({
      holds: false,
      received: '0',
    })
    expect(
      words(claim((expect) => expect([] as string[], 'the values', exchange()).toBe(['a']))),
    ).toEqual([false, 'the values is ["a"]', 'the values: ["a"]', '[]'])
    expect(
      claim((expect) => expect([] as string[], 'the values').notToBe(['a'])).finding.holds,
    ).toBe(true)
  })

  test('a plain value without a name is a mistake of the author', () => {
    expect(() => claim((expect) => expect('text' as never))).toThrow(TypeError)
    expect(() => claim((expect) => expect({ kind: 'else' } as never))).toThrow(TypeError)
  })
})

describe('claims about a value', () => {
  test('toBe', () => {
    expect(words(claim((expect) => expect('abc', 'the user').toBe('abc')))).toEqual([
      true,
      'the user is abc',
      'the user: abc',
      'abc',
    ])
    expect(words(claim((expect) => expect('abc', 'the user').toBe(longerThan(15))))).toEqual([
      false,
      'the user is more than 15 characters',
      'the user: more than 15 characters',
      'abc',
    ])
    expect(
      words(claim((expect) => expect(undefined as string | undefined, 'the user').toBe('abc'))),
    ).toEqual([false, 'the user is abc', 'the user: abc', 'nothing'])
  })

  test('notToBe', () => {
    expect(words(claim((expect) => expect('abc', 'the user').notToBe('abd')))).toEqual([
      true,
      'the user is not abd',
      'the user: not abd',
      'abc',
    ])
    expect(words(claim((expect) => expect('abc', 'the user').notToBe(/b/)))).toEqual([
      false,
      'the user is not something like /b/',
      'the user: not something like /b/',
      'abc',
    ])
  })

  test('say where the value was seen', () => {
    const seenIn = exchange({ target: '/me' })
    expect(claim((expect) => expect('a', 'the user', seenIn).toBe('b')).failedOn.exchange).toBe(
      seenIn,
    )
    const picture = { kind: 'table' as const, title: 'T', columns: [], rows: [] }
    expect(claim((expect) => expect('a', 'the user', picture).toBe('b')).finding.exhibit).toBe(
      picture,
    )
    expect(claim((expect) => expect('a', 'the user').toBe('b')).finding).not.toHaveProperty(
      'exhibit',
    )
  })
})

describe('claims about the console', () => {
  const cookies = consoleResult('document.cookie', 'theme=dark; session=abc')

  test('toGive', () => {
    expect(words(claim((expect) => expect(consoleResult('[1]', [1])).toGive([1])))).toEqual([
      true,
      '[1]: [1]',
      '[1]',
      '[1]',
    ])
    expect(
      words(
        claim((expect) =>
          expect(consoleResult('x', undefined, 'ReferenceError: x is not defined')).toGive(
            undefined,
          ),
        ),
      ),
    ).toEqual([false, 'x: nothing', 'nothing', 'ReferenceError: x is not defined'])
  })

  test('toMention', () => {
    expect(words(claim((expect) => expect(cookies).toMention('theme=dark')))).toEqual([
      true,
      'document.cookie: theme=dark in it',
      'theme=dark in it',
      'theme=dark; session=abc',
    ])
    expect(words(claim((expect) => expect(cookies).toMention('theme=light')))).toEqual([
      false,
      'document.cookie: theme=light in it',
      'theme=light in it',
      'theme=dark; session=abc',
    ])
    expect(
      claim((expect) =>
        expect(consoleResult('document.cookie', undefined, 'Error: theme=dark')).toMention(
          'theme=dark',
        ),
      ).finding.holds,
    ).toBe(false)
  })

  test('notToMention', () => {
    expect(words(claim((expect) => expect(cookies).notToMention('token=')))).toEqual([
      true,
      'document.cookie: no token= in it',
      'no token= in it',
      'theme=dark; session=abc',
    ])
    const told = claim((expect) => expect(cookies).notToMention('session='))
    expect(words(told)).toEqual([
      false,
      'document.cookie: no session= in it',
      'no session= in it',
      'theme=dark; session=abc',
    ])
    expect(underCarets(told.finding.exhibit)).toEqual([['"theme=dark; session=abc"', 'session=']])
    expect(told.failedOn).toEqual({ exchange: null, console: cookies })
  })

  test('an expression that threw shows nothing to be absent', () => {
    expect(
      claim((expect) =>
        expect(consoleResult('document.cookie', undefined, 'Error')).notToMention('session='),
      ).finding.holds,
    ).toBe(false)
  })

  test('show what was typed and what came', () => {
    expect(claim((expect) => expect(cookies).toGive('')).finding.exhibit).toEqual({
      kind: 'text',
      title: "The page's console",
      lines: [{ text: '> document.cookie' }, { text: '"theme=dark; session=abc"' }],
    })
  })
})

test('expect.show keeps pictures in order, claimed or not', () => {
  const picture = (title: string) => ({ kind: 'table' as const, title, columns: [], rows: [] })
  expect(
    claim((expect) => {
      expect.show(picture('a'))
      expect.show(picture('b'))
      expect(null).toBeAnswered()
    }).exhibits.map((exhibit) => 'title' in exhibit && exhibit.title),
  ).toEqual(['a', 'b'])
})
