import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { findExercise } from '../../course/find.ts'
import { fixtureFiles, writeFixtureCourse } from '../../testing/sample-course.ts'
import { resolvePaths } from '../../course/paths.ts'
import { loadEveryCourse, loadOtherCourses, rememberCourses } from './other-courses.ts'

const folders: string[] = []
const folder = (path: string) => {
  folders.push(path)
  return path
}
const course = (changes?: Parameters<typeof writeFixtureCourse>[0]) =>
  folder(writeFixtureCourse(changes))
const paths = () => ({
  ...resolvePaths({ ROUNDTRIP_HOME: folder(mkdtempSync(join(tmpdir(), 'roundtrip-courses-'))) }),
  root: course(),
})
afterEach(() => {
  vi.unstubAllEnvs()
  for (const each of folders.splice(0)) rmSync(each, { recursive: true, force: true })
})

test('a course beside the own one is found by every command, until a start without it', async () => {
  const here = paths()
  rememberCourses(await loadOtherCourses([course()], here), here)
  expect(findExercise(await loadEveryCourse(here), 'small--say-hello')?.exercise.files).toEqual([
    'server.ts',
  ])
  rememberCourses([], here)
  expect(findExercise(await loadEveryCourse(here), 'small--say-hello')).toBeUndefined()
})

test('a folder is meant from where the person typed; the own course is not served twice', async () => {
  const [here, other] = [paths(), course()]
  vi.stubEnv('INIT_CWD', join(other, 'lessons'))
  expect((await loadOtherCourses(['..', other, here.root], here)).map(({ root }) => root)).toEqual([
    other,
  ])
})

test('what cannot be served is said with the folder', async () => {
  const here = paths()
  const [empty, first, second] = [
    folder(mkdtempSync(join(tmpdir(), 'roundtrip-empty-'))),
    course(),
    course(),
  ]
  await expect(loadOtherCourses([empty], here)).rejects.toThrow(
    `${empty} holds no course: it has no lessons/course.md.`,
  )
  await expect(loadOtherCourses([first, second], here)).rejects.toThrow(
    `The courses in ${first} and ${second} both have the id "small".`,
  )
  const broken = course({
    'lessons/course.md': fixtureFiles['lessons/course.md'].replace('title: A small course\n', ''),
  })
  await expect(loadOtherCourses([broken], here)).rejects.toThrow(
    `${broken}\nThe course has 1 mistake.`,
  )
})

test('a course that was moved away, or a file that was cut off, hides nothing of the own course', async () => {
  const here = paths()
  const other = course()
  rememberCourses(await loadOtherCourses([other], here), here)
  rmSync(other, { recursive: true })
  expect((await loadEveryCourse(here)).sections).toHaveLength(1)
  writeFileSync(
    join(here.state, 'courses.json'),
    readFileSync(join(here.state, 'courses.json'), 'utf8').slice(0, 9),
  )
  expect((await loadEveryCourse(here)).sections).toHaveLength(1)
})
