import { describe, expect, test } from 'vitest'
import { PatchError } from './patch-error.ts'
import { applyMutantPatch, formatMutantPatch, parseMutantPatch } from './patch.ts'

const solution = Array.from({ length: 20 }, (_, index) => `line ${index + 1}`).join('\n') + '\n'
const mutant = solution.replace('line 10\n', 'wrong\n')
const patch = formatMutantPatch('Ten is wrong.', [{ path: 'server.ts', solution, mutant }])
const apply = (
  text: string | Uint8Array,
  files: Record<string, string> = { 'server.ts': solution },
) => applyMutantPatch(parseMutantPatch(text), (path) => files[path])

test('a patch is the misconception, two header lines and three lines of context', () => {
  expect(patch).toBe(`Misconception: Ten is wrong.
--- server.ts
+++ server.ts
@@ -7,7 +7,7 @@
 line 7
 line 8
 line 9
-line 10
+wrong
 line 11
 line 12
 line 13
`)
})

describe('what is written comes back byte for byte', () => {
  test.each<[what: string, before: string, after: string]>([
    ['a changed line', solution, mutant],
    [
      'the first and the last line',
      solution,
      solution.replace('line 1\n', '').replace('line 20', 'end'),
    ],
    [
      'lines that look like headers',
      'a\n-- b\n++ c\n@@ -1 +1 @@\n',
      '-- b\n++ x\n@@ -1 +1 @@\n--- y\n',
    ],
    ['a missing line end before', 'a\nb', 'a\nb\n'],
    ['a missing line end after', 'a\nb\n', 'a\nc'],
    ['a missing line end on both sides', 'a\nb', 'c\nb'],
    ['an empty file after', 'a\n', ''],
    ['tabs, trailing spaces and other alphabets', '\tx \n é𝄞\n', '\tx  \n é𝄞\u2028y\n'],
  ])('%s', (_, before, after) => {
    const text = formatMutantPatch('x', [{ path: 'server.ts', solution: before, mutant: after }])
    expect(apply(new TextEncoder().encode(text), { 'server.ts': before })).toEqual([
      { path: 'server.ts', solution: before, mutant: after },
    ])
  })

  test('several files, in folders too, and those without a difference are left out', () => {
    const changed = [
      { path: 'server.ts', solution, mutant },
      { path: 'parts/more.ts', solution: 'a\n', mutant: 'b\n' },
    ]
    const same = { path: 'same.ts', solution: 'a\n', mutant: 'a\n' }
    const text = formatMutantPatch('x', [...changed, same])
    expect(
      apply(text, { 'server.ts': solution, 'parts/more.ts': 'a\n', 'same.ts': 'a\n' }),
    ).toEqual(changed)
  })
})

test("the names that git writes are taken, and an author's hunk without counts", () => {
  const text = 'Misconception: x\n--- a/server.ts\n+++ b/server.ts\n@@ -1 +1 @@ title\n-a\n+b\n'
  expect(apply(text, { 'server.ts': 'a\n' })[0]?.mutant).toBe('b\n')
})

test('an empty line of context may have lost its space', () => {
  const text = 'Misconception: x\n--- server.ts\n+++ server.ts\n@@ -1,2 +1,2 @@\n\n-a\n+b\n'
  expect(apply(text, { 'server.ts': '\na\n' })[0]?.mutant).toBe('\nb\n')
})

describe('a solution that has moved', () => {
  test('is patched where the lines are now, when that is one place', () => {
    expect(apply(patch, { 'server.ts': `new\n${solution}` })[0]?.mutant).toBe(`new\n${mutant}`)
  })

  test('is refused where they are in several places', () => {
    const twice = { 'server.ts': `new\n${solution}${solution}` }
    expect(() => apply(patch, twice)).toThrow(
      'This hunk fits in 2 places of solution/server.ts (lines 8, 28), and not at line 7, which it names.',
    )
  })

  test('is taken at the line that the hunk names, also where they are elsewhere too', () => {
    expect(apply(patch, { 'server.ts': solution + solution })[0]?.mutant).toBe(mutant + solution)
  })
})

