import { expect, test } from 'vitest'
import { LIMITS } from './limits.ts'
import { faultOfFiles } from './protocol.ts'

// Probe 24: what is uploaded is names and bytes.

const file = (path: string, content: Uint8Array = Buffer.from('x')) => ({ path, content })

test.each([
  ['server.ts'],
  ['lib/routes.ts'],
  ['my file.ts'],
  ['.gitignore'].map((name) => name.slice(1)),
  ['a/b/c/d/e/f.ts'],
])('takes %s', (path) => {
  expect(faultOfFiles([file(path as string)])).toBeNull()
})

test.each([
  '',
  '.',
  '..',
  '../server.ts',
  'lib/../../server.ts',
  './server.ts',
  '/etc/passwd',
  '/proc/self/root/etc/passwd',
  'lib//server.ts',
  'lib/',
  '.hidden',
  'lib/.hidden',
  'C:\\server.ts',
  '..\\server.ts',
  'server.ts\0.png',
  'server.ts\n',
  'http://[::1]/server.ts',
  'a/b/c/d/e/f/g.ts',
  'x'.repeat(201),
])('refuses the name %j', (path) => {
  expect(faultOfFiles([file(path)])).toContain('is not the name of a file')
})

test('refuses one file twice, and a file where a folder is', () => {
  expect(faultOfFiles([file('a.ts'), file('a.ts')])).toBe('There are two of "a.ts".')
  expect(faultOfFiles([file('lib'), file('lib/a.ts')])).toBe('There are two of "lib".')
})

test('refuses none, too many and too much', () => {
  const many = Array.from({ length: LIMITS.files + 1 }, (_, index) => file(`${index}.ts`))
  expect(faultOfFiles([])).toContain('0 files')
  expect(faultOfFiles(many)).toContain('51 files')
  expect(faultOfFiles(many.slice(1))).toBeNull()
  const half = Buffer.alloc(LIMITS.filesBytes / 2)
  expect(faultOfFiles([file('a.ts', half), file('b.ts', half)])).toBeNull()
  expect(faultOfFiles([file('a.ts', half), file('b.ts', half), file('c.ts')])).toContain(
    '200001 bytes',
  )
})

test('an archive is a file like any other: nothing unpacks it', () => {
  const zip = Buffer.from('504b0304140000000000', 'hex')
  expect(faultOfFiles([file('server.ts', zip)])).toBeNull()
})
