import { describe, expect, test } from 'vitest'
import { chosenPublicOrigin } from './public-origin.ts'

const withCode = (origin: string) =>
  chosenPublicOrigin({ ROUNDTRIP_ORIGIN: origin, ACCESS_CODE: 'a code' })

describe('ROUNDTRIP_ORIGIN', () => {
  test.each([
    ['https://name-4321.example.dev', 'https://name-4321.example.dev'],
    ['https://name-4321.example.dev/', 'https://name-4321.example.dev'],
    ['http://localhost:8080', 'http://localhost:8080'],
    ['HTTP://LOCALHOST:8080', 'http://localhost:8080'],
    ['https://name.example.dev:443', 'https://name.example.dev'],
    [' http://[::1]:8080 ', 'http://[::1]:8080'],
  ])('%j is %s', (written, origin) => expect(withCode(written)).toBe(origin))

  test.each(['', ' '])('%j is not set', (written) => expect(withCode(written)).toBeUndefined())

  test.each([
    'name-4321.example.dev',
    'localhost:8080',
    'https://a.example/path',
    'https://a.example/?q',
    'https://user@a.example',
    'ftp://a.example',
    'file:///tmp',
    '*',
  ])('%j is refused', (written) => expect(() => withCode(written)).toThrow(/isn't an origin/))

  test('needs an access code', () => {
    expect(() => chosenPublicOrigin({ ROUNDTRIP_ORIGIN: 'http://localhost:8080' })).toThrow(
      /Set ACCESS_CODE/,
    )
  })
})
