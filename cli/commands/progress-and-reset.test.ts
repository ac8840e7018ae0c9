import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { writeFixtureCourse } from '../../testing/sample-course.ts'
import { placeId, resolvePaths, type Paths } from '../../course/paths.ts'
import { openStore } from '../../store/open-store.ts'
import { findExercise } from '../../course/find.ts'
import { loadCourseStrictly } from '../../course/load-course.ts'
import { ensureWork } from '../../course/work/work-folder.ts'
import { UsageError } from '../explain-error.ts'
import { progress } from './progress.ts'
import { merge, stubNote } from './merge.ts'
import { reset } from './reset.ts'

let paths: Paths
let printed: string
beforeEach(() => {
  const root = writeFixtureCourse()
  paths = {
    ...resolvePaths({
      ROUNDTRIP_WORK: join(root, 'work'),
      ROUNDTRIP_HOME: join(root, '.roundtrip'),
    }),
    root,
  }
  printed = ''
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text)
    return true
  })
})
afterEach(() => {
  vi.restoreAllMocks()
  rmSync(paths.root, { recursive: true, force: true })
})

test('progress before anything was done makes no file', async () => {
  expect(await progress(paths)).toBe(0)
  expect(printed).toMatch(/0 of 1 lesson done · 0 of 1 exercise passed/)
  expect(existsSync(paths.state)).toBe(false)
})

test('progress tells what the progress file holds', async () => {
  const store = openStore(paths.store)
  await store.markLesson('first-lesson', 1)
  await store.addAnswer({ questionId: 'who-speaks-first', option: 'The client', correct: true })
  store.close()
  expect(await progress(paths)).toBe(0)
  expect(printed).toMatch(/1 of 1 lesson done/)
  expect(printed).toMatch(/npm run grade say-hello/)
})

test.each([
  ['another checkout', () => ({ ...paths, root: '/elsewhere' }), true],
  ['this course', () => paths, false],
])('progress says whether %s is read at its address', async (_what, there, isSaid) => {
  const body = JSON.stringify({ server: 'roundtrip', course: 'Another', place: placeId(there()) })
  const server = createServer((_request, response) => response.end(body))
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
  vi.stubEnv('PORT', String((server.address() as AddressInfo).port))
  await progress(paths)
  vi.unstubAllEnvs()
  server.closeAllConnections()
  server.close()
  expect(printed.includes('A different Roundtrip (Another)')).toBe(isSaid)
})

test('progress leaves out an exercise with a mistake', async () => {
  rmSync(join(paths.root, 'exercises/say-hello/checks.ts'))
  expect(await progress(paths)).toBe(0)
  expect(printed).toMatch(/The first lesson/)
  expect(printed).not.toMatch(/say-hello/)
})

test('progress refuses a course with a mistake elsewhere', async () => {
  rmSync(join(paths.root, 'lessons/course.md'))
  await expect(progress(paths)).rejects.toThrow('The course has 1 mistake.')
})

test('reset copies, then writes the stub, and says where both are', async () => {
  mkdirSync(join(paths.work, 'say-hello'), { recursive: true })
  writeFileSync(join(paths.work, 'say-hello/server.ts'), '// mine\n')
  expect(await reset('say-hello', paths)).toBe(0)
  const [copy] = readdirSync(paths.work).filter((name) =>
    name.startsWith('say-hello.before-reset-'),
  )
  expect(printed).toBe(`Your files were copied to work/${copy}/\nwork/say-hello/ holds the stub.\n`)
  expect(readFileSync(join(paths.work, copy!, 'server.ts'), 'utf8')).toBe('// mine\n')
  expect(readFileSync(join(paths.work, 'say-hello/server.ts'), 'utf8')).toBe('// TODO\n')
})

describe('merge', () => {
  const own = () => join(paths.work, 'say-hello/server.ts')
  const exercise = async () =>
    findExercise(await loadCourseStrictly(paths.root), 'say-hello')!.exercise
  beforeEach(async () => {
    ensureWork(await exercise(), paths)
    writeFileSync(own(), '// mine\n// TODO\n')
  })
  const change = () =>
    writeFileSync(join(paths.root, 'exercises/say-hello/stub/server.ts'), '// TODO\n// new\n')

  test('of a stub that has not changed has nothing to do', async () => {
    expect([await merge('say-hello', {}, paths), printed]).toEqual([
      0,
      'Nothing to merge: the stub has not changed since you began, or work/say-hello/ has the change.\n',
    ])
    expect(stubNote(await exercise(), paths)).toBeNull()
  })

  test('takes the change in, after a copy', async () => {
    change()
    expect(stubNote(await exercise(), paths)).toContain(
      'The stub has changed since you began. npm run merge',
    )
    expect(await merge('say-hello', {}, paths)).toBe(0)
    const [copy] = readdirSync(paths.work).filter((name) =>
      name.startsWith('say-hello.before-merge-'),
    )
    expect(printed).toBe(
      `Your files were copied to work/${copy}/\nwork/say-hello/server.ts has your lines and the new ones.\n`,
    )
    expect(readFileSync(own(), 'utf8')).toBe('// mine\n// TODO\n// new\n')
    expect(stubNote(await exercise(), paths)).toBeNull()
  })

  test('says where to choose', async () => {
    change()
    writeFileSync(own(), '// done\n')
    await merge('say-hello', {}, paths)
    expect(printed).toContain(
      'work/say-hello/server.ts has one place where both changed the same lines: choose between <<<<<<< and >>>>>>>.\n',
    )
  })

  test('or leaves the files', async () => {
    change()
    expect([
      await merge('say-hello', { keep: true }, paths),
      printed,
      readFileSync(own(), 'utf8'),
    ]).toEqual([0, 'work/say-hello/ stays as it is.\n', '// mine\n// TODO\n'])
    expect(stubNote(await exercise(), paths)).toBeNull()
  })
})

test('reset of an unknown exercise suggests the nearest, and touches nothing', async () => {
  const expected = new UsageError('No exercise is called "say-helo". Did you mean "say-hello"?')
  await expect(reset('say-helo', paths)).rejects.toThrow(expected)
  expect(existsSync(paths.work)).toBe(false)
})

test('the whole command: exit codes, and colours only where they are wanted', () => {
  const main = join(resolvePaths({}).root, 'cli/main.ts')
  const folders = { ROUNDTRIP_WORK: paths.work, ROUNDTRIP_HOME: paths.state }
  const env = { ...process.env, ...folders, FORCE_COLOR: undefined, NO_COLOR: undefined }
  const run = (args: string[], more: NodeJS.ProcessEnv = {}) =>
    spawnSync(process.execPath, [main, ...args], { encoding: 'utf8', env: { ...env, ...more } })
  expect(run(['progress'], { FORCE_COLOR: '1' }).stdout).toContain('\u001b[')
  const plain = run(['progress'], { NO_COLOR: '1' })
  expect([plain.status, plain.stdout.includes('\u001b[')]).toEqual([0, false])
  const unknown = run(['reset', 'no-such-exercise-anywhere'])
  expect([unknown.status, unknown.stdout]).toEqual([2, ''])
  expect(unknown.stderr).toBe(
    'No exercise is called "no-such-exercise-anywhere". See the list with: npm run progress\n',
  )
})
