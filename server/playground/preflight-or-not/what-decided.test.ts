import { expect, test } from 'vitest'
import { exchange } from '../../../testing/exchange-builder.ts'
import { whatDecided } from './what-decided.ts'

const preflight = (method: string, fields?: string) =>
  exchange({
    method: 'OPTIONS',
    asks: [
      ['Access-Control-Request-Method', method],
      ...(fields === undefined ? [] : [['Access-Control-Request-Headers', fields] as const]),
    ],
  })

test.each([
  ['PUT', undefined, ["PUT isn't GET, HEAD or POST."]],
  ['POST', 'content-type', ["Its Content-Type isn't one of the three that a form can send."]],
  ['GET', 'x-color', ["X-Color isn't a field that a page may set without a preflight."]],
  [
    'DELETE',
    'authorization, x-color',
    [
      "DELETE isn't GET, HEAD or POST.",
      "Authorization isn't a field that a page may set without a preflight.",
      "X-Color isn't a field that a page may set without a preflight.",
    ],
  ],
])('a preflight for %s with %s names what decided', (method, fields, because) => {
  expect(whatDecided([preflight(method, fields), exchange({ method })])).toEqual({
    asked: true,
    sent: true,
    because,
  })
})

test('a request that was never sent was asked for and not permitted', () => {
  expect(whatDecided([preflight('PUT')])).toMatchObject({ asked: true, sent: false })
})

test('without a preflight it says what did not need one', () => {
  expect(
    whatDecided([exchange({ method: 'POST', asks: [['content-type', 'text/plain']] })]),
  ).toEqual({
    asked: false,
    sent: true,
    because: [
      'POST is one of GET, HEAD and POST, its Content-Type is one that a form can send, and the script set no field but those that a page may always set.',
    ],
  })
  expect(whatDecided([exchange()]).because[0]).not.toContain('Content-Type')
})

test('a browser that asks without need is not explained away', () => {
  expect(whatDecided([preflight('GET'), exchange()]).because).toEqual([
    expect.stringContaining('more often than the standard says'),
  ])
})
