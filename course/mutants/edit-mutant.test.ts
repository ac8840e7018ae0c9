import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { allExercises } from '../find.ts'
import { loadCourseStrictly } from '../load-course.ts'
import { resolvePaths } from '../paths.ts'
import { openMutant, writeMutantBack } from './edit-mutant.ts'
import { listMutants } from './mutants.ts'

let root: string
beforeEach(() => void (root = mkdtempSync(join(tmpdir(), 'roundtrip-mutant-'))))
afterEach(() => rmSync(root, { recursive: true, force: true }))

const exercises = allExercises(await loadCourseStrictly(resolvePaths({}).root)).map(
  ({ exercise }) => exercise,
)
const noCommit = () => undefined

test.each(exercises)('every patch of $id comes back byte for byte', (exercise) => {
  const dir = join(root, exercise.id)
  cpSync(exercise.dir, dir, { recursive: true })
  const patches = listMutants({ dir }).filter(({ form }) => form === 'patch')
  expect(patches.length).toBeGreaterThan(5)
  for (const { id, path } of patches) {
    const before = readFileSync(join(dir, path), 'utf8')
    openMutant({ ...exercise, dir }, id, join(root, 'open'), noCommit)
    writeMutantBack({ ...exercise, dir }, id, join(root, 'open'))
    expect(readFileSync(join(dir, path), 'utf8'), path).toBe(before)
  }
})

describe('a mutant', () => {
  const SOLUTION = 'one\ntwo\nthree\n'
  let exercise: { id: string; dir: string; files: [string] }
  const open = () => openMutant(exercise, 'wrong', join(root, 'open'), noCommit)
  const write = () => writeMutantBack(exercise, 'wrong', join(root, 'open'))
  const patch = () => readFileSync(join(exercise.dir, 'mutants/wrong.patch'), 'utf8')

  beforeEach(() => {
    exercise = { id: 'count', dir: join(root, 'count'), files: ['server.ts'] }
    cpSync(join(exercises[0]!.dir, 'solution'), join(exercise.dir, 'solution'), { recursive: true })
    writeFileSync(join(exercise.dir, 'solution/server.ts'), SOLUTION)
  })

  test('that is new begins as the solution, and its misconception has to be written', () => {
    const { file } = open()
    expect(readFileSync(file, 'utf8')).toMatch(/^\/\/ Misconception: TODO.*\none\ntwo\nthree\n$/)
    expect(write).toThrow('The first line of server.ts does not name the misconception.')
    writeFileSync(file, '// Misconception: two is four.\none\nfour\nthree\n')
    expect(write()).toEqual(['server.ts'])
    expect(patch()).toBe(
      'Misconception: two is four.\n--- server.ts\n+++ server.ts\n@@ -1,3 +1,3 @@\n one\n-two\n+four\n three\n',
    )
  })

  test.each([
    ['// Misconception: nothing.\none\ntwo\nthree\n', 'The patch has no difference.'],
    ['one\nfour\nthree\n', 'does not name the misconception'],
    ['// Misconception:\none\nfour\nthree\n', 'does not name the misconception'],
    ['// Misconception: a.\r\none\r\nfour\r\nthree\r\n', 'This line ends with CRLF.'],
    ['// Misconception: a.\n<<<<<<< mutant\none\n', 'still has a conflict marked in it'],
  ])('%j is refused, and nothing is lost', (text, message) => {
    const { file } = open()
    writeFileSync(file, text)
    expect(write).toThrow(message)
    expect(readFileSync(file, 'utf8')).toBe(text)
  })

  test('adds no file', () => {
    const { file } = open()
    writeFileSync(file, '// Misconception: a.\none\nfour\nthree\n')
    writeFileSync(join(root, 'open/more.ts'), '')
    expect(write).toThrow('The solution has no file more.ts.')
  })

  test('whose patch no longer applies is opened from the solution of the last commit', () => {
    writeFileSync(open().file, '// Misconception: two is four.\none\nfour\nthree\n')
    write()
    writeFileSync(join(exercise.dir, 'solution/server.ts'), 'one\n2\nthree\n')
    const { file, byHand } = openMutant(exercise, 'wrong', join(root, 'open'), () => SOLUTION)
    expect(byHand).toMatch(/change the same lines in one place/)
    expect(readFileSync(file, 'utf8')).toMatch(/<<<<<<<[^]*four[^]*=======[^]*2[^]*>>>>>>>/)
    expect(write).toThrow('still has a conflict')
    writeFileSync(file, '// Misconception: two is four.\none\n4\nthree\n')
    write()
    expect(patch()).toContain('-2\n+4\n')
  })
})
