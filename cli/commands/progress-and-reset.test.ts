import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { writeFixtureCourse } from '../../course/fixture-course.ts'
import { resolvePaths, type Paths } from '../../course/paths.ts'
import { openStore } from '../../store/open-store.ts'
import { UsageError } from '../explain-error.ts'
import { progress } from './progress.ts'
import { reset } from './reset.ts'

let paths: Paths
let printed: string
beforeEach(() => {
  const root = writeFixtureCourse()
  paths = { ...resolvePaths({ ROUNDTRIP_WORK: join(root, 'work'), ROUNDTRIP_HOME: join(root, '.roundtrip') }), root }
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
  store.markLesson('first-lesson', 1)
  store.addAnswer({ questionId: 'who-speaks-first', option: 'The client', correct: true })
  store.close()
  expect(await progress(paths)).toBe(0)
  expect(printed).toMatch(/1 of 1 lesson done/)
  expect(printed).toMatch(/npm run grade say-hello/)
})

test('progress refuses a course with mistakes', async () => {
  rmSync(join(paths.root, 'exercises/say-hello/checks.ts'))
  await expect(progress(paths)).rejects.toThrow('The course has 1 mistake.')
})

test('reset copies, then writes the stub, and says where both are', async () => {
  mkdirSync(join(paths.work, 'say-hello'), { recursive: true })
  writeFileSync(join(paths.work, 'say-hello/server.ts'), '// mine\n')
  expect(await reset('say-hello', paths)).toBe(0)
  const [copy] = readdirSync(paths.work).filter((name) => name.startsWith('say-hello.before-reset-'))
  expect(printed).toBe(`Your files were copied to work/${copy}/\nwork/say-hello/ holds the stub.\n`)
  expect(readFileSync(join(paths.work, copy!, 'server.ts'), 'utf8')).toBe('// mine\n')
  expect(readFileSync(join(paths.work, 'say-hello/server.ts'), 'utf8')).toBe('// TODO\n')
})

test('reset of an unknown exercise suggests the nearest, and touches nothing', async () => {
  const expected = new UsageError('There is no exercise "say-helo". Did you mean "say-hello"?')
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
  expect(unknown.stderr).toBe('There is no exercise "no-such-exercise-anywhere". See the list with: npm run progress\n')
})
