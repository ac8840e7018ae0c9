import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { findExercise } from '../find.ts'
import { writeFixtureCourse } from '../../testing/sample-course.ts'
import { loadCourseStrictly } from '../load-course.ts'
import { resolvePaths, type Paths } from '../paths.ts'
import type { Exercise } from '../types.ts'
import { ChangedOutside, readWorkFile, writeWorkFile } from './work-file.ts'
import { ensureWork } from './work-folder.ts'

let root: string
let paths: Paths
let exercise: Exercise
beforeEach(async () => {
  root = writeFixtureCourse({
    'exercises/say-hello/stub/lib/names.ts': 'export {}\n',
    'exercises/say-hello/solution/lib/names.ts': 'export {}\n',
  })
  paths = {
    ...resolvePaths({ ROUNDTRIP_HOME: join(root, 'state'), ROUNDTRIP_WORK: join(root, 'work') }),
    root,
  }
  exercise = findExercise(await loadCourseStrictly(root), 'say-hello')!.exercise
  ensureWork(exercise, paths)
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const file = (name = 'server.ts') => join(paths.work, 'say-hello', name)
const read = (name = 'server.ts') => readWorkFile(exercise, name, paths)
const write = (text: string, version: string, more = {}) =>
  writeWorkFile(
    exercise,
    { name: 'server.ts', text, version, ...more },
    paths,
    new Date('2026-11-22T10:15:03.123Z'),
  )

describe('reading', () => {
  test('gives the text, and a version that changes with it alone', () => {
    const before = read()
    expect(before.text).toBe('// TODO\n')
    writeFileSync(file(), '// mine\n')
    expect(read().version).not.toBe(before.version)
    writeFileSync(file(), '// TODO\n')
    expect(read()).toEqual(before)
    expect(read('lib/names.ts').text).toBe('export {}\n')
  })

  test('of what is no UTF-8 gives no text: writing it back would change it', () => {
    writeFileSync(file(), Buffer.from([0x63, 0xe9]))
    expect(read().text).toBeUndefined()
  })

  test.each([
    '../../course.md',
    '/etc/passwd',
    'server.ts/../../x',
    '',
    'solution.ts',
    '__proto__',
  ])('refuses the name %j', (name) => {
    expect(() => read(name)).toThrow(RangeError)
    expect(() => writeWorkFile(exercise, { name, text: 'x', version: 'absent' }, paths)).toThrow(
      RangeError,
    )
  })
})

describe('writing', () => {
  test('replaces the version it names, and gives the new one', () => {
    const { version, copy } = write('// mine\n', read().version)
    expect(read()).toEqual({ text: '// mine\n', version })
    expect(copy).toBeNull()
    expect(readdirSync(join(paths.work, 'say-hello')).toSorted()).toEqual(['lib', 'server.ts'])
  })

  test('does nothing when the file is another by now', () => {
    const { version } = read()
    writeFileSync(file(), '// theirs\n')
    expect(() => write('// mine\n', version)).toThrow(ChangedOutside)
    expect(readFileSync(file(), 'utf8')).toBe('// theirs\n')
  })

  test('over another version, knowingly, keeps that one beside the folder', () => {
    writeFileSync(file(), '// theirs\n')
    const { copy } = write('// mine\n', read().version, { keepOther: true })
    expect(copy).toBe(join(`${paths.work}/say-hello.before-edit-2026-11-22T10-15-03Z`, 'server.ts'))
    expect(readFileSync(copy!, 'utf8')).toBe('// theirs\n')
    expect(write('// again\n', read().version, { keepOther: true }).copy).toContain('Z-2/server.ts')
    expect(readFileSync(copy!, 'utf8')).toBe('// theirs\n')
  })

  test('makes a file anew only for one who knows that it is gone', () => {
    const { version } = read()
    rmSync(file())
    expect(() => write('// mine\n', version)).toThrow(ChangedOutside)
    write('// mine\n', read().version)
    expect(read().text).toBe('// mine\n')
  })

  test.skipIf(process.platform === 'win32')('keeps permissions, and writes through a link', () => {
    const elsewhere = join(root, 'elsewhere')
    mkdirSync(elsewhere)
    writeFileSync(join(elsewhere, 'real.ts'), '// real\n')
    chmodSync(join(elsewhere, 'real.ts'), 0o640)
    rmSync(file())
    symlinkSync(join(elsewhere, 'real.ts'), file())
    write('// mine\n', read().version)
    expect(readFileSync(join(elsewhere, 'real.ts'), 'utf8')).toBe('// mine\n')
    expect(statSync(join(elsewhere, 'real.ts')).mode & 0o777).toBe(0o640)
  })

  test('says why it cannot', () => {
    rmSync(join(paths.work, 'say-hello'), { recursive: true })
    writeFileSync(join(paths.work, 'say-hello'), 'a file where the folder should be')
    expect(() => write('x', 'absent')).toThrow(/a file stands where a folder is needed/)
  })
})
