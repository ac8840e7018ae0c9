import { describe, expect, test } from 'vitest'
import { parseTryRequest, splitTryRequests } from './try-request.ts'

describe('parseTryRequest', () => {
  test.each([
    ['GET /', { method: 'GET', target: '/', fields: [], content: '' }],
    [
      'POST /notes?a=b A lamp [used]',
      { method: 'POST', target: '/notes?a=b', fields: [], content: 'A lamp [used]' },
    ],
    [
      'PUT /notes/1 [Content-Type: text/plain; charset=utf-8] [If-Match: "a"] A lamp',
      {
        method: 'PUT',
        target: '/notes/1',
        fields: [
          ['Content-Type', 'text/plain; charset=utf-8'],
          ['If-Match', '"a"'],
        ],
        content: 'A lamp',
      },
    ],
    ['DELETE /1 [A: b]', { method: 'DELETE', target: '/1', fields: [['A', 'b']], content: '' }],
  ])('%s', (written, request) => {
    expect(parseTryRequest(written)).toEqual(request)
  })

  test.each(['GET basket', 'get /', 'GET', 'POST / [Content-Type]', 'POST / [A: b'])(
    '%s is not a request',
    (written) => {
      expect(parseTryRequest(written)).toBeUndefined()
    },
  )
})

test('splitTryRequests leaves a semicolon within a field or the content', () => {
  const first = 'POST /a [Content-Type: text/plain; charset=utf-8] one; two'
  expect(splitTryRequests(`${first}; GET /b?c;DELETE /d;`)).toEqual([
    first,
    'GET /b?c',
    'DELETE /d',
  ])
})
