import { rmSync } from 'node:fs'
import { afterEach, expect, test } from 'vitest'
import { writeFixtureCourse } from '../../testing/sample-course.ts'
import { lintCourse } from './lint-course.ts'

const roots: string[] = []
afterEach(() => roots.splice(0).forEach((root) => rmSync(root, { recursive: true, force: true })))

const mutants = async (files: Record<string, string>) => {
  const root = writeFixtureCourse(
    Object.fromEntries(
      Object.entries(files).map(([path, text]) => [`exercises/say-hello/mutants/${path}`, text]),
    ),
  )
  roots.push(root)
  return (await lintCourse(root)).problems
    .filter(({ file }) => file.includes('/mutants/'))
    .map(({ file, line, message, remedy }) => [`${file}:${line}`, message, remedy])
}

test('mutants without a mistake', async () => {
  const patch =
    'Misconception: x\n--- server.ts\n+++ server.ts\n@@ -1,1 +1,1 @@\n-// solved\n+// not\n'
  expect(await mutants({ 'whispers.patch': patch })).toEqual([])
})

test('a mistake has its file, its line and what to do', async () => {
  const header = 'Misconception: x\n--- server.ts\n+++ server.ts\n'
  expect(
    await mutants({
      'a.patch': `${header}@@ -1,1 +1,1 @@\n-// solves\n+// not\n`,
      'b.patch': '',
      'says-nothing/server.ts': '// wrong\n',
    }),
  ).toEqual([
    [
      'exercises/say-hello/mutants/a.patch:4',
      'This hunk does not apply to solution/server.ts: at line 1 it needs "// solves", and there is "// solved".',
      expect.stringMatching(/--update.* npm run mutant .*say-hello a.* writes the patch anew\.$/),
    ],
    [
      'exercises/say-hello/mutants/b.patch:1',
      'The first line does not name the misconception.',
      expect.stringMatching(/^Begin the patch with one line: Misconception: /),
    ],
    [
      'exercises/say-hello/mutants/says-nothing/server.ts:1',
      'The first line does not name the misconception.',
      expect.stringMatching(/^Begin with a comment: \/\/ Misconception: /),
    ],
  ])
})
