import { rmSync } from 'node:fs'
import { afterEach, expect, test } from 'vitest'
import { findExercise } from '../course/find.ts'
import { writeFixtureCourse } from '../testing/sample-course.ts'
import { loadCourse } from '../course/load-course.ts'
import { mutantIds } from '../course/mutants/mutants.ts'
import { folderProblems } from './folder.ts'

const roots: string[] = []
afterEach(() => roots.splice(0).forEach((root) => rmSync(root, { recursive: true, force: true })))

const exercise = async (
  changes: Record<string, string> = {},
  hints = ['The idea.', 'The mechanism.', 'Nearly the line.'],
) => {
  const { fixtureFiles } = await import('../testing/sample-course.ts')
  const task = fixtureFiles['exercises/say-hello/exercise.md'].replace(
    '  - Read the method.',
    hints.map((hint) => `  - ${hint}`).join('\n'),
  )
  const root = writeFixtureCourse({
    'exercises/say-hello/exercise.md': task,
    ...Object.fromEntries(
      Object.entries(changes).map(([path, text]) => [`exercises/say-hello/${path}`, text]),
    ),
  })
  roots.push(root)
  return findExercise((await loadCourse(root)).course, 'say-hello')!.exercise
}

test('a folder with what belongs there', async () => {
  const whole = await exercise({
    'feedback/stub.txt': '',
    'feedback/says-nothing.txt': '',
    'scenarios.ts': "import { answered } from './answers.ts'\n",
    'answers.ts': "import { words } from './words.ts'\nexport const answered = words\n",
    'words.ts': 'export const words = 1\n',
    'solution/parts/more.ts': '',
    'right/in-class/server.ts': '',
    'mutants/says-nothing/parts/more.ts': '',
    'mutants/whispers.patch': '',
    'feedback/whispers.txt': '',
  })
  expect(mutantIds(whole)).toEqual(['says-nothing', 'whispers'])
  expect(folderProblems(whole)).toEqual([])
})

test('stray files are named', async () => {
  const stray = {
    '.DS_Store': '',
    'answers.ts': '',
    'notes.md': '',
    'feedback/gone.txt': '',
    'mutants/readme.md': '',
    'mutants/says-nothing/old.ts': '',
    'node_modules/x/index.js': '',
    'solution/.env': '',
  }
  expect(folderProblems(await exercise(stray))).toEqual(
    [
      '.DS_Store',
      'answers.ts',
      'feedback/gone.txt',
      'mutants/readme.md',
      'mutants/says-nothing/old.ts',
      'node_modules',
      'notes.md',
      'solution/.env',
    ].map((path) => `${path} isn't part of an exercise; remove it`),
  )
})

test('an exercise is told how its first mutant is made', async () => {
  const bare = { ...(await exercise()), dir: '/nowhere' }
  expect(folderProblems(bare)).toEqual([
    'has no mutant; add a wrong solution for each diagnosis, named for it: npm run mutant say-hello <diagnosis-id>',
  ])
})

test('hints are three, and each says something else', async () => {
  expect(folderProblems(await exercise({}, ['Look.']))).toEqual([
    'has 1 hint; give it 3: the idea, the mechanism, nearly the line',
  ])
  expect(folderProblems(await exercise({}, ['Read it.', 'Go on.', 'read it']))).toEqual([
    'hint 3 says the same as hint 1; each goes further than the one before',
  ])
  expect(folderProblems(await exercise({}, ['A.', 'B.', 'TODO']))).toEqual([
    'hint 3 is still a TODO',
  ])
})
