import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { findExercise, type FoundExercise } from '../course/find.ts'
import { loadCourseStrictly } from '../course/load-course.ts'
import { resolvePaths, type Paths } from '../course/paths.ts'
import { ensureWork, isWorkBegun, readWork, resetWork } from '../course/work/work-folder.ts'
import { gradeExercise } from '../grader/grade-exercise.ts'
import { programOf } from '../grader/program-of.ts'
import { closeBrowser } from '../grader/record/browser/browser.ts'
import { ownFolderPrefix } from '../grader/record/browser/own-folders.ts'
import { writeFixtureCourse } from '../testing/sample-course.ts'
import { verifyExercise } from './verify-exercise.ts'

const folder = 'exercises/pay-once'
const payments = (body: string) => `import { charge } from './lib/ledger.ts'
const known = new Map<string, number>()
export function pay(key: string): number {
${body}
}
`
const solved = payments(`  const id = known.get(key) ?? charge()
  known.set(key, id)
  return id`)
const stub = payments(`  // TODO: Charge once for each key.
  return charge()`)
const files: Record<string, string> = {
  [`${folder}/exercise.md`]: `---
title: Pay only once
lesson: first-lesson
kind: server
level: 1
minutes: 5
gradingSeconds: 1
hints:
  - A key names a payment.
  - Remember what came of a key.
  - "\`known.get(key)\` has it."
---
Charge once.
`,
  [`${folder}/given/server.ts`]: `import { createServer } from 'node:http'
import { pay } from './payments.ts'
createServer((request, response) => response.end(String(pay(String(request.headers['idempotency-key']))))).listen(Number(process.env.PORT), '127.0.0.1')
`,
  [`${folder}/given/lib/ledger.ts`]: 'let charges = 0\nexport const charge = () => ++charges\n',
  [`${folder}/stub/payments.ts`]: stub,
  [`${folder}/solution/payments.ts`]: solved,
  [`${folder}/right/other/payments.ts`]: solved.replaceAll('known', 'paid'),
  [`${folder}/mutants/charges-again.patch`]: `Misconception: A repeat is another payment.
--- payments.ts
+++ payments.ts
@@ -1,7 +1,7 @@
 import { charge } from './lib/ledger.ts'
 const known = new Map<string, number>()
 export function pay(key: string): number {
-  const id = known.get(key) ?? charge()
+  const id = charge()
   known.set(key, id)
   return id
 }
`,
  [`${folder}/checks.ts`]: `import { check, rule, scenario, text } from '#grader'
const visit = scenario('The same payment comes twice', { async record({ send, random }) {
  const request = { method: 'POST', path: '/pay', headers: [['Idempotency-Key', random.token()]] }
  return { first: await send(request), again: await send(request) }
} })
const once = check('It was charged once', visit, {
  verify: ({ first, again }, expect) => { expect(first).toHaveText('1'); expect(again).toHaveText('1') },
  diagnose: { 'charges-again': rule({ when: ({ again }) => text(again) === '2' && again, say: 'The repeat was charged, too.', alsoEarnedBy: ['stub'] }) },
})
export default { once }
`,
}

let root: string
let paths: Paths
let found: FoundExercise
const begin = async (changes: Record<string, string> = {}) => {
  root = writeFixtureCourse({ ...files, ...changes })
  paths = {
    ...resolvePaths({ ROUNDTRIP_WORK: join(root, 'work'), ROUNDTRIP_HOME: join(root, '.state') }),
    root,
  }
  found = findExercise(await loadCourseStrictly(root), 'pay-once')!
}
beforeEach(() => begin())
afterEach(() => rmSync(root, { recursive: true, force: true }))
afterAll(closeBrowser)

const gradeWork = () => {
  const { exercise, lesson } = found
  const { dir } = ensureWork(exercise, paths)
  const program = programOf(exercise, dir, 'work/pay-once/payments.ts')
  return gradeExercise({ exercise, lesson, program, kept: readWork(exercise, dir, root) })
}
const inWork = (name: string) => join(root, 'work/pay-once', name)

