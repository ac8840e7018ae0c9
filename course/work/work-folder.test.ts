import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { FileError } from '../read/file-error.ts'
import { findExercise } from '../find.ts'
import { writeFixtureCourse } from '../../testing/sample-course.ts'
import { loadCourseStrictly } from '../load-course.ts'
import { resolvePaths, type Paths } from '../paths.ts'
import { runScript } from '../../testing/run-script.ts'
import type { Exercise } from '../types.ts'
import {
  baseFolder,
  ensureWork,
  isWorkBegun,
  readWork,
  resetWork,
  workFolder,
} from './work-folder.ts'

let root: string
let paths: Paths
let exercise: Exercise
let dir: string

beforeEach(async () => {
  root = writeFixtureCourse({
    'exercises/say-hello/stub/views/page.html': '<p>stub</p>\n',
    'exercises/say-hello/solution/views/page.html': '<p>solved</p>\n',
  })
  paths = {
    ...resolvePaths({
      ROUNDTRIP_WORK: join(root, 'work'),
      ROUNDTRIP_HOME: join(root, '.roundtrip'),
    }),
    root,
  }
  exercise = findExercise(await loadCourseStrictly(root), 'say-hello')!.exercise
  dir = join(root, 'work/say-hello')
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const read = (path: string): string => readFileSync(join(dir, path), 'utf8')
const base = (path: string): string =>
  readFileSync(join(root, '.roundtrip/base/say-hello', path), 'utf8')
const now = new Date(2026, 10, 22, 10, 15, 3)
const copyName = 'say-hello.before-reset-2026-11-22T10-15-03'

describe('ensureWork', () => {
  test('copies the stub when there is no folder, and keeps what the learner began from', () => {
    expect(ensureWork(exercise, paths)).toEqual({ dir, created: true })
    expect(read('server.ts')).toBe('// TODO\n')
    expect(read('views/page.html')).toBe('<p>stub</p>\n')
    expect(base('views/page.html')).toBe('<p>stub</p>\n')
    expect(readdirSync(join(root, 'work'))).toEqual(['say-hello'])
    expect(workFolder(exercise, paths)).toBe(dir)
    expect(baseFolder(exercise, paths)).toBe(join(root, '.roundtrip/base/say-hello'))
  })

  test('overwrites nothing and adds only what is missing', () => {
    ensureWork(exercise, paths)
    writeFileSync(join(dir, 'server.ts'), '// mine\n')
    rmSync(join(dir, 'views'), { recursive: true })
    writeFileSync(join(root, 'exercises/say-hello/stub/server.ts'), '// a newer stub\n')
    writeFileSync(join(root, 'exercises/say-hello/stub/views/page.html'), '<p>newer</p>\n')
    expect(ensureWork(exercise, paths)).toEqual({ dir, created: false })
    expect(read('server.ts')).toBe('// mine\n')
    expect(base('server.ts')).toBe('// TODO\n')
    expect(read('views/page.html')).toBe('<p>newer</p>\n')
    expect(base('views/page.html')).toBe('<p>newer</p>\n')
  })

  test('gives files that can be edited even when the stub is read-only', () => {
    chmodSync(join(root, 'exercises/say-hello/stub/server.ts'), 0o444)
    ensureWork(exercise, paths)
    expect(spawnSync('test', ['-w', join(dir, 'server.ts')]).status).toBe(0)
  })

  test('says what is wrong when a file stands where the folder belongs', () => {
    writeFileSync(join(root, 'work'), '')
    expect(() => ensureWork(exercise, paths)).toThrow(
      'Cannot write work/say-hello: a file stands where a folder is needed.',
    )
  })

  const ensureInAnotherProcess = `
    const { loadCourseStrictly } = await import(args.loadCourse)
    const { ensureWork } = await import(args.workFolder)
    const { sections } = await loadCourseStrictly(args.paths.root)
    try {
      console.log(ensureWork(sections[0].lessons[0].exercises[0], args.paths).created)
    } catch (error) {
      console.log(error.name, error.message, error.remedy)
    }`
  const modules = {
    loadCourse: import.meta.resolve('../load-course.ts'),
    workFolder: import.meta.resolve('./work-folder.ts'),
  }

  test('processes that begin at once all find a whole folder', async () => {
    const runs = [1, 2, 3, 4].map(
      () => runScript(ensureInAnotherProcess, { ...modules, paths }).output,
    )
    expect((await Promise.all(runs)).toSorted()).toEqual([
      'false\n',
      'false\n',
      'false\n',
      'true\n',
    ])
    expect([read('server.ts'), base('server.ts')]).toEqual(['// TODO\n', '// TODO\n'])
    expect(readdirSync(join(root, 'work'))).toEqual(['say-hello'])
  })

  test('says what is wrong when the work folder cannot be written', async () => {
    mkdirSync(join(root, 'work'))
    chmodSync(root, 0o755)
    chmodSync(join(root, 'work'), 0o555)
    const message = 'Cannot write work/say-hello: permission denied.'
    const remedy = 'Give yourself the right to read and write it, then run this again.'
    expect(await runScript(ensureInAnotherProcess, { ...modules, paths }, true).output).toBe(
      `FileError ${message} ${remedy}\n`,
    )
  })
})

describe('resetWork', () => {
  test('copies first, then goes back to the stub', () => {
    ensureWork(exercise, paths)
    writeFileSync(join(dir, 'server.ts'), '// mine\n')
    mkdirSync(join(dir, 'notes'))
    writeFileSync(join(dir, 'notes/plan.txt'), 'plan')
    writeFileSync(join(dir, 'views/extra.html'), 'extra')
    expect(resetWork(exercise, paths, now)).toEqual({ dir, copy: join(root, 'work', copyName) })
    const copied = readdirSync(join(root, 'work', copyName), { recursive: true }).toSorted()
    expect(copied).toEqual([
      'notes',
      'notes/plan.txt',
      'server.ts',
      'views',
      'views/extra.html',
      'views/page.html',
    ])
    expect(readFileSync(join(root, 'work', copyName, 'server.ts'), 'utf8')).toBe('// mine\n')
    expect(readdirSync(dir, { recursive: true }).toSorted()).toEqual([
      'server.ts',
      'views',
      'views/page.html',
    ])
    expect(read('server.ts')).toBe('// TODO\n')
  })

  test('takes the newest stub and keeps it as what the learner began from', () => {
    ensureWork(exercise, paths)
    writeFileSync(join(root, 'exercises/say-hello/stub/server.ts'), '// a newer stub\n')
    resetWork(exercise, paths, now)
    expect(read('server.ts')).toBe('// a newer stub\n')
    expect(base('server.ts')).toBe('// a newer stub\n')
  })

  test('never writes into a copy that is there', () => {
    ensureWork(exercise, paths)
    for (const mine of ['first', 'second', 'third']) {
      writeFileSync(join(dir, 'server.ts'), mine)
      resetWork(exercise, paths, now)
    }
    const copy = (name: string): string =>
      readFileSync(join(root, 'work', name, 'server.ts'), 'utf8')
    const copies = [copy(copyName), copy(`${copyName}-2`), copy(`${copyName}-3`)]
    expect(copies).toEqual(['first', 'second', 'third'])
  })

  test('leaves hidden files and node_modules where they are', () => {
    ensureWork(exercise, paths)
    mkdirSync(join(dir, '.git'))
    writeFileSync(join(dir, '.git/HEAD'), 'ref')
    mkdirSync(join(dir, 'node_modules/left-alone'), { recursive: true })
    resetWork(exercise, paths, now)
    expect(read('.git/HEAD')).toBe('ref')
    expect(existsSync(join(dir, 'node_modules/left-alone'))).toBe(true)
    expect(readdirSync(join(root, 'work', copyName)).toSorted()).toEqual(['server.ts', 'views'])
  })

  test('copies nothing where nothing but the stub is', () => {
    rmSync(join(exercise.dir, 'stub/views'), { recursive: true })
    const small = { ...exercise, files: ['server.ts'] as const }
    ensureWork(small, paths)
    expect(resetWork(small, paths, now)).toEqual({ dir, copy: null })
    writeFileSync(join(dir, 'notes.txt'), 'mine')
    expect(resetWork(small, paths, now)).toEqual({ dir, copy: join(root, 'work', copyName) })
  })

  test('without a folder it is a first start', () => {
    expect(resetWork(exercise, paths, now)).toEqual({ dir, copy: null })
    expect(read('server.ts')).toBe('// TODO\n')
  })

  test('says where the copy is when the stub cannot be written', () => {
    ensureWork(exercise, paths)
    rmSync(join(dir, 'server.ts'))
    mkdirSync(join(dir, 'server.ts'))
    writeFileSync(join(dir, 'server.ts/mine.txt'), 'mine')
    let thrown: unknown
    try {
      resetWork(exercise, paths, now)
    } catch (error) {
      thrown = error
    }
    expect(thrown).toBeInstanceOf(FileError)
    expect((thrown as FileError).message).toBe(
      'Cannot write work/say-hello: there is a folder where a file is needed.',
    )
    expect((thrown as FileError).remedy).toBe(
      `Your files are in work/${copyName}. Rename that folder, then run this again.`,
    )
    expect(readFileSync(join(root, 'work', copyName, 'server.ts/mine.txt'), 'utf8')).toBe('mine')
    expect(readFileSync(join(dir, 'server.ts/mine.txt'), 'utf8')).toBe('mine')
    expect(readdirSync(dir).toSorted()).toEqual(['server.ts', 'views'])
  })
})

describe('isWorkBegun', () => {
  test('is true once a file differs from the stub it began as', () => {
    expect(isWorkBegun(exercise, paths)).toBe(false)
    ensureWork(exercise, paths)
    writeFileSync(join(root, 'exercises/say-hello/stub/server.ts'), '// a newer stub\n')
    expect(isWorkBegun(exercise, paths)).toBe(false)
    writeFileSync(join(dir, 'server.ts'), '// mine\n')
    expect(isWorkBegun(exercise, paths)).toBe(true)
    resetWork(exercise, paths, now)
    expect(isWorkBegun(exercise, paths)).toBe(false)
  })

  test('does without the stub it began as', () => {
    ensureWork(exercise, paths)
    rmSync(baseFolder(exercise, paths), { recursive: true })
    expect(isWorkBegun(exercise, paths)).toBe(false)
    writeFileSync(join(dir, 'views/page.html'), 'mine')
    expect(isWorkBegun(exercise, paths)).toBe(true)
  })
})

describe('readWork', () => {
  test("gives the exercise's files as they stand", () => {
    ensureWork(exercise, paths)
    writeFileSync(join(dir, 'server.ts'), '// mine\n')
    writeFileSync(join(dir, 'other.txt'), 'not of the exercise')
    const files = readWork(exercise, dir, root).map(({ path, content }) => [
      path,
      Buffer.from(content).toString(),
    ])
    expect(files).toEqual([
      ['server.ts', '// mine\n'],
      ['views/page.html', '<p>stub</p>\n'],
    ])
  })

  test('names a file that is missing', () => {
    ensureWork(exercise, paths)
    rmSync(join(dir, 'server.ts'))
    expect(() => readWork(exercise, dir, root)).toThrow(
      'Cannot read work/say-hello/server.ts: it is not there.',
    )
  })
})
