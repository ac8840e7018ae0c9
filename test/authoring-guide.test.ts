import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { createLearnerHome, root } from './learner-home.ts'
import { runCommand } from './run-command.ts'

const guide = readFileSync(join(root, 'docs/authoring.md'), 'utf8')
const files = [...guide.matchAll(/^(`{3,4})\w+ file=(\S+)\n([\s\S]*?)^\1$/gm)].map(
  ([, , path, text]) => ({ path: path!, text: text! }),
)

test(
  'the guide leads from an empty folder to a green gate',
  { timeout: 240_000 },
  async ({ onTestFinished }) => {
    const home = await createLearnerHome(onTestFinished)
    const course = join(home.dir, 'my-course')
    const run = (...args: string[]) => runCommand(home, [...args, '--course', course])

    expect(files).toHaveLength(6)
    expect(guide).toContain('npm run new -- course ../my-course --title "My course"')
    expect(
      await runCommand(home, ['new', 'course', course, '--title', 'My course', '--no-verify']),
    ).toMatchObject({ stderr: '', code: 0 })
    for (const { path, text } of files) {
      mkdirSync(dirname(join(course, path)), { recursive: true })
      writeFileSync(join(course, path), text)
    }
    expect(await run('lint-course')).toMatchObject({
      stderr: '',
      stdout: 'No mistake in 1 lesson and 2 exercises.\n',
      code: 0,
    })

    // A hint about a check that there isn't is a mistake; a long sentence could read better.
    const task = join(course, 'exercises/hello-header/exercise.md')
    const written = readFileSync(task, 'utf8')
    const hint = '  - An answer has two parts'
    writeFileSync(task, written.replace(hint, `  - { check: greet, text: Look. }\n${hint}`))
    const wrongHint = await run('lint-course')
    expect(wrongHint.code).toBe(1)
    expect(wrongHint.stdout).toMatch(
      /exercise\.md:9\n {2}Hint 1 is about the check "greet", which this exercise doesn't have\.\n {2}Did you mean "greets"\?/,
    )
    writeFileSync(task, `${written}\n${'word '.repeat(31).trim()}.\n`)
    const longSentence = await run('lint-course')
    expect(longSentence.code).toBe(0)
    expect(longSentence.stdout).toMatch(
      /^1 place could read better\.\n\n.*exercise\.md:\d+:1\n {2}This sentence has 31 words\.[\s\S]*\n\nNo mistake in 1 lesson and 2 exercises\.\n$/,
    )
    writeFileSync(task, written)

    // The stub and both mutants are graded once more, for their words were just written.
    expect((await run('verify', 'hello-header', '--update')).stdout).toMatch(
      /\n19 passed, 0 failed\n$/,
    )
    const told = join(course, 'exercises/hello-header/feedback/greets-nobody.txt')
    expect(readFileSync(told, 'utf8')).toMatch(/The name is in the\s+query\./)

    // The words it wrote are compared once, from what was recorded; then nothing is left to do.
    expect((await run('verify', 'hello-header')).stdout).toMatch(
      /^– hello-header {2}only words and judgements changed[\s\S]*\n16 passed, 0 failed\n$/,
    )
    const again = await run('verify', 'hello-header')
    expect(again.stdout).toMatch(
      /^– hello-header {2}unchanged since it was green on 20\d\d-\d\d-\d\d \(--all verifies it again\)\n\n0 passed, 0 failed\n$/,
    )
    expect(again.code).toBe(0)

    // A right program of another author has to pass, too; the solution of this exercise greets by
    // name.
    const right = join(course, 'exercises/hello-header/right/empty/server.ts')
    mkdirSync(dirname(right), { recursive: true })
    writeFileSync(right, 'export {}\n')
    const withRight = await run('verify', 'hello-header')
    expect(withRight.stdout).toContain('✗ hello-header  right program empty')
    expect(withRight.stdout).toMatch(/\n16 passed, 1 failed\n$/)
    rmSync(dirname(right), { recursive: true })

    // Other words are a failure, and the difference is shown.
    writeFileSync(told, readFileSync(told, 'utf8').replace('asked, but', 'asked you, but'))
    const reworded = await run('verify', 'hello-header')
    expect(reworded.stdout).toMatch(/\n {4}-.* asked you, but .*\n/)
    expect(reworded.stdout).toMatch(/\n15 passed, 1 failed\n$/)
  },
)