describe('files that are given', () => {
  test('belong to the exercise, and the one that is started may be one of them', () => {
    expect(found.exercise).toMatchObject({
      files: ['payments.ts'],
      given: ['server.ts', 'lib/ledger.ts'],
      entry: 'server.ts',
    })
  })

  test('are laid over every program that the gate runs', async () => {
    const options = {
      ...found,
      schedule: <Result>(_: unknown, task: () => Promise<Result>) => task(),
      withOnce: true,
    }
    await verifyExercise({ ...options, update: true })
    const { problems, trials } = await verifyExercise(options)
    expect(problems).toEqual([])
    expect(
      trials.flatMap(({ name, problems: each }) => each.map((say) => `${name}: ${say}`)),
    ).toEqual([])
    expect(trials.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['solution', 'right', 'stub', 'mutant', 'junk']),
    )
    expect(
      readdirSync(tmpdir()).filter((name) => name.startsWith(ownFolderPrefix('given'))),
    ).toEqual([])
  })

  test('are copied to the learner, whose change to one does not count, and is not lost', async () => {
    ensureWork(found.exercise, paths)
    writeFileSync(inWork('payments.ts'), solved)
    expect((await gradeWork()).report).toMatchObject({ verdict: 'passed', notes: [] })
    const mine = "export const charge = () => 'free'\n"
    writeFileSync(inWork('lib/ledger.ts'), mine)
    expect((await gradeWork()).report).toMatchObject({
      verdict: 'passed',
      notes: [
        "lib/ledger.ts is given, so your change to it does not count: the exercise's own is used.",
      ],
    })
    expect(readFileSync(inWork('lib/ledger.ts'), 'utf8')).toBe(mine)
    const { copy } = resetWork(found.exercise, paths)
    expect(readFileSync(join(copy!, 'lib/ledger.ts'), 'utf8')).toBe(mine)
    expect(readFileSync(inWork('lib/ledger.ts'), 'utf8')).toBe(
      files[`${folder}/given/lib/ledger.ts`],
    )
    expect(isWorkBegun(found.exercise, paths)).toBe(false)
  })

  test('are laid over a program of one file with another name', async () => {
    const { exercise, lesson } = found
    writeFileSync(join(root, 'mine.ts'), solved)
    const { report } = await gradeExercise({
      exercise,
      lesson,
      program: programOf(exercise, root, 'mine.ts', 'mine.ts'),
    })
    expect([report.verdict, report.error]).toEqual(['passed', undefined])
  })

  test('are renewed where the learner left them alone', async () => {
    const { exercise } = found
    ensureWork(exercise, paths)
    const given = (name: string) => join(exercise.dir, 'given', name)
    writeFileSync(inWork('server.ts'), '// mine\n')
    for (const name of ['server.ts', 'lib/ledger.ts']) writeFileSync(given(name), '// new\n')
    ensureWork(exercise, paths)
    expect(readFileSync(inWork('lib/ledger.ts'), 'utf8')).toBe('// new\n')
    expect(readFileSync(inWork('server.ts'), 'utf8')).toBe('// mine\n')
  })

  test('may not be among the files of a program', async () => {
    rmSync(root, { recursive: true })
    const ledger = '// another\n'
    await expect(
      begin({
        [`${folder}/stub/lib/ledger.ts`]: ledger,
        [`${folder}/solution/lib/ledger.ts`]: ledger,
      }),
    ).rejects.toThrow(
      /exercises\/pay-once\/stub\/lib\/ledger\.ts[\s\S]*lib\/ledger\.ts is given, so this one is overwritten at each grading\.[\s\S]*Remove it here, or in exercises\/pay-once\/given/,
    )
    expect(existsSync(root)).toBe(true)
  })
})
