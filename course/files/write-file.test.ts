import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { runScript } from '../../testing/run-script.ts'
import { writeFileAtomically } from './write-file.ts'

let root: string
let file: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'write-file-'))
  file = join(root, 'server.ts')
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const textOf = (path: string) => readFileSync(path, 'utf8')
const modeOf = (path: string) => statSync(path).mode & 0o777
const onPosix = process.platform === 'win32' ? test.skip : test

describe('writeFileAtomically', () => {
  test.each<[what: string, content: string | Uint8Array, text: string]>([
    ['text', 'Grüße\n', 'Grüße\n'],
    ['bytes', new Uint8Array([104, 105]), 'hi'],
    ['nothing', '', ''],
  ])('writes %s, and leaves no draft', (_, content, text) => {
    for (const durable of [false, true]) {
      writeFileAtomically(file, content, { durable })
      expect(textOf(file)).toBe(text)
    }
    expect(readdirSync(root)).toEqual(['server.ts'])
  })

  test('replaces what was there, however much longer it was', () => {
    writeFileSync(file, 'old '.repeat(1000))
    writeFileAtomically(file, 'new')
    expect(textOf(file)).toBe('new')
  })

  test('makes the folders that are missing', () => {
    writeFileAtomically(join(root, 'a/b/server.ts'), 'new')
    expect(textOf(join(root, 'a/b/server.ts'))).toBe('new')
  })

  test('takes a name as long as the file system allows', () => {
    const long = join(root, 'x'.repeat(255))
    writeFileAtomically(long, 'new')
    expect(textOf(long)).toBe('new')
  })

  test('an open reader goes on reading the old file', () => {
    writeFileSync(file, 'old')
    const before = statSync(file).ino
    writeFileAtomically(file, 'new')
    expect(statSync(file).ino).not.toBe(before)
  })

  onPosix.each([0o600, 0o755, 0o444])('keeps the permissions %o of the file', (mode) => {
    writeFileSync(file, 'old')
    chmodSync(file, mode)
    writeFileAtomically(file, 'new')
    expect([modeOf(file), textOf(file)]).toEqual([mode, 'new'])
  })

  onPosix('gives the permissions it was asked for, whatever the umask and the old file', () => {
    writeFileSync(file, 'old', { mode: 0o644 })
    const umask = process.umask(0o077)
    try {
      writeFileAtomically(file, 'new', { mode: 0o604 })
      writeFileAtomically(join(root, 'other'), 'new')
    } finally {
      process.umask(umask)
    }
    expect([modeOf(file), modeOf(join(root, 'other'))]).toEqual([0o604, 0o600])
  })

  onPosix('replaces a link, and leaves alone what it leads to', () => {
    const target = join(root, 'target')
    writeFileSync(target, 'old', { mode: 0o600 })
    symlinkSync(target, file)
    writeFileAtomically(file, 'new')
    expect(lstatSync(file).isSymbolicLink()).toBe(false)
    expect([textOf(file), textOf(target)]).toEqual(['new', 'old'])
  })
})

describe('when it cannot be written', () => {
  const fails = (path: string) => {
    try {
      writeFileAtomically(path, 'new', { durable: true })
    } catch (error) {
      return (error as NodeJS.ErrnoException).code
    }
    return 'written'
  }

  onPosix.each(['an empty folder', 'a full folder'])('because %s has its name', (what) => {
    mkdirSync(file)
    if (what === 'a full folder') writeFileSync(join(file, 'mine.txt'), 'mine')
    expect(fails(file)).toBe('EISDIR')
    expect(lstatSync(file).isDirectory()).toBe(true)
    expect(existsSync(join(file, 'mine.txt'))).toBe(what === 'a full folder')
    expect(readdirSync(root)).toEqual(['server.ts'])
  })

  onPosix('because a file is where its folder should be', () => {
    writeFileSync(join(root, 'work'), 'mine')
    expect(fails(join(root, 'work/say-hello/server.ts'))).toBe('ENOTDIR')
    expect(fails(join(root, 'work/server.ts'))).toBe('EEXIST')
    expect(textOf(join(root, 'work'))).toBe('mine')
  })

  onPosix('because the folder is read-only', async () => {
    writeFileSync(file, 'old', { mode: 0o644 })
    chmodSync(root, 0o555)
    const script = `
      const { writeFileAtomically } = await import(args.module)
      try { writeFileAtomically(args.file, 'new') } catch (error) { console.log(error.code) }`
    const args = { module: import.meta.resolve('./write-file.ts'), file }
    try {
      // As an ordinary user: the superuser may write into every folder.
      expect(await runScript(script, args, true).output).toBe('EACCES\n')
      expect([textOf(file), readdirSync(root)]).toEqual(['old', ['server.ts']])
    } finally {
      chmodSync(root, 0o755)
    }
  })

  onPosix('because its name is too long', () => {
    expect(fails(join(root, 'x'.repeat(256)))).toBe('ENAMETOOLONG')
    expect(readdirSync(root)).toEqual([])
  })
})

describe('a draft in the folder', () => {
  const draft = () => join(root, '.unfinished-0123456789ab.tmp')
  const age = (path: string, minutes: number) => {
    const then = new Date(Date.now() - minutes * 60_000)
    utimesSync(path, then, then)
  }

  test('that a killed process left goes with the next write', () => {
    writeFileSync(draft(), 'half a fi')
    age(draft(), 11)
    writeFileAtomically(file, 'new')
    expect(readdirSync(root)).toEqual(['server.ts'])
  })

  test('that another process may be writing stays', () => {
    writeFileSync(draft(), 'half a fi')
    age(draft(), 1)
    writeFileAtomically(file, 'new')
    expect(readdirSync(root).toSorted()).toEqual(['.unfinished-0123456789ab.tmp', 'server.ts'])
  })

  test.each([
    '.unfinished.tmp',
    'server.ts.tmp',
    '.unfinished-notes.tmp',
    'x.unfinished-0123456789ab.tmp',
  ])('is not what a person named %s', (name) => {
    writeFileSync(join(root, name), 'mine')
    age(join(root, name), 60)
    writeFileAtomically(file, 'new')
    expect(textOf(join(root, name))).toBe('mine')
  })
})
