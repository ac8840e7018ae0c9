import { expect, test } from 'vitest'
import { partsAsTyped, requestParts } from './request-parts.ts'

const parts = (...rawHeaders: string[]) =>
  requestParts({ method: 'GET', url: '/a?b=c', httpVersion: '1.1', rawHeaders })

test('put together are the request', () => {
  expect(partsAsTyped(parts('Host', 'x:1', 'sec-ch-ua', '"A";v="1"'))).toBe(
    'GET /a?b=c HTTP/1.1\\r\\n\nHost: x:1\\r\\n\nsec-ch-ua: "A";v="1"\\r\\n\n\\r\\n\n',
  )
})

test('are all explained, but for the values of fields', () => {
  const lines = parts('Host', 'x', 'Sec-CH-UA', 'y', 'Sec-Else', 'z', 'Mine', '1')
  const unexplained = lines.flat().filter(({ about }) => about === undefined)
  expect(unexplained.map(({ text }) => text)).toEqual([' x', ' y', ' z', ' 1'])
  const about = (id: string) => lines.flat().find((part) => part.id === id)?.about
  expect(about('target')).toContain('the query, here “b=c”')
  expect(about('field-host')).toContain('HTTP/1.1 requires it')
  expect(about('field-sec-ch-ua')).toContain('client hint')
  expect(about('field-sec-else')).toContain('no page can set it')
  expect(about('field-mine')).toContain('ignores it')
  expect(about('empty-line')).toContain('so the request is over')
})

test('of one id say one thing', () => {
  const told = new Map<string, string>()
  for (const { id, about } of parts('Host', 'x', 'host', 'y').flat())
    if (id !== undefined) expect(told.set(id, told.get(id) ?? about!).get(id)).toBe(about)
})

test('tell no secret', () => {
  const text = partsAsTyped(
    parts(
      'Cookie',
      'theme=dark; access=s%3Aabc=.d',
      'Authorization',
      'Basic abc',
      'proxy-authorization',
      'x',
    ),
  )
  expect(text).toContain(
    'Cookie: theme=…; access=…\\r\\n\nAuthorization: …\\r\\n\nproxy-authorization: …\\r\\n\n',
  )
})
