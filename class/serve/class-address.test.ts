import { expect, test } from 'vitest'
import { classOnPort, readClassAddress } from './class-address.ts'

test.each([
  [undefined, 'http://localhost:4321', undefined],
  ['', 'http://localhost:4321', undefined],
  ['http://localhost:4321', 'http://localhost:4321', undefined],
  ['https://course.example', 'https://course.example', undefined],
  ['https://course.example/', 'https://course.example', undefined],
  ['http://192.168.1.5:4321', 'http://192.168.1.5:4321', '0.0.0.0'],
  ['http://teacher.local:4321', 'http://teacher.local:4321', '0.0.0.0'],
  ['http://[2001:db8::1]:4321', 'http://[2001:db8::1]:4321', '::'],
  ['http://[::1]:4321', 'http://[::1]:4321', undefined],
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

test.each(['http://0.0.0.0:4321', 'http://[::]:4321'])('%s is no place to read at', (text) => {
  expect(readClassAddress(text, 4321)).toMatch(/no other machine can open/)
})

test('a port that changes at every start is refused, with one to choose', () => {
  for (const origin of [undefined, 'https://course.example', 'http://192.168.1.5'])
    expect(readClassAddress(origin, 0)).toMatch(/^PORT is 0, .* PORT=4321 npm run class$/)
})

test.each([
  [undefined, 'PORT=4322 npm run class'],
  ['http://localhost:4321', 'PORT=4322 npm run class'],
  ['https://course.example', 'PORT=4322 npm run class'],
  ['http://192.168.1.5', 'ROUNDTRIP_ORIGIN=http://192.168.1.5:4322 PORT=4322 npm run class'],
  ['http://[::1]:4321', 'ROUNDTRIP_ORIGIN=http://[::1]:4322 PORT=4322 npm run class'],
])('read at %s, the same on another port is %s', (origin, command) => {
  expect(classOnPort(4322, origin)).toBe(command)
})
