import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { allExercises } from '../course/find.ts'
import { loadCourseStrictly } from '../course/load-course.ts'
import type { Exercise } from '../course/types.ts'
import { GraderError } from './types/errors.ts'
import { loadChecks } from './load-checks.ts'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
let folder: string
let count = 0

beforeEach(() => {
  // One for each test: a module that was loaded stays loaded.
  folder = join(mkdtempSync(join(tmpdir(), 'roundtrip-checks-')), `exercise-${++count}`)
  mkdirSync(folder)
})
afterEach(() => rmSync(dirname(folder), { recursive: true, force: true }))

const exercise = (): Exercise => ({ id: 'by-hand', dir: folder }) as Exercise
const write = (text: string) => writeFileSync(join(folder, 'checks.ts'), text)
const one = (title: string) =>
  `{ title: '${title}', given: { title: 'x', record: async () => ({}) }, verify: () => {} }`

describe('loadChecks', () => {
  test('gives the checks in their order, named in kebab-case', async () => {
    write(
      `const firstCheck: object = ${one('One')}\nexport default { setsETag: ${one('Two')}, firstCheck, plain: ${one('Three')} }\n`,
    )
    expect([...(await loadChecks(exercise()))].map(([id, { title }]) => [id, title])).toEqual([
      ['sets-e-tag', 'Two'],
      ['first-check', 'One'],
      ['plain', 'Three'],
    ])
  })

  test('says which diagnosis was not made by rule()', async () => {
    write(
      `export default { a: { ...${one('A')}, diagnose: { known: { when: () => true, say: 'no' } } } }`,
    )
    await expect(loadChecks(exercise())).rejects.toMatchObject({
      message: 'exercises/by-hand/checks.ts: the diagnosis "known" of "A" was not made by rule().',
      remedy: expect.stringContaining('rule({ when'),
    })
  })

  test("refuses the id of the grader's own check", async () => {
    write(`export default { starts: ${one('A')} }`)
    await expect(loadChecks(exercise())).rejects.toMatchObject({
      message:
        'exercises/by-hand/checks.ts: "A" is exported as `starts`, which is the first check of every exercise.',
      remedy: 'Export it under another name.',
    })
  })

  test('sees a file that was changed', async () => {
    write(`export default { a: ${one('Before')} }`)
    utimesSync(join(folder, 'checks.ts'), 1_000_000, 1_000_000)
    expect((await loadChecks(exercise())).get('a')?.title).toBe('Before')
    write(`export default { a: ${one('After')} }`)
    expect((await loadChecks(exercise())).get('a')?.title).toBe('After')
  })

  test.each(['scenarios.ts', 'answers.ts'])('sees that %s beside it was changed', async (name) => {
    const beside = (title: string) =>
      writeFileSync(join(folder, name), `export const title: string = '${title}'\n`)
    if (name !== 'scenarios.ts')
      writeFileSync(join(folder, 'scenarios.ts'), `export { title } from './${name}'\n`)
    write(
      "import { title } from './scenarios.ts'\nexport default { a: { title, given: {}, verify: () => {} } }\n",
    )
    beside('Before')
    utimesSync(join(folder, name), 1_000_000, 1_000_000)
    expect((await loadChecks(exercise())).get('a')?.title).toBe('Before')
    beside('After')
    expect((await loadChecks(exercise())).get('a')?.title).toBe('After')
  })

  test.each<[string, string | null]>([
    ['is not there', null],
    ['does not parse', 'export default {'],
    ['throws', 'throw new Error("no")'],
    ['imports what does not exist', "import './missing.ts'\nexport default {}"],
  ])('says that a file which %s could not be loaded', async (_, text) => {
    if (text !== null) write(text)
    const error = await loadChecks(exercise()).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(GraderError)
    expect(error).toMatchObject({
      message: expect.stringMatching(/^exercises\/by-hand\/checks\.ts could not be loaded: ./),
      remedy: expect.stringContaining('npm run verify by-hand'),
    })
  })

  test.each<[string, string]>([
    ['nothing', ''],
    ['no default', `export const a = ${one('A')}`],
    ['an empty object', 'export default {}'],
    ['null', 'export default null'],
    ['text', 'export default "checks"'],
    ['something else among checks', `export default { a: ${one('A')}, b: { title: 'B' } }`],
    ['a check without verify', `export default { a: { title: 'A', given: {} } }`],
  ])('says that exporting %s is no checks', async (_, text) => {
    write(text)
    await expect(loadChecks(exercise())).rejects.toMatchObject({
      message: 'exercises/by-hand/checks.ts exports no checks.',
      remedy: expect.stringContaining('export default'),
    })
  })

  test('says which check comes after one that is not exported', async () => {
    write(
      `const hidden = ${one('Hidden')}\nexport default { a: { ...${one('A')}, after: hidden } }`,
    )
    await expect(loadChecks(exercise())).rejects.toMatchObject({
      message: 'exercises/by-hand/checks.ts: "A" comes after "Hidden", which is not exported.',
    })
  })
})

test('every exercise of this course has checks that load', async () => {
  const exercises = allExercises(await loadCourseStrictly(root))
  expect(exercises.length).toBeGreaterThan(0)
  for (const each of exercises)
    expect((await loadChecks(each.exercise)).size, each.exercise.id).toBeGreaterThan(0)
})

test('a verify() that throws names its line, as Node itself runs it', () => {
  write(
    `export default {\n  broken: {\n    title: 'Broken',\n    given: { title: 'x', record: async () => ({}) },\n    verify: (facts: any) => facts.missing.status,\n  },\n}\n`,
  )
  const script = `
    import { loadChecks } from ${JSON.stringify(join(root, 'grader/load-checks.ts'))}
    import { judgeCheck } from ${JSON.stringify(join(root, 'grader/judge/judge-check.ts'))}
    const checks = await loadChecks({ id: 'by-hand', dir: ${JSON.stringify(folder)} })
    const evidence = { scenario: 'x', recorded: {}, exchanges: [], log: '', exit: null, remarks: [] }
    console.log(judgeCheck(checks.get('broken'), evidence, { id: 'broken', atMs: 0, reproduce: { start: null, address: '' }, rereads: () => undefined }).error)`
  const printed = execFileSync(process.execPath, ['--input-type=module', '--eval', script], {
    encoding: 'utf8',
  })
  expect(printed.trim()).toMatch(
    /^Cannot read properties of undefined \(reading 'status'\) \(exercise-\d+\/checks\.ts line 5\)$/,
  )
})
