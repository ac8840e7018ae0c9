import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { findExercise } from '../find.ts'
import { writeFixtureCourse } from '../../testing/sample-course.ts'
import { loadCourseStrictly } from '../load-course.ts'
import { keepMine, mergeStub, stubChange } from './merge-stub.ts'
import { resolvePaths, type Paths } from '../paths.ts'
import type { Exercise } from '../types.ts'
import { ensureWork } from './work-folder.ts'

const STUB = [
  'import a',
  '',
  'function one() {',
  '  // TODO: one',
  '}',
  '',
  'function two() {',
  '  return 2',
  '}',
  '',
].join('\n')
const NEW_STUB = STUB.replace('return 2', 'return 22').replace('import a', 'import a from b')
let root: string
let paths: Paths
let exercise: Exercise

beforeEach(async () => {
  root = writeFixtureCourse({ 'exercises/say-hello/stub/server.ts': STUB })
  paths = {
    ...resolvePaths({
      ROUNDTRIP_WORK: join(root, 'work'),
      ROUNDTRIP_HOME: join(root, '.roundtrip'),
    }),
    root,
  }
  exercise = findExercise(await loadCourseStrictly(root), 'say-hello')!.exercise
  ensureWork(exercise, paths)
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const mine = () => join(root, 'work/say-hello/server.ts')
const stub = () => join(root, 'exercises/say-hello/stub/server.ts')
const now = new Date(2026, 10, 22, 10, 15, 3)

describe('a stub that has not changed', () => {
  test('has nothing to merge, whatever the learner wrote', () => {
    writeFileSync(mine(), 'all new\n')
    expect([stubChange(exercise, paths), mergeStub(exercise, paths)]).toEqual([null, null])
  })

  test('nor one that nobody began from', () => {
    rmSync(join(root, 'work'), { recursive: true })
    writeFileSync(stub(), NEW_STUB)
    expect(stubChange(exercise, paths)).toBeNull()
  })
})

describe('a stub that has changed', () => {
  beforeEach(() => writeFileSync(stub(), NEW_STUB))

  test('is merged into what the learner wrote elsewhere, after a copy', () => {
    const own = STUB.replace('  // TODO: one', '  return 1')
    writeFileSync(mine(), own)
    expect(stubChange(exercise, paths)).toEqual({ files: [{ path: 'server.ts', conflicts: 0 }] })
    const copy = join(root, 'work/say-hello.before-merge-2026-11-22T10-15-03')
    expect(mergeStub(exercise, paths, now)).toEqual({
      copy,
      files: [{ path: 'server.ts', conflicts: 0 }],
    })
    expect(readFileSync(mine(), 'utf8')).toBe(NEW_STUB.replace('  // TODO: one', '  return 1'))
    expect(readFileSync(join(copy, 'server.ts'), 'utf8')).toBe(own)
    expect(stubChange(exercise, paths)).toBeNull()
  })

  test('loses no line where both changed the same ones', () => {
    writeFileSync(mine(), STUB.replace('return 2', 'return two()'))
    expect(stubChange(exercise, paths)).toEqual({ files: [{ path: 'server.ts', conflicts: 1 }] })
    mergeStub(exercise, paths, now)
    expect(readFileSync(mine(), 'utf8')).toContain(
      [
        '<<<<<<< your file',
        '  return two()',
        '=======',
        '  return 22',
        '>>>>>>> the new stub',
      ].join('\n'),
    )
    expect(readFileSync(mine(), 'utf8')).toContain('import a from b')
  })

  test('with the line ends the learner’s editor writes', () => {
    writeFileSync(mine(), STUB.replace('  // TODO: one', '  return 1').replaceAll('\n', '\r\n'))
    expect(mergeStub(exercise, paths, now)!.files).toEqual([{ path: 'server.ts', conflicts: 0 }])
    expect(readFileSync(mine(), 'utf8')).toBe(
      NEW_STUB.replace('  // TODO: one', '  return 1').replaceAll('\n', '\r\n'),
    )
  })

  test('counts as seen when the learner keeps their own', () => {
    writeFileSync(mine(), 'all new\n')
    expect(stubChange(exercise, paths)).not.toBeNull()
    keepMine(exercise, paths)
    expect([stubChange(exercise, paths), readFileSync(mine(), 'utf8')]).toEqual([null, 'all new\n'])
  })

  test('in the same way as the learner’s file has nothing to merge', () => {
    writeFileSync(mine(), NEW_STUB)
    expect(stubChange(exercise, paths)).toBeNull()
  })

  test('says which file cannot be read', () => {
    rmSync(mine())
    mkdirSync(mine())
    expect(() => stubChange(exercise, paths)).toThrow(/work\/say-hello\/server\.ts/)
  })
})
