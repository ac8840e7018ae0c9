import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { findExercise } from '../course/find.ts'
import { loadCourse } from '../course/load-course.ts'
import { formatMutantPatch } from '../course/mutants/patch.ts'
import type { Exercise } from '../course/types.ts'
import { writeFixtureCourse } from '../testing/sample-course.ts'
import { carryPatchesOver, mutantFileProblems, prepareMutants } from './mutants.ts'

const roots: string[] = []
afterEach(() => vi.unstubAllEnvs())
afterEach(() => roots.splice(0).forEach((root) => rmSync(root, { recursive: true, force: true })))

const solution = `import { a } from 'a'

const token = a()
const age = 10

serve(token, age)
`
const patchOf = (misconception: string, mutant: string) =>
  formatMutantPatch(misconception, [{ path: 'server.ts', solution, mutant }])
const wrongAge = patchOf('Ages are long.', solution.replace('age = 10', 'age = 10_000'))
const noToken = patchOf(
  'Nobody needs a token.',
  solution.replace('serve(token, age)', 'serve(age)'),
)

async function exerciseWith(files: Record<string, string>): Promise<Exercise> {
  const root = writeFixtureCourse({
    'exercises/say-hello/solution/server.ts': solution,
    ...Object.fromEntries(
      Object.entries(files).map(([path, text]) => [`exercises/say-hello/mutants/${path}`, text]),
    ),
  })
  roots.push(root)
  return findExercise((await loadCourse(root)).course, 'say-hello')!.exercise
}

const git = (exercise: Exercise, ...args: string[]) =>
  spawnSync(
    'git',
    ['-c', 'user.name=a', '-c', 'user.email=a@example.org', '-C', exercise.dir, ...args],
    { encoding: 'utf8' },
  )
const read = ({ dir }: Exercise, path: string) => readFileSync(join(dir, path), 'utf8')
const write = ({ dir }: Exercise, path: string, text: string) =>
  writeFileSync(join(dir, path), text)

describe('prepareMutants', () => {
  test('makes a whole program of a patch, runs a folder where it is, and leaves nothing', async () => {
    const exercise = await exerciseWith({ 'long.patch': wrongAge, 'broken.patch': 'x' })
    const { folders, remove } = prepareMutants(exercise)
    expect([...folders.keys()]).toEqual(['long', 'says-nothing'])
    expect(folders.get('says-nothing')).toBe(join(exercise.dir, 'mutants/says-nothing'))
    const made = folders.get('long')!
    expect(basename(made)).toBe('long')
    expect(made.startsWith(exercise.dir)).toBe(false)
    expect(readFileSync(join(made, 'server.ts'), 'utf8')).toBe(
      solution.replace('age = 10', 'age = 10_000'),
    )
    remove()
    expect(existsSync(made)).toBe(false)
  })
})

test('what is wrong with a file of a mutant is said with its place', async () => {
  const exercise = await exerciseWith({
    'broken.patch': wrongAge.replace('const token', 'let token'),
  })
  expect(mutantFileProblems(exercise)).toEqual([
    expect.stringMatching(
      /^mutants\/broken\.patch:4 This hunk does not apply to solution\/server\.ts: at line 3 it needs "let token = a\(\)", and there is "const token = a\(\)"\.\n.*--update/,
    ),
  ])
})

describe.skipIf(spawnSync('git', ['--version']).status !== 0)('carryPatchesOver', () => {
  const committed = async (files: Record<string, string>) => {
    const exercise = await exerciseWith(files)
    git(exercise, 'init', '-q')
    git(exercise, 'add', '.')
    git(exercise, 'commit', '-qm', 'one')
    expect(git(exercise, 'rev-parse', 'HEAD').status).toBe(0)
    return exercise
  }

  test('takes a change of the solution into each mutant, and names those that need a hand', async () => {
    const exercise = await committed({ 'long.patch': wrongAge, 'none.patch': noToken })
    const now = solution
      .replaceAll('token', 'session')
      .replace('serve(session', 'listen(session, 1')
    write(exercise, 'solution/server.ts', now)
    expect(carryPatchesOver(exercise)).toEqual([
      'mutants/long.patch was carried over to the solution; read what it changes now',
      expect.stringMatching(
        /^mutants\/none\.patch needs a hand: solution and mutant change the same lines in one place; npm run mutant .*say-hello none.* opens it$/,
      ),
    ])
    expect(read(exercise, 'mutants/none.patch')).toBe(noToken)
    const { folders, remove } = prepareMutants(exercise)
    expect(readFileSync(join(folders.get('long')!, 'server.ts'), 'utf8')).toBe(
      now.replace('age = 10', 'age = 10_000'),
    )
    remove()
    expect(read(exercise, 'mutants/long.patch')).toMatch(/^Misconception: Ages are long\.\n--- /)
    // What is done once is not done again, and what needs a hand still does.
    expect(carryPatchesOver(exercise)).toHaveLength(1)
  })

  test('without git says so', async () => {
    const exercise = await committed({ 'long.patch': wrongAge })
    write(exercise, 'solution/server.ts', solution.replaceAll('token', 'session'))
    vi.stubEnv('PATH', exercise.dir)
    expect(carryPatchesOver(exercise).at(-1)).toMatch('commit, and git is not installed: only')
    vi.unstubAllEnvs()
    expect(carryPatchesOver(exercise)).toHaveLength(1)
  })

  test('writes nothing when the solution is as it was', async () => {
    const exercise = await committed({ 'long.patch': wrongAge })
    expect(carryPatchesOver(exercise)).toEqual([])
    expect(read(exercise, 'mutants/long.patch')).toBe(wrongAge)
  })

  test.each<[what: string, prepare: (exercise: Exercise) => void, why: string]>([
    ['without a repository', () => {}, 'it is not in a git repository'],
    [
      'without a commit',
      (exercise) => void git(exercise, 'init', '-q'),
      'its git repository has no commit yet',
    ],
    [
      'with a solution that is new',
      (exercise) => {
        git(exercise, 'init', '-q')
        git(exercise, 'add', 'exercise.md')
        git(exercise, 'commit', '-qm', 'one')
      },
      'it is new: the last commit does not have it',
    ],
  ])('%s says so', async (_, prepare, why) => {
    const exercise = await exerciseWith({ 'long.patch': wrongAge })
    prepare(exercise)
    write(exercise, 'solution/server.ts', solution.replaceAll('token', 'session'))
    expect(carryPatchesOver(exercise)).toEqual([
      expect.stringMatching(/^mutants\/long\.patch needs a hand: This hunk does not apply/),
      `patches are carried over from the solution of the last commit, and ${why}: only what applied as it is was taken`,
    ])
    expect(read(exercise, 'mutants/long.patch')).toBe(wrongAge)
  })
})
