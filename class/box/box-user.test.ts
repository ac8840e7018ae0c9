import { expect, test } from 'vitest'
import { boxUser } from './box-user.ts'

const PASSWD = `root:x:0:0:root:/root:/bin/bash
toor:x:0:0:root too:/root:/bin/bash
roundtrip:x:996:991::/nonexistent:/usr/sbin/nologin
classbox:x:1201:1202::/nonexistent:/usr/sbin/nologin
`

test('whoever is not root runs boxes themselves', () => {
  expect(boxUser(false, 'roundtrip', PASSWD)).toBeNull()
  expect(boxUser(false, 'nobody-of-that-name', PASSWD)).toBeNull()
})

test('for root, a user of the system does', () => {
  expect(boxUser(true, 'roundtrip', PASSWD)).toEqual({ name: 'roundtrip', uid: 996, gid: 991 })
  expect(boxUser(true, 'classbox', PASSWD)).toEqual({ name: 'classbox', uid: 1201, gid: 1202 })
})

test('where there is none, the command that makes one is named', () => {
  expect(() => boxUser(true, 'learners', PASSWD)).toThrow(
    expect.objectContaining({
      message:
        "You are root, and there is no user learners who could run learners' programs instead.",
      remedy: expect.stringContaining(
        '\n  useradd --system --no-create-home --shell /usr/sbin/nologin learners',
      ),
    }),
  )
})

test.each(['root', 'toor'])('%s is root', (name) => {
  expect(() => boxUser(true, name, PASSWD)).toThrow('is root by another name')
})
