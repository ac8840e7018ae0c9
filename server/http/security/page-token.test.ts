import type { Request, Response } from 'express'
import { expect, test } from 'vitest'
import { pageTokens } from './page-token.ts'

const day = 86_400_000
const secret = 'a'.repeat(64)

/** The error the check gives for a POST with this token, or undefined when it lets it through. */
function check(token: string, { at = 0, visitor = '', key = secret } = {}): unknown {
  const request = { method: 'POST', get: () => token, body: {} } as unknown as Request
  let given: unknown = 'nothing was called'
  void pageTokens(
    key,
    () => visitor,
    () => at,
  ).check(request, {} as Response, (error: unknown) => (given = error))
  return given
}

const issue = (at: number, visitor = '') =>
  pageTokens(
    secret,
    () => visitor,
    () => at,
  ).issue(visitor)

test('a token is good for a week, over a restart', () => {
  const token = issue(100 * day)
  expect(check(token, { at: 100 * day })).toBeUndefined()
  expect(check(token, { at: 107 * day })).toBeUndefined()
  expect(check(token, { at: 108 * day })).toBeInstanceOf(Error)
})

test('a token of tomorrow is none', () => {
  expect(check(issue(101 * day), { at: 100 * day })).toBeInstanceOf(Error)
})

test('a token of another visitor, or another server, is none', () => {
  expect(check(issue(100 * day, 'one'), { at: 100 * day, visitor: 'one' })).toBeUndefined()
  expect(check(issue(100 * day, 'one'), { at: 100 * day, visitor: 'two' })).toBeInstanceOf(Error)
  expect(check(issue(100 * day), { at: 100 * day, key: 'b'.repeat(64) })).toBeInstanceOf(Error)
})
