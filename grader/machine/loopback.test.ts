import { describe, expect, test } from 'vitest'
import { loopbackFault, requireLoopback } from './loopback.ts'
import { shortageOf } from './shortage.ts'

const errorOf = (code: string, syscall: string, address = '127.0.0.1') =>
  Object.assign(new Error(`${syscall} ${code}`), { code, syscall, address })

test('this machine has one', async () => {
  await expect(requireLoopback()).resolves.toBeUndefined()
})

describe('an error of the system', () => {
  test.each([
    errorOf('EADDRNOTAVAIL', 'listen'),
    errorOf('EAFNOSUPPORT', 'listen'),
    errorOf('ENETUNREACH', 'connect'),
    errorOf('EHOSTUNREACH', 'connect'),
  ])('%s: there is no such address, also as the cause of another one', (error) => {
    const words = `This machine has no IPv4 loopback address: 127.0.0.1 cannot be used (${error.code}).`
    expect(loopbackFault(error)?.message).toBe(words)
    expect(shortageOf(new Error('it failed', { cause: error }))?.message).toBe(words)
  })

  test.each([
    errorOf('EADDRINUSE', 'listen'),
    errorOf('EACCES', 'listen'),
    errorOf('EADDRNOTAVAIL', 'connect'),
    errorOf('ECONNREFUSED', 'connect'),
    errorOf('EADDRNOTAVAIL', 'listen', '::1'),
    errorOf('EADDRNOTAVAIL', 'listen', '192.168.1.5'),
    errorOf('ENETUNREACH', 'connect', '192.168.1.5'),
    new Error('no code'),
  ])('%s: that is not what it says', (error) => {
    expect(loopbackFault(error)).toBeNull()
  })
})
