import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { letEnter } from './server-user.ts'

const user = { uid: 12_345, gid: 12_345, name: 'somebody' }
let folder: string
let inner: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'roundtrip-server-user-'))
  inner = join(folder, 'state/class')
  mkdirSync(inner, { recursive: true, mode: 0o700 })
  chmodSync(folder, 0o711)
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))
const modeOf = (path: string) => statSync(path).mode & 0o777

describe('the user that the server runs as', () => {
  test('is let into the folders that are Roundtrip’s, and may list none of them', () => {
    chmodSync(join(folder, 'state'), 0o700)
    letEnter(user, inner, [join(folder, 'state')])
    expect([modeOf(folder), modeOf(join(folder, 'state')), modeOf(inner)]).toEqual([
      0o711, 0o711, 0o711,
    ])
  })

  test('is not let into those that are not: the first one is named', () => {
    chmodSync(folder, 0o700)
    const letIn = () => letEnter(user, inner, [join(folder, 'state')])
    expect(letIn).toThrow(
      `PostgreSQL does not run as root, and the user somebody, which it runs as instead, cannot enter ${folder}.`,
    )
    expect(modeOf(folder)).toBe(0o700)
  })

  test('may enter what is its own or its group’s', () => {
    const { uid, gid } = statSync(folder)
    chmodSync(folder, 0o710)
    letEnter({ ...user, gid }, folder, [])
    chmodSync(folder, 0o700)
    letEnter({ ...user, uid }, folder, [])
    expect(modeOf(folder)).toBe(0o700)
  })

  test('and a folder whose name only begins like one of Roundtrip’s is not', () => {
    const beside = join(folder, 'state-of-affairs')
    mkdirSync(beside, { mode: 0o700 })
    expect(() => letEnter(user, beside, [join(folder, 'state')])).toThrow(`cannot enter ${beside}`)
  })
})