describe('bad input', () => {
  const header = '--- server.ts\n+++ server.ts\n'
  const hunk = '@@ -1,1 +1,1 @@\n-line 1\n+wrong\n'
  const named = (text: string) => `Misconception: x\n${text}`
  const bytes = (...values: number[]) => Uint8Array.from(values)
  test.each<[what: string, patch: string | Uint8Array, message: string | RegExp, line: number]>([
    ['nothing at all', '', 'The first line does not name the misconception.', 1],
    ['no misconception', header + hunk, 'The first line does not name the misconception.', 1],
    [
      'another first line',
      `misconception: x\n${header}${hunk}`,
      'The first line does not name the misconception.',
      1,
    ],
    ['a byte order mark', `\ufeff${patch}`, 'The first line does not name the misconception.', 1],
    [
      'an empty misconception',
      `Misconception:\n${header}${hunk}`,
      'The misconception is empty.',
      1,
    ],
    [
      'a misconception of spaces',
      `Misconception:  \t\n${header}${hunk}`,
      'The misconception is empty.',
      1,
    ],
    ['CRLF', patch.replaceAll('\n', '\r\n'), 'This line ends with CRLF.', 1],
    ['CRLF in one line', patch.replace('wrong\n', 'wrong\r\n'), 'This line ends with CRLF.', 9],
    ['no difference', named(''), 'The patch has no difference.', 1],
    ['headers alone', named(header), 'The patch changes nothing in server.ts.', 2],
    [
      'context alone',
      named(`${header}@@ -1,1 +1,1 @@\n line 1\n`),
      'The patch changes nothing in server.ts.',
      2,
    ],
    [
      'a line replaced by itself',
      named(`${header}@@ -1,1 +1,1 @@\n-line 1\n+line 1\n`),
      'The patch changes nothing in server.ts.',
      2,
    ],
    [
      'a preamble',
      named(`Seen in class.\n${header}${hunk}`),
      /After the misconception there is something else/,
      2,
    ],
    [
      'an empty line before the header',
      named(`\n${header}${hunk}`),
      /After the misconception there is something else/,
      2,
    ],
    [
      'a preamble like a header',
      named(`--- what follows is wrong\n${header}${hunk}`),
      /After the misconception there is something else/,
      3,
    ],
    [
      'a preamble like two headers',
      named(`--- a\n+++ b\n${header}${hunk}`),
      'The patch renames a to b.',
      2,
    ],
    [
      'an index line',
      named(`Index: server.ts\n${header}${hunk}`),
      /After the misconception there is something else/,
      2,
    ],
    [
      "git's header",
      named(`diff --git a/server.ts b/server.ts\n${header}${hunk}`),
      /After the misconception there is something else/,
      2,
    ],
    [
      'a header of one line',
      named(`--- server.ts\n${hunk}`),
      /After the misconception there is something else/,
      3,
    ],
    ['a hunk without a header', named(hunk), /After the misconception there is something else/, 2],
    [
      'words after a hunk',
      named(`${header}${hunk}That is all.\n`),
      'This line belongs to no hunk.',
      7,
    ],
    ['an empty line after a hunk', named(`${header}${hunk}\n`), 'This line belongs to no hunk.', 7],
    [
      'an index line between two files',
      named(`${header}${hunk}Index: more.ts\n--- more.ts\n+++ more.ts\n${hunk}`),
      'This line belongs to no hunk.',
      7,
    ],
    [
      'a hunk with more lines than it says',
      named(`${header}${hunk}+more\n`),
      /This is not a unified diff: Hunk at line 4 has more lines/,
      4,
    ],
    [
      'a hunk with fewer lines than it says',
      named(`${header}@@ -1,2 +1,2 @@\n-line 1\n+wrong\n`),
      /This is not a unified diff: .* at line 4/,
      4,
    ],
    [
      'a hunk whose header is broken',
      named(`${header}@@ somewhere @@\n-line 1\n+wrong\n`),
      'This line does not say where the hunk belongs.',
      4,
    ],
    [
      'a file that is not there',
      named(`--- other.ts\n+++ other.ts\n${hunk}`),
      'The solution has no file other.ts.',
      2,
    ],
    [
      'a file it creates',
      named('--- /dev/null\n+++ other.ts\n@@ -0,0 +1,1 @@\n+x\n'),
      'The patch adds a file, other.ts.',
      2,
    ],
    [
      'a file it removes',
      named('--- server.ts\n+++ /dev/null\n@@ -1,1 +0,0 @@\n-line 1\n'),
      'The patch removes a file, server.ts.',
      2,
    ],
    [
      'a file it renames',
      named(`--- server.ts\n+++ other.ts\n${hunk}`),
      'The patch renames server.ts to other.ts.',
      2,
    ],
    [
      'a file outside',
      named(`--- ../checks.ts\n+++ ../checks.ts\n${hunk}`),
      /changes \.\.\/checks\.ts, which is outside/,
      2,
    ],
    [
      'a file outside, within',
      named(`--- a/parts/../../checks.ts\n+++ b/parts/../../checks.ts\n${hunk}`),
      /which is outside/,
      2,
    ],
    [
      'an absolute path',
      named(`--- /etc/hosts\n+++ /etc/hosts\n${hunk}`),
      /changes \/etc\/hosts, which is outside/,
      2,
    ],
    ['a path of Windows', named(`--- C:\\x.ts\n+++ C:\\x.ts\n${hunk}`), /which is outside/, 2],
    [
      'a path with backslashes',
      named(`--- ..\\x.ts\n+++ ..\\x.ts\n${hunk}`),
      /which is outside/,
      2,
    ],
    [
      'a quoted path outside',
      named(`--- "\\056\\056/x.ts"\n+++ "\\056\\056/x.ts"\n${hunk}`),
      /which is outside/,
      2,
    ],
    [
      'one file twice',
      named(header + hunk + header + hunk),
      'The patch has two parts for server.ts.',
      7,
    ],
    ['bytes that are no text', bytes(0xff, 0xfe, 0, 1), 'This is not text in UTF-8.', 1],
    ['a zero byte', patch.replace('+wrong', '+wr\0ng'), 'This is not text in UTF-8.', 9],
    [
      'a hunk that does not apply',
      named(`${header}@@ -1,1 +1,1 @@\n-line one\n+wrong\n`),
      'This hunk does not apply to solution/server.ts: at line 1 it needs "line one", and there is "line 1".',
      4,
    ],
    [
      'a hunk that applies with fuzz only',
      patch.replace(' line 13', ' line thirteen'),
      'This hunk does not apply to solution/server.ts: at line 13 it needs "line thirteen", and there is "line 13".',
      4,
    ],
    [
      'a difference in white space',
      patch.replace(' line 8', ' line 8 '),
      /at line 8 it needs "line 8 ", and there is "line 8"/,
      4,
    ],
    [
      'a hunk after the end',
      named(`${header}@@ -20,2 +20,2 @@\n line 20\n-more\n+wrong\n`),
      /at line 21 it needs "more", and there is ""/,
      4,
    ],
    [
      'hunks out of order',
      named(`${header}@@ -5,1 +5,1 @@\n-line 5\n+x\n@@ -2,1 +2,1 @@\n-line 2\n+y\n`),
      'The hunks for server.ts do not apply together.',
      2,
    ],
  ])('%s', (_, text, message, line) => {
    const content = typeof text === 'string' ? new TextEncoder().encode(text) : text
    const error = caught(() => apply(content))
    expect(error).toBeInstanceOf(PatchError)
    expect((error as PatchError).message).toEqual(
      typeof message === 'string' ? message : expect.stringMatching(message),
    )
    expect((error as PatchError).remedy).toMatch(/^[A-Z].*[\w/]\.$/)
    expect((error as PatchError).line).toBe(line)
  })

  test('a solution with CRLF', () => {
    expect(() => apply(patch, { 'server.ts': solution.replaceAll('\n', '\r\n') })).toThrow(
      'solution/server.ts has CRLF line ends, and a patch has LF.',
    )
  })
})

function caught(task: () => unknown): unknown {
  try {
    task()
    return undefined
  } catch (error) {
    return error
  }
}
