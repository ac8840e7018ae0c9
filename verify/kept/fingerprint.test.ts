import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { findExercise } from '../../course/find.ts'
import { loadCourse } from '../../course/load-course.ts'
import { writeFixtureCourse } from '../../testing/sample-course.ts'
import { fingerprint, type Fingerprint } from './fingerprint.ts'

const inScenarios = {
  'exercises/say-hello/checks.ts':
    "import { check } from '#grader'\nimport { visit } from './scenarios.ts'\nimport { words } from './words.ts'\n",
  'exercises/say-hello/scenarios.ts':
    "import { scenario } from '#grader'\nimport { kind } from './answers.ts'\n",
  'exercises/say-hello/answers.ts': 'export const kind = 1\n',
  'exercises/say-hello/words.ts': "import type { scenario } from '#grader'\n",
  'exercises/say-hello/feedback/stub.txt': 'Not yet\n',
}

let root: string
beforeEach(() => (root = writeFixtureCourse(inScenarios)))
afterEach(() => rmSync(root, { recursive: true, force: true }))

const look = async () => {
  const { exercise, lesson } = findExercise((await loadCourse(root)).course, 'say-hello')!
  return fingerprint(exercise, lesson, process.execPath)
}
const append = (path: string, text = '\n') =>
  writeFileSync(join(root, path), readFileSync(join(root, path), 'utf8') + text)

async function changedBy(change: () => void): Promise<(keyof Fingerprint)[]> {
  const before = await look()
  change()
  const after = await look()
  return (['recorded', 'judged'] as const).filter((part) => before[part] !== after[part])
}

describe('an exercise’s fingerprint', () => {
  test('is the same for the same files, whatever happens elsewhere', async () => {
    expect(await look()).toEqual(await look())
    expect(await changedBy(() => append('lessons/course.md'))).toEqual([])
  })

  test.each([
    'exercises/say-hello/checks.ts',
    'exercises/say-hello/words.ts',
    'exercises/say-hello/feedback/stub.txt',
    'exercises/say-hello/exercise.md',
  ])('%s judges, and has no part in what is recorded', async (path) => {
    expect(await changedBy(() => append(path))).toEqual(['judged'])
  })

  test.each([
    'exercises/say-hello/scenarios.ts',
    'exercises/say-hello/answers.ts',
    'exercises/say-hello/solution/server.ts',
    'exercises/say-hello/stub/server.ts',
    'exercises/say-hello/mutants/says-nothing/server.ts',
  ])('%s decides what is recorded', async (path) => {
    expect(await changedBy(() => append(path))).toEqual(['recorded'])
  })

  test('the front matter that decides how a program is graded is recorded, too', async () => {
    const file = join(root, 'exercises/say-hello/exercise.md')
    const slower = readFileSync(file, 'utf8').replace('gradingSeconds: 2', 'gradingSeconds: 9')
    expect(await changedBy(() => writeFileSync(file, slower))).toEqual(['recorded', 'judged'])
  })

  test('the headings of its lesson are judged by', async () => {
    const file = join(root, 'lessons/01-start/01-first.md')
    const other = readFileSync(file, 'utf8').replace('How long it lives', 'How long it stays')
    expect(await changedBy(() => writeFileSync(file, other))).toEqual(['judged'])
  })
})

test.each([
  [
    'makes a scenario itself',
    { 'checks.ts': "import { check, scenario } from '#grader'\nimport './scenarios.ts'\n" },
  ],
  ['may make one', { 'checks.ts': "import * as grader from '#grader'\n" }],
  ['has no scenarios.ts beside it', { 'scenarios.ts': null }],
  ['is imported by the scenarios', { 'scenarios.ts': "import { a } from './checks.ts'\n" }],
])('checks.ts that %s decides what is recorded', async (_, files) => {
  rmSync(root, { recursive: true })
  const changes = Object.entries(files).map(([name, text]) => [`exercises/say-hello/${name}`, text])
  root = writeFixtureCourse({ ...inScenarios, ...Object.fromEntries(changes) })
  expect(await changedBy(() => append('exercises/say-hello/checks.ts'))).toEqual(['recorded'])
})
