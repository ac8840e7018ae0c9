import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { fixtureFiles, writeFixtureCourse } from '../../testing/sample-course.ts'
import { loadCachedCourse } from './course-cache.ts'
import { CourseProblems, loadUsableCourse } from '../load-course.ts'

let root: string
let state: string
beforeEach(() => {
  root = writeFixtureCourse()
  state = join(root, '.roundtrip')
  mkdirSync(state)
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const lesson = 'lessons/01-start/01-first.md'
const exercise = 'exercises/say-hello/exercise.md'

/** Keeps the course, and marks what is kept. */
async function keepMarked(): Promise<void> {
  await loadCachedCourse(root, state)
  const file = keptFile()
  writeFileSync(file, readFileSync(file, 'utf8').replace('A small course', 'A kept course'))
}

function keptFile(): string {
  const [name] = readdirSync(state)
  return join(state, name!)
}

const title = async () => (await loadCachedCourse(root, state)).title

describe('a course that was read before', () => {
  test('is what it would be if it were read again', async () => {
    await loadCachedCourse(root, state)
    expect(await loadCachedCourse(root, state)).toEqual(await loadUsableCourse(root))
  })

  test('is taken as it was kept', async () => {
    await keepMarked()
    expect(await title()).toBe('A kept course')
  })

  test.each<[what: string, change: () => void]>([
    [
      'a lesson has changed',
      () => writeFileSync(join(root, lesson), fixtureFiles[lesson].replace('Prose.', 'Prose!')),
    ],
    [
      'an exercise has changed',
      () =>
        writeFileSync(
          join(root, exercise),
          fixtureFiles[exercise].replace('minutes: 5', 'minutes: 6'),
        ),
    ],
    ['an exercise is gone', () => rmSync(join(root, 'exercises/say-hello'), { recursive: true })],
    [
      'a lesson has come',
      () =>
        writeFileSync(
          join(root, 'lessons/01-start/02-second.md'),
          fixtureFiles[lesson].replaceAll('first', 'second').replace('who-speaks', 'who-answers'),
        ),
    ],
    [
      'the stub has another file',
      () => writeFileSync(join(root, 'exercises/say-hello/stub/more.ts'), ''),
    ],
  ])('is read again when %s', async (_, change) => {
    await keepMarked()
    change()
    const read = await loadCachedCourse(root, state).catch((error: unknown) => error)
    expect(read).toEqual(await loadUsableCourse(root).catch((error: unknown) => error))
  })

  test('is read again when what was kept is cut off', async () => {
    await keepMarked()
    writeFileSync(keptFile(), readFileSync(keptFile(), 'utf8').slice(0, -20))
    expect(await title()).toBe('A small course')
  })
})

test('a course with mistakes is not kept', async () => {
  rmSync(join(root, 'lessons/course.md'))
  for (const _ of ['once', 'twice'])
    await expect(loadCachedCourse(root, state)).rejects.toBeInstanceOf(CourseProblems)
  expect(readdirSync(state)).toEqual([])
})

test('nor is one with an exercise that is refused', async () => {
  writeFileSync(join(root, exercise), fixtureFiles[exercise].replace('level: 1', 'level: 9'))
  for (const _ of ['once', 'twice'])
    expect((await loadCachedCourse(root, state)).refused).toMatchObject([{ id: 'say-hello' }])
  expect(readdirSync(state)).toEqual([])
})

test('no folder is made for it', async () => {
  rmSync(state, { recursive: true })
  expect(await title()).toBe('A small course')
  expect(readdirSync(root)).not.toContain('.roundtrip')
})
