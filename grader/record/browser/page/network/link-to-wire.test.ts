import { expect, test } from 'vitest'
import { exchange } from '../../../../../testing/exchange-builder.ts'
import type { Exchange } from '../../../../types/index.ts'
import { createLinkToWire, type ToldByBrowser } from './link-to-wire.ts'

const URL = 'http://127.0.0.1:1/a'
const at = (startedAt: number, connection: number, ...cookies: string[]): Exchange => {
  const made = exchange()
  const headers = cookies.map((cookie) => ['Cookie', cookie] as const)
  const request = { ...made.request, method: 'GET', target: '/a', path: '/a', headers }
  return { ...made, startedAt, connection, request }
}
const asked = (connectionId: number | null, status: number | null = null) => ({
  method: 'GET',
  url: URL,
  connectionId,
  status,
})
const told = (
  sentAt: number,
  sent: ToldByBrowser['sent'] = null,
  endedAt: number | null = null,
) => ({
  sentAt,
  sent,
  endedAt,
})

test('the nearest in time, each once', () => {
  const [early, late] = [at(1000, 1), at(1100, 2)]
  const link = createLinkToWire(() => [early, late])
  expect(link(asked(null), told(1099))).toBe(late)
  expect(link(asked(null), told(1001))).toBe(early)
  expect(link(asked(null), told(1001))).toBeNull()
})

test('a connection that is known decides before the time', () => {
  const all = [at(1000, 1), at(1010, 2), at(1020, 2), at(1021, 1)]
  const link = createLinkToWire(() => all)
  expect(link(asked(70), told(1000))).toBe(all[0])
  expect(link(asked(71), told(1010))).toBe(all[1])
  expect(link(asked(70), told(1020))).toBe(all[3])
})

test('a visitor is known by the cookies', () => {
  const [ann, bob] = [at(1000, 1, 'who=ann'), at(1001, 2, 'who=bob')]
  const link = createLinkToWire(() => [ann, bob])
  expect(link(asked(70), told(1001, { Cookie: 'who=ann' }))).toBe(ann)
  expect(link(asked(71), told(1000, {}))).toBeNull()
})

test('cookies are the same in one field, or each in its own as HTTP/2 sends them', () => {
  const crossed = at(1000, 1, 'who=ann', 'theme=dark')
  const link = createLinkToWire(() => [crossed])
  expect(link(asked(70), told(1000, { cookie: 'who=ann' }))).toBeNull()
  expect(link(asked(70), told(1000, { cookie: 'who=ann; theme=dark' }))).toBe(crossed)
})

test('what was there long before is another request', () => {
  expect(createLinkToWire(() => [at(1000, 1)])(asked(1), told(2000))).toBeNull()
})

test('what came after a request had ended is another one', () => {
  const late = at(3000, 1)
  const link = createLinkToWire(() => [late])
  expect(link(asked(70, 200), told(1000, {}, 2000))).toBeNull()
  expect(link(asked(70, 200), told(1000, {}, 3001))).toBe(late)
})

test('what was sent and then given up may be read later than that', () => {
  const late = at(3000, 1)
  expect(createLinkToWire(() => [late])(asked(null), told(1000, {}, 2000))).toBe(late)
})

test('of two that are alike, the one that was answered so, however late it is', () => {
  const unanswered: Exchange = { ...at(1000, 1), response: null, cut: 'closed' }
  const answered = at(1090, 2)
  const link = createLinkToWire(() => [unanswered, answered])
  expect(link(asked(70, 200), told(1005))).toBe(answered)
  expect(link(asked(null), told(1000))).toBe(unanswered)
})
