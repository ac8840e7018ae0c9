import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { findExercise } from '../../course/find.ts'
import { lintCourse } from '../../course/lint/lint-course.ts'
import { formatProblems } from '../../course/load-course.ts'
import { mutantIds } from '../../course/mutants/mutants.ts'
import { authorsFolder } from '../../testing/authors-program-in-tests.ts'
import { closeBrowser, gradeExercise, programOf } from '../../grader/index.ts'
import { createNew } from './new.ts'

let root: string
const before = process.env['ROUNDTRIP_COURSE']

beforeEach(async () => {
  vi.spyOn(process.stdout, 'write').mockReturnValue(true)
  root = join(mkdtempSync(join(tmpdir(), 'roundtrip-new-')), 'about-time')
  await createNew('course', root, { title: 'About: time', verify: false })
})
afterAll(closeBrowser)
afterEach(() => {
  vi.restoreAllMocks()
  rmSync(join(root, '..'), { recursive: true, force: true })
  if (before === undefined) delete process.env['ROUNDTRIP_COURSE']
  else process.env['ROUNDTRIP_COURSE'] = before
})

const files = { verify: false } as const

describe('createNew', () => {
  test('writes a course without a mistake', async () => {
    const { course, problems } = await lintCourse(root)
    expect(formatProblems(problems)).toBe('The course has 0 mistakes.')
    expect(course).toMatchObject({ id: 'about-time', title: 'About: time' })
    expect(course.sections[0]!.lessons[0]!.exercises[0]!.id).toBe('greet-by-name')
    const { compilerOptions } = JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8')) as {
      compilerOptions: { paths: Record<string, string[]> }
    }
    expect(existsSync(join(root, compilerOptions.paths['#grader']![0]!))).toBe(true)
  })

  test('writes a course in which an editor finds no mistake either', { timeout: 60_000 }, () => {
    const tsc = join(import.meta.dirname, '../../node_modules/typescript/bin/tsc')
    const { status, stdout } = spawnSync(process.execPath, [tsc, '-p', root], { encoding: 'utf8' })
    expect([status, stdout]).toEqual([0, ''])
  })

  test('writes lessons into old and new sections, and exercises, without a mistake', async () => {
    await createNew('lesson', 'second-lesson', { ...files, section: 'start' })
    await createNew('lesson', 'third-lesson', {
      ...files,
      section: 'going-on',
      title: 'The third: "last"',
    })
    await createNew('exercise', 'wait-a-bit', {
      ...files,
      lesson: 'third-lesson',
      title: 'Wait: a bit',
    })
    const { course, problems } = await lintCourse(root)
    expect(formatProblems(problems)).toBe('The course has 0 mistakes.')
    expect(
      course.sections.map(({ id, lessons }) => [id, lessons.map((lesson) => lesson.title)]),
    ).toEqual([
      ['start', ['The first lesson', 'Second lesson']],
      ['going-on', ['The third: "last"']],
    ])
    expect(course.sections[1]!.lessons[0]!.exercises.map(({ title }) => title)).toEqual([
      'Wait: a bit',
    ])
    expect(existsSync(join(root, 'lessons/01-start/20-second-lesson.md'))).toBe(true)
    expect(existsSync(join(root, 'lessons/02-going-on/10-third-lesson.md'))).toBe(true)
  })

  test.each(['server', 'client', 'page'] as const)(
    'writes an exercise of the kind %s whose solution passes and whose mutants are told why they do not',
    { timeout: 60_000 },
    async (kind) => {
      await createNew('exercise', 'another', { ...files, kind, lesson: 'first-lesson' })
      const { course, problems } = await lintCourse(root)
      expect(formatProblems(problems)).toBe('The course has 0 mistakes.')
      const { exercise, lesson } = findExercise(course, 'another')!
      const told = async (folder: string) => {
        const { report } = await gradeExercise({
          exercise,
          lesson,
          program: programOf(exercise, authorsFolder(exercise.dir, folder), folder),
        })
        return report.verdict === 'passed'
          ? 'passed'
          : (report.error ??
              report.checks.find(({ outcome }) => outcome === 'failed')?.diagnosis?.id)
      }
      expect(await told('solution')).toBe('passed')
      const mutants = mutantIds(exercise)
      expect(mutants.length).toBeGreaterThan(0)
      for (const mutant of mutants) expect(await told(`mutants/${mutant}`)).toBe(mutant)
    },
  )

  test.each([
    [
      'exercise',
      'Say Hello',
      files,
      '"Say Hello" isn\'t an id. Write it in small letters, digits and single hyphens, at most 64: cookies-max-age.',
    ],
    ['exercise', 'greet-by-name', files, 'There is an exercise "greet-by-name" already.'],
    [
      'exercise',
      'wait',
      { ...files, lesson: 'gone' },
      '--lesson gone is not one of: first-lesson.',
    ],
    ['exercise', 'wait', { ...files, title: ' ' }, '--title is empty.'],
    [
      'exercise',
      'wait',
      { ...files, kind: 'tea' },
      '--kind tea is not one of: server, client, page.',
    ],
    ['lesson', 'first-lesson', files, 'There is a lesson "first-lesson" already.'],
    [
      'lesson',
      'next',
      { ...files, section: 'Going on' },
      '"Going on" isn\'t the id of a section. Write it in small letters, digits and single hyphens.',
    ],
    [
      'chapter',
      'next',
      files,
      'There is nothing new called chapter. npm run new -- exercise <id>, -- lesson <id> or -- course <folder>.',
    ],
  ])('%s %s %j', async (what, name, options, message) => {
    await expect(createNew(what, name, options)).rejects.toThrow(message)
  })

  test('asks nobody where nobody is, and says what to add', async () => {
    await createNew('lesson', 'second-lesson', { ...files, section: 'start' })
    await expect(createNew('exercise', 'wait', files)).rejects.toThrow(
      'Nobody is there to ask. Add --lesson (first-lesson, second-lesson).',
    )
  })

  test('overwrites nothing', async () => {
    await expect(createNew('course', root, files)).rejects.toThrow(
      `${root} is not empty. Name a new folder.`,
    )
    writeFileSync(join(root, 'exercises/greet-by-name/exercise.md'), 'broken')
    await expect(
      createNew('exercise', 'greet-by-name', { ...files, lesson: 'first-lesson' }),
    ).rejects.toThrow('There is an exercise "greet-by-name" already.')
  })
})
