import { expect, test } from 'vitest'
import { isKeepablePath } from './file-name.ts'

test.each([
  ['server.ts', true],
  ['app/page.html', true],
  ['@scope/a_b-c.d.ts', true],
  ['my notes.ts', false],
  ['a/b c/d.ts', false],
  ['ü.ts', false],
  ['.hidden', false],
  ['a/.hidden', false],
  ['../evil.ts', false],
  ['a//b', false],
  ['/etc/evil', false],
  ['a\\b', false],
  ['C:evil', false],
  ['a\n.ts', false],
  ['', false],
])('%j: %s', (path, expected) => {
  expect(isKeepablePath(path)).toBe(expected)
})
