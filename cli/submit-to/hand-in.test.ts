import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { exerciseVersion } from '../../course/exercise-version.ts'
import { findExercise, type FoundExercise } from '../../course/find.ts'
import { loadUsableCourse } from '../../course/load-course.ts'
import { resolvePaths, type Paths } from '../../course/paths.ts'
import { writeFixtureCourse } from '../../testing/sample-course.ts'
import { classOrigin, isReadOnTheWay } from './class-origin.ts'
import { filesToHandIn } from './hand-in.ts'
import { keepSession, keptSession } from './kept-sessions.ts'

let folder: string
let paths: Paths
let found: FoundExercise
beforeAll(async () => {
  folder = writeFixtureCourse()
  paths = resolvePaths({ ROUNDTRIP_COURSE: folder })
  found = findExercise(await loadUsableCourse(folder), 'say-hello')!
})
afterAll(() => rmSync(folder, { recursive: true }))

test.each([
  ['https://course.example', 'https://course.example'],
  ['https://course.example/exercises/say-hello?x#y', 'https://course.example'],
  [' http://192.168.1.5:4321/ ', 'http://192.168.1.5:4321'],
  ['HTTPS://Course.Example:443', 'https://course.example'],
])('%j means the class at %s', (typed, origin) => {
  expect(classOrigin(typed)).toBe(origin)
})

test.each([
  'course.example',
  'ftp://course.example',
  '',
  'https://',
  'https://ada:x@course.example',
])('%j is none, and the message says what one is', (typed) => {
  expect(() => classOrigin(typed)).toThrow(/^--to takes .*https:\/\/course\.example/)
})

test.each([
  ['http://192.168.1.5:4321', true],
  ['http://course.example', true],
  ['https://course.example', false],
  ['http://localhost:4321', false],
  ['http://127.0.0.1:4321', false],
])('%s can be read on the way: %s', (origin, expected) => {
  expect(isReadOnTheWay(origin)).toBe(expected)
})

test('what is handed in are the files that the exercise lists, 200 kB at most', () => {
  expect(() => filesToHandIn(found, paths)).toThrow(/nothing to submit yet: .*npm run grade/)
  const work = join(paths.work, 'say-hello')
  mkdirSync(work, { recursive: true })
  writeFileSync(join(work, 'more.ts'), '')
  expect(() => filesToHandIn(found, paths)).toThrow(/server\.ts/)
  writeFileSync(join(folder, 'mine.ts'), 'x'.repeat(200_000))
  symlinkSync(join(folder, 'mine.ts'), join(work, 'server.ts'))
  expect(filesToHandIn(found, paths)).toEqual([
    { path: 'server.ts', content: Buffer.from('x'.repeat(200_000)) },
  ])
  writeFileSync(join(folder, 'mine.ts'), 'x'.repeat(200_001))
  expect(() => filesToHandIn(found, paths)).toThrow(
    /^Your files have 201 kB, and a class takes 200/,
  )
})

test('an exercise has another version with another task, stub or checks, and not with other line ends', () => {
  const dir = join(folder, 'exercises/say-hello')
  const versions = new Set([exerciseVersion({ dir })])
  writeFileSync(join(dir, 'stub/server.ts'), '// TODO\r\n')
  expect(versions).toContain(exerciseVersion({ dir }))
  for (const [file, text] of [
    ['stub/server.ts', '// TO DO\n'],
    ['checks.ts', 'export default []\n'],
    ['exercise.md', 'Another task\n'],
  ] as const) {
    writeFileSync(join(dir, file), text)
    versions.add(exerciseVersion({ dir }))
  }
  writeFileSync(join(dir, 'solution/server.ts'), '// better\n')
  versions.add(exerciseVersion({ dir }))
  expect(versions.size).toBe(4)
})

test('a session is kept per class; what is no session counts as none', () => {
  const ada = { token: 'abc-_1', name: 'Ada' }
  expect(keptSession('https://a.example', paths)).toBeUndefined()
  keepSession('https://a.example', ada, paths)
  keepSession('https://b.example', { ...ada, name: 'Bob' }, paths)
  expect(keptSession('https://a.example', paths)).toEqual(ada)
  keepSession('https://a.example', undefined, paths)
  expect(keptSession('https://a.example', paths)).toBeUndefined()
  expect(keptSession('https://b.example', paths)?.name).toBe('Bob')
  for (const text of ['', '{', 'null', '[]', '{"https://b.example":{"token":"a\\nb","name":""}}']) {
    writeFileSync(join(paths.state, 'class-sessions.json'), text)
    expect(keptSession('https://b.example', paths)).toBeUndefined()
  }
})
