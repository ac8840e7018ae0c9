import { expect, test } from 'vitest'
import { explainFileError } from '../course/read/file-error.ts'
import { explainError } from './explain-error.ts'

test.each([
  ['ENOENT', 2],
  ['EACCES', 2],
  ['EISDIR', 2],
  ['EMFILE', 3],
  ['ENOMEM', 3],
  ['ENOSPC', 3],
  ['EIO', 3],
])('a file that cannot be read: %s exits with %i', (code, exitCode) => {
  const error = Object.assign(new Error(code), { code, syscall: 'open' })
  const explained = explainError(explainFileError(error, 'read a file'))
  expect(explained.exitCode).toBe(exitCode)
  expect(explained.message).toMatch(/read a file.*\n/)
})

test('a server that finds no address to listen on is no fault of ours', () => {
  const error = Object.assign(new Error('listen EADDRNOTAVAIL: address not available 127.0.0.1'), {
    code: 'EADDRNOTAVAIL',
    syscall: 'listen',
    address: '127.0.0.1',
  })
  const { message, exitCode } = explainError(error)
  expect(exitCode).toBe(3)
  expect(message).toMatch(/^This machine has no IPv4 loopback address: /)
})
