import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { startFixtureServer, type FixtureServer } from '../../testing/sample-server.ts'
import { StoreError, type StoreErrorKind } from '../../store/open-store.ts'

let server: FixtureServer
beforeEach(async () => {
  server = await startFixtureServer()
  vi.spyOn(console, 'error').mockImplementation(() => {})
})
afterEach(async () => {
  vi.restoreAllMocks()
  await server.close()
})

test.each<[StoreErrorKind, string | null]>([
  ['away', '5'],
  ['busy', '5'],
  ['damaged', null],
  ['unreachable', null],
  ['disk-full', '5'],
  ['read-only', '5'],
])('a store that is %s: 503, and what passes says when to try again', async (kind, retryAfter) => {
  vi.spyOn(server.store, 'records').mockRejectedValue(new StoreError(kind, 'It is so.', 'Do this.'))
  const page = await server.get('/')
  expect(page.status).toBe(503)
  expect(page.headers.get('Retry-After')).toBe(retryAfter)
  expect(await page.text()).toContain('It is so. Do this.')
})

test('a change that was not kept is answered in the same way', async () => {
  vi.spyOn(server.store, 'markLesson').mockRejectedValue(
    new StoreError('away', 'It does not answer.', 'Try again.'),
  )
  const answer = await server.post('/lessons/first-lesson/read', { fraction: 1 })
  expect([answer.status, answer.headers.get('Retry-After')]).toEqual([503, '5'])
  expect(await answer.json()).toEqual({ error: 'It does not answer. Try again.' })
})
