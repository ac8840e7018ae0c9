import { expect, test } from 'vitest'
import { syntaxProblems } from './syntax-problems.ts'

test.each([
  ['const a: = 3\n', 0, 9, /^Unexpected token `=`/],
  ["let b = 1\nconst a = 'abc\n", 1, 10, /^Unterminated string/],
  ['let a = 1\n}\n', 1, 0, /^Expression expected/],
  ['enum Colour { red }\n', 0, 0, /enum is not supported/],
])('%j: what is wrong, and where', (text, line, character, message) => {
  expect(syntaxProblems(text)).toEqual([
    expect.objectContaining({
      from: { line, character },
      severity: 'error',
      message: expect.stringMatching(message),
    }),
  ])
})

test('what ends too soon has a place, too', () => {
  const [problem] = syntaxProblems('function f() {\n  return 1\n')
  expect(problem).toMatchObject({ from: { line: 1 }, message: "Expected '}', got '<eof>'" })
})

test('a wrong type is right syntax', () => {
  expect(syntaxProblems("let a: number = 'b'\n")).toEqual([])
})
