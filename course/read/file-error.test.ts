import { describe, expect, test } from 'vitest'
import { explainFileError, FileError } from './file-error.ts'

const errorOf = (code: string, syscall: string) =>
  Object.assign(new Error(`${code}: ${syscall}`), { code, syscall })
const explain = (error: unknown) => explainFileError(error, 'write in here')

describe('an error of the file system', () => {
  test.each([
    ['EACCES', 'open', 'Cannot write in here: permission denied.'],
    ['ENOSPC', 'write', 'Disk full: cannot write in here.'],
    ['EMFILE', 'open', 'Cannot write in here: too many files are open.'],
    ['ENFILE', 'scandir', 'Cannot write in here: too many files are open.'],
    ['ENOMEM', 'read', 'Cannot write in here: too little memory is left.'],
    ['EIO', 'read', 'Cannot write in here (EIO).'],
  ])('%s at %s gets words', (code, syscall, words) => {
    const explained = explain(errorOf(code, syscall)) as FileError
    expect(explained).toBeInstanceOf(FileError)
    expect(explained.message).toBe(words)
  })
})

test.each([
  errorOf('EADDRNOTAVAIL', 'listen'),
  errorOf('EACCES', 'listen'),
  errorOf('ECONNREFUSED', 'connect'),
  errorOf('ENOTFOUND', 'getaddrinfo'),
  errorOf('ENOENT', 'spawn /usr/bin/initdb'),
  errorOf('EMFILE', 'spawn'),
  errorOf('ERR_MODULE_NOT_FOUND', ''),
  new TypeError('no code'),
  'text',
])('%s is none of its errors, and comes back as it is', (error) => {
  expect(explain(error)).toBe(error)
})
