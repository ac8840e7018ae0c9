import {
  appendFileSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { findExercise } from '../../course/find.ts'
import { loadCourse } from '../../course/load-course.ts'
import { writeFixtureCourse } from '../../testing/sample-course.ts'
import { fingerprint, type Fingerprint } from './fingerprint.ts'

const record = 'async record() { return {} }'
const checksOf = (scenario: string) =>
  `const one = check('One', ${scenario}, { verify() {} })\nexport default { one }\n`
const inScenarios: Record<string, string> = {
  'checks.ts': `import { check } from '#grader'\nimport { visit } from './scenarios.ts'\nimport { words } from './words.ts'\nvoid words\n${checksOf('visit')}`,
  'scenarios.ts': `import { scenario } from '#grader'\nimport { kind } from './answers.ts'\nvoid kind\nexport const visit = scenario('Visit', { ${record} })\n`,
  'answers.ts': 'export const kind = 1\n',
  'words.ts': "export const words = 'Words'\n",
  'feedback/stub.txt': 'Not yet\n',
  'given/lib/ledger.ts': 'export const charge = () => 1\n',
  'right/other/server.ts': 'export {}\n',
}

let root: string
const begin = (changes: Record<string, string | null> = {}) => {
  const files = Object.entries({ ...inScenarios, ...changes })
  root = writeFixtureCourse(
    Object.fromEntries(files.map(([path, text]) => [`exercises/say-hello/${path}`, text])),
  )
}
const end = () => rmSync(root, { recursive: true, force: true })
beforeEach(() => begin())
afterEach(end)

const place = (path: string) => join(root, 'exercises/say-hello', path)
const append = (path: string) => appendFileSync(place(path), '\n')
const look = async () => {
  const { exercise, lesson } = findExercise((await loadCourse(root)).course, 'say-hello')!
  return fingerprint(exercise, lesson, process.execPath)
}

async function changedBy(change: () => void): Promise<(keyof Fingerprint)[]> {
  const before = await look()
  change()
  const after = await look()
  return (['recorded', 'judged'] as const).filter((part) => before[part] !== after[part])
}

describe('an exercise’s fingerprint', () => {
  test('is the same for the same files, whatever happens elsewhere', async () => {
    expect(await look()).toEqual(await look())
    expect(await changedBy(() => appendFileSync(join(root, 'lessons/course.md'), '\n'))).toEqual([])
  })

  test.each(['checks.ts', 'words.ts', 'feedback/stub.txt', 'exercise.md'])(
    '%s judges, and has no part in what is recorded',
    async (path) => {
      expect(await changedBy(() => append(path))).toEqual(['judged'])
    },
  )

  test.each([
    'scenarios.ts',
    'answers.ts',
    'solution/server.ts',
    'stub/server.ts',
    'mutants/says-nothing/server.ts',
    'given/lib/ledger.ts',
    'right/other/server.ts',
  ])('%s decides what is recorded', async (path) => {
    expect(await changedBy(() => append(path))).toEqual(['recorded'])
  })

  test('what a link leads to is recorded, and one that leads back is followed once', async () => {
    const shared = join(root, 'shared')
    mkdirSync(shared)
    writeFileSync(join(shared, 'page.html'), '<p>One\n')
    symlinkSync(join(shared, 'page.html'), place('solution/page.html'))
    symlinkSync(shared, place('solution/all'))
    symlinkSync(place('solution'), place('solution/again'))
    symlinkSync(place('solution/nowhere'), place('solution/lost'))
    const change = () => appendFileSync(join(shared, 'page.html'), '<p>Two\n')
    expect(await changedBy(change)).toEqual(['recorded'])
    rmSync(place('solution/page.html'))
    expect(await changedBy(change)).toEqual(['recorded'])
  })

  test('the front matter that decides how a program is graded is recorded, too', async () => {
    const slower = readFileSync(place('exercise.md'), 'utf8').replace(
      'gradingSeconds: 2',
      'gradingSeconds: 9',
    )
    expect(await changedBy(() => writeFileSync(place('exercise.md'), slower))).toEqual([
      'recorded',
      'judged',
    ])
  })

  test('the headings of its lesson are judged by', async () => {
    const file = join(root, 'lessons/01-start/01-first.md')
    const other = readFileSync(file, 'utf8').replace('How long it lives', 'How long it stays')
    expect(await changedBy(() => writeFileSync(file, other))).toEqual(['judged'])
  })
})

const fromGrader = "import { check } from '#grader'\n"
const visitOf = (title: string) => `scenario(${title}, { ${record} })`

test.each<[what: string, files: Record<string, string | null>]>([
  [
    'makes a scenario itself',
    { 'checks.ts': `import { check, scenario } from '#grader'\n${checksOf(visitOf("'Mine'"))}` },
  ],
  [
    'makes one by the whole of #grader',
    {
      'checks.ts': `import * as grader from '#grader'\nconst { check } = grader\n${checksOf(`grader.${visitOf("'Mine'")}`)}`,
    },
  ],
  [
    'has one made by a function of scenarios.ts',
    {
      'checks.ts': `${fromGrader}import { asking } from './scenarios.ts'\n${checksOf("asking('/roman')")}`,
      'scenarios.ts': `import { scenario } from '#grader'\nexport const asking = (path: string) => ${visitOf('path')}\n`,
    },
  ],
  [
    'makes one by what another file exports again',
    {
      'checks.ts': `${fromGrader}import { scenario } from './words.ts'\n${checksOf(visitOf("'Mine'"))}`,
      'words.ts': "export { scenario } from '#grader'\n",
    },
  ],
  [
    'changes one of scenarios.ts',
    {
      'checks.ts': `${fromGrader}import { visit } from './scenarios.ts'\n${checksOf('{ ...visit }')}`,
    },
  ],
  [
    'has no scenarios.ts beside it',
    {
      'checks.ts': `import { check, scenario } from '#grader'\n${checksOf(visitOf("'Mine'"))}`,
      'scenarios.ts': null,
    },
  ],
  ['cannot be loaded', { 'checks.ts': "throw new Error('not yet')\n" }],
  [
    'is imported by the scenarios',
    { 'scenarios.ts': `import * as all from './checks.ts'\n${inScenarios['scenarios.ts']}` },
  ],
  [
    'may be imported by the scenarios',
    {
      'scenarios.ts': `${inScenarios['scenarios.ts']}export const later = () => import(['.', 'checks.ts'].join('/'))\n`,
    },
  ],
])('checks.ts that %s decides what is recorded', async (_, files) => {
  end()
  begin(files)
  expect(await changedBy(() => append('checks.ts'))).toEqual(['recorded'])
})

test.each([
  ['with names', "import { words } from './words.ts'\nvoid words\n"],
  ['without any', "import './words.ts'\n"],
  ['to export it again', "export * from './words.ts'\n"],
  ['when it is needed', "export const later = () => import('./words.ts')\n"],
])('a file that scenarios.ts imports %s decides what is recorded', async (_, line) => {
  end()
  begin({ 'scenarios.ts': line + inScenarios['scenarios.ts'] })
  expect(await changedBy(() => append('words.ts'))).toEqual(['recorded'])
  expect(await changedBy(() => append('checks.ts'))).toEqual(['judged'])
})

test.each(['checks.ts', 'scenarios.ts'])(
  'a file elsewhere that %s imports decides what is recorded',
  async (name) => {
    end()
    begin({ [name]: `import '../../shared/kit.ts'\n${inScenarios[name]}` })
    const file = join(root, 'shared/kit.ts')
    mkdirSync(dirname(file))
    writeFileSync(file, 'export {}\n')
    expect(await changedBy(() => appendFileSync(file, '\n'))).toEqual(['recorded'])
  },
)

test('scenarios that scenarios.ts exports together are its own', async () => {
  end()
  begin({
    'scenarios.ts': `import { scenario, together } from '#grader'\nconst hidden = ${visitOf("'Hidden'")}\nexport const visit = together({ hidden })\n`,
  })
  expect(await changedBy(() => append('checks.ts'))).toEqual(['judged'])
})
