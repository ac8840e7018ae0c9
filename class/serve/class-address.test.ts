import { expect, test } from 'vitest'
import { readClassAddress } from './class-address.ts'

test.each([
  [undefined, 'http://localhost:4321', undefined],
  ['', 'http://localhost:4321', undefined],
  ['http://localhost:4321', 'http://localhost:4321', undefined],
  ['https://course.example', 'https://course.example', undefined],
  ['https://course.example/', 'https://course.example', undefined],
  ['http://192.168.1.5:4321', 'http://192.168.1.5:4321', '0.0.0.0'],
  ['http://teacher.local:4321', 'http://teacher.local:4321', '0.0.0.0'],
] as const)('%j is read at %s', (text, origin, host) => {
  expect(readClassAddress(text, 4321)).toEqual({ origin, host })
})

test('an http origin on port 80 needs that port', () => {
  expect(readClassAddress('http://192.168.1.5', 80)).toMatchObject({ host: '0.0.0.0' })
  expect(readClassAddress('http://192.168.1.5', 4321)).toMatch(/Set PORT=80/)
})

test.each([
  'course.example',
  'ftp://course.example',
  'https://course.example/class',
  'https://a b',
])('%j is none, and the message says what one is', (text) => {
  expect(readClassAddress(text, 4321)).toMatch(/isn't an origin.*https:\/\/course\.example/)
})
