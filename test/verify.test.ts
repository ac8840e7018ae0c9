import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { createLearnerHome, root } from './learner-home.ts'
import { runCommand, startCommand } from './run-command.ts'

const guide = readFileSync(join(root, 'docs/authoring.md'), 'utf8')
/** The exercise that the guide for authors walks through, its scenario in a file of its own. */
const files = new Map(
  [...guide.matchAll(/^(`{3,4})\w+ file=(\S+)\n([\s\S]*?)^\1$/gm)].map(([, , path, text]) => [
    path!,
    text!,
  ]),
)
const checksFile = 'exercises/hello-header/checks.ts'
const [, scenario, checks] = /^import .*\n\n(const visit = [\s\S]*?\n\}\)\n)([\s\S]*)$/.exec(
  files.get(checksFile)!,
)!
files.set(
  'exercises/hello-header/scenarios.ts',
  `import { field, present, scenario } from '#grader'\n\nexport ${scenario}`,
)
files.set(
  checksFile,
  `import { check, rule } from '#grader'\nimport { visit } from './scenarios.ts'\n${checks}`,
)

test(
  'the gate grades what was changed, and judges again what only reads otherwise',
  {
    timeout: 300_000,
  },
  async ({ onTestFinished }) => {
    const home = await createLearnerHome(onTestFinished)
    const course = join(home.dir, 'my-course')
    const verify = (...args: string[]) =>
      runCommand(home, ['verify', ...args, '--course', course], { env: { CI: '' } })
    const write = (path: string, text: string) => {
      mkdirSync(dirname(join(course, path)), { recursive: true })
      writeFileSync(join(course, path), text)
    }
    const change = (path: string, from: string, to: string) => {
      const before = readFileSync(join(course, path), 'utf8')
      expect(before).toContain(from)
      write(path, before.replace(from, to))
    }
    await runCommand(home, ['new', 'course', course, '--title', 'My course', '--no-verify'])
    files.forEach((text, path) => write(path, text))

    // The reviewed words are compared with a second grading at once.
    const first = await verify('hello-header', '--update', '--verbose')
    expect(first.stdout).toContain('✓ hello-header  mutant greets-nobody, once more, failed')
    expect(first.stdout).toMatch(/\n19 passed, 0 failed\n$/)

    // Another sentence: nothing is started, and the difference is shown.
    change(checksFile, 'The name is in the query.', 'The query has the name.')
    const reworded = await verify('hello-header')
    expect(reworded.stdout).toContain(
      'only words and judgements changed, so 16 of 16 gradings were judged again',
    )
    expect(reworded.stdout).toMatch(/\n {4}\+ .* The query has the\n/)
    expect(reworded.stdout).toMatch(/\n15 passed, 1 failed\n$/)
    expect(reworded.code).toBe(1)
    expect((await verify('hello-header', '--all')).stdout).not.toContain('judged again')

    // A rule so loose that the stub and junk programs are told of a misconception they don't have.
    change(
      checksFile,
      'when: ({ greeting }) => greeting,',
      "when: ({ greeting }) => greeting ?? '-',",
    )
    const loose = await verify('hello-header')
    expect(loose.stdout).toContain('✗ hello-header  stub failed: greets-nobody  judged again')
    expect(loose.stdout).toContain("add alsoEarnedBy: ['stub'] to the rule")
    change(
      checksFile,
      "when: ({ greeting }) => greeting ?? '-',",
      'when: ({ greeting }) => greeting,',
    )
    change(checksFile, 'The query has the name.', 'The name is in the query.')

    // A type that is wrong is refused, although Node runs it.
    const wrong = '\nexport const wrong: string = 15\n'
    write(checksFile, readFileSync(join(course, checksFile), 'utf8') + wrong)
    expect((await verify('hello-header')).stdout).toMatch(
      /✗ hello-header {2}checks\.ts:\d+ Type 'number' is not assignable to type 'string'/,
    )
    change(checksFile, wrong, '')

    // An exercise that is refused keeps what was recorded of it, and no other course takes that.
    const other = join(home.dir, 'other-course')
    cpSync(course, other, { recursive: true })
    const task = 'exercises/hello-header/exercise.md'
    change(task, 'kind: server', 'kind: nonsense')
    await verify('hello-header')
    change(task, 'kind: nonsense', 'kind: server')
    rmSync(join(other, 'exercises/hello-header'), { recursive: true })
    change('../other-course/exercises/greet-by-name/exercise.md', 'kind: server', 'kind: nonsense')
    await runCommand(home, ['verify', '--course', other], { env: { CI: '' } })
    write(checksFile, `${readFileSync(join(course, checksFile), 'utf8')}// Nothing else.\n`)
    expect((await verify('hello-header')).stdout).toContain('of 16 gradings were judged again')

    // What is saved while it is verified is not taken for verified.
    const scenarios = 'exercises/hello-header/scenarios.ts'
    const updating = startCommand(
      home,
      ['verify', 'hello-header', '--update', '--verbose', '--course', course],
      { env: { CI: '' } },
    )
    await updating.printed(/✓ hello-header/)
    change(scenarios, 'export const', '// Changed.\nexport const')
    expect((await updating.ended).code).toBe(0)

    // What is recorded is recorded anew; one exercise that is broken refuses itself alone.
    change('exercises/greet-by-name/exercise.md', 'kind: server', 'kind: nonsense')
    const both = await verify('hello-header', 'greet-by-name')
    expect(both.stdout).not.toContain('judged again')
    expect(both.stdout).toMatch(/\n16 passed, 0 failed\n$/)
    expect(both.stderr).toContain('Left out because of mistakes in them: greet-by-name.')
    expect(both.code).toBe(3)

    // Words that are others in every run cannot have been reviewed.
    change(
      'exercises/hello-header/mutants/greets-nobody.patch',
      "'Hello, Ada'",
      '`Hello, ${process.pid}`',
    )
    const unsteady = await verify('hello-header', '--update')
    expect(unsteady.stdout).toContain('✗ hello-header  mutant greets-nobody, once more, failed')
    expect(unsteady.stdout).toContain('says something else than the first time')
    const repeated = await verify('hello-header', '--repeat', '2')
    expect(repeated.stdout).toMatch(
      /✗ hello-header {2}mutant greets-nobody, repetition 2, failed.*\n {4}says something else than the first time/,
    )
  },
)
