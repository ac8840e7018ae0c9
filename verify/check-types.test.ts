import { cpSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { allExercises, type FoundExercise } from '../course/find.ts'
import { loadCourse } from '../course/load-course.ts'
import { LARGEST_FILE } from '../course/read/read-file.ts'
import { formatMutantPatch } from '../course/mutants/patch.ts'
import { writeFixtureCourse } from '../testing/sample-course.ts'
import { typeProblems } from './check-types.ts'

const roots: string[] = []
afterEach(() => roots.splice(0).forEach((root) => rmSync(root, { recursive: true, force: true })))

async function problemsOf(files: Record<string, string>, kind = 'server') {
  const task = `---\ntitle: Say hello\nlesson: first-lesson\nkind: ${kind}\nlevel: 1\nminutes: 5\ngradingSeconds: 2\nhints:\n  - Read the method.\n---\nAnswer GET / with hello.\n`
  const root = writeFixtureCourse({
    'package.json': '{ "type": "module" }\n',
    'exercises/say-hello/exercise.md': task,
    ...Object.fromEntries(
      Object.entries(files).map(([path, text]) => [`exercises/say-hello/${path}`, text]),
    ),
  })
  roots.push(root)
  const { course } = await loadCourse(root)
  const exercises = allExercises(course).map(({ exercise }) => exercise)
  return (await typeProblems(exercises))!.get('say-hello') ?? []
}

const solution =
  "import express from 'express'\n\nconst port = Number(process.env.PORT)\nexpress().listen(port)\n"

test('every file of an exercise is checked, a patch as the program that it makes', async () => {
  const wrong = 'export const age: number = `ten`\n'
  const mutant = solution.replace('Number(process.env.PORT)', '`80`.length()')
  const found = await problemsOf({
    'checks.ts': wrong,
    'scenarios.ts': wrong,
    'stub/server.ts': wrong,
    'solution/server.ts': solution,
    'right/terse/server.ts': wrong,
    'mutants/says-nothing/server.ts': `// Misconception: silence is golden.\n${wrong}`,
    'mutants/wrong-port.patch': formatMutantPatch('Ports are text.', [
      { path: 'server.ts', solution, mutant },
    ]),
  })
  const message = "Type 'string' is not assignable to type 'number'."
  const isOfPatch = (problem: string) => problem.startsWith('mutants/wrong-port.patch')
  expect(found.filter((problem) => !isOfPatch(problem)).toSorted()).toEqual([
    `checks.ts:1 ${message}`,
    `mutants/says-nothing/server.ts:2 ${message}`,
    `right/terse/server.ts:1 ${message}`,
    `scenarios.ts:1 ${message}`,
    `stub/server.ts:1 ${message}`,
  ])
  expect(found.filter(isOfPatch)).toEqual([
    expect.stringMatching(/^mutants\/wrong-port\.patch, server\.ts:3 This expression is not/),
  ])
})

test('a page’s script has the globals of a page, and the checks beside it those of Node', async () => {
  expect(
    await problemsOf(
      {
        'checks.ts': "import { check } from '#grader'\nvoid check\nvoid process.version\n",
        'index.html': '<script type="module" src="/page.js"></script>',
        'stub/page.ts': 'document.title = `TODO`\n',
        'stub/server.ts': '',
        'solution/page.ts': 'document.title = process.version\n',
      },
      'page',
    ),
  ).toEqual([expect.stringMatching(/^solution\/page\.ts:1 Cannot find name 'process'/)])
})

test('what is given beside a program is there when it is checked', async () => {
  const uses = "import { charge } from './lib/ledger.ts'\nexport const paid: number = charge()\n"
  expect(
    await problemsOf({
      'given/lib/ledger.ts': 'export const charge = () => 1\n',
      'stub/server.ts': uses,
      'solution/server.ts': uses.replace('number', 'string'),
    }),
  ).toEqual(["solution/server.ts:2 Type 'number' is not assignable to type 'string'."])
})

test('an exercise whose files cannot be read costs the others nothing, and nothing is left', async ({
  onTestFinished,
}) => {
  const root = writeFixtureCourse({
    'package.json': '{ "type": "module" }\n',
    'exercises/say-hello/solution/server.ts': solution,
    'exercises/say-hello/mutants/wrong-port.patch': formatMutantPatch('Ports are text.', [
      { path: 'server.ts', solution, mutant: solution.replace('PORT', 'PORTS') },
    ]),
    'temp/empty.txt': '',
  })
  roots.push(root)
  const { course } = await loadCourse(root)
  const [{ exercise }] = allExercises(course) as [FoundExercise]
  const broken = { ...exercise, id: 'broken', dir: join(root, 'broken') }
  cpSync(exercise.dir, broken.dir, { recursive: true })
  writeFileSync(join(broken.dir, 'mutants/zeros.patch'), Buffer.alloc(LARGEST_FILE + 1))
  const wrong = 'export const age: number = `ten`\n'
  writeFileSync(join(exercise.dir, 'stub/server.ts'), wrong)
  vi.stubEnv('TMPDIR', join(root, 'temp'))
  onTestFinished(() => void vi.unstubAllEnvs())
  const found = await typeProblems([exercise, broken])
  expect(found!.get('say-hello')).toEqual([expect.stringMatching(/^stub\/server\.ts:1 /)])
  expect(found!.get('broken')).toEqual([expect.stringMatching(/zeros\.patch.*larger/)])
  expect(readdirSync(join(root, 'temp'))).toEqual(['empty.txt'])
})
