import { expect, test } from 'vitest'
import { carryOver } from './carry-over.ts'
import { applyMutantPatch, formatMutantPatch, parseMutantPatch } from './patch.ts'

const base = `import { a } from 'a'

const token = a()
const age = 10

serve(token, age)
end()
`
const patchOf = (mutant: string) =>
  parseMutantPatch(formatMutantPatch('Wrong.', [{ path: 'server.ts', solution: base, mutant }]))
const wrongAge = patchOf(base.replace('age = 10', 'age = 10_000'))
const carry = (now: string, committed: string | undefined, patch = wrongAge) =>
  carryOver(
    patch,
    (path) => (path === 'server.ts' ? now : undefined),
    () => committed,
  )
/** The mutant that the carried patch makes of the solution. */
const mutantOf = (result: ReturnType<typeof carry>, now: string) =>
  result.outcome === 'carried'
    ? applyMutantPatch(parseMutantPatch(result.text), () => now)[0]?.mutant
    : result

test('a solution that has not changed leaves the patch as it is', () => {
  expect(carry(base, base)).toEqual({ outcome: 'unchanged' })
  expect(carry(base, undefined)).toEqual({ outcome: 'unchanged' })
})

test('a name that changed in the context is taken into the mutant', () => {
  const now = base.replaceAll('token', 'session')
  expect(mutantOf(carry(now, base), now)).toBe(now.replace('age = 10', 'age = 10_000'))
})

test('a line before it moves the hunk to the line where it belongs', () => {
  const now = `// new\n${base}`
  const result = carry(now, base)
  expect(mutantOf(result, now)).toBe(now.replace('age = 10', 'age = 10_000'))
  expect(result.outcome === 'carried' && result.text).toContain('@@ -2,7 +2,7 @@')
  // A second time there is nothing left to do.
  expect(result.outcome === 'carried' && carry(now, base, parseMutantPatch(result.text))).toEqual({
    outcome: 'unchanged',
  })
})

test('without a base only what still applies is taken', () => {
  const moved = `// new\n${base}`
  expect(mutantOf(carry(moved, undefined), moved)).toBe(moved.replace('age = 10', 'age = 10_000'))
  const renamed = base.replaceAll('token', 'session')
  expect(carry(renamed, undefined)).toMatchObject({
    outcome: 'by-hand',
    why: expect.stringMatching(/^This hunk does not apply to solution\/server\.ts: at line 3 /),
    files: [{ path: 'server.ts', solution: renamed, mutant: renamed }],
  })
})

test('both changed the same line: it needs a hand, and both sides are kept', () => {
  const now = base.replace('age = 10', 'age = 20')
  const result = carry(now, base)
  expect(result).toMatchObject({
    outcome: 'by-hand',
    why: 'solution and mutant change the same lines in one place',
  })
  const [file] = result.outcome === 'by-hand' ? result.files : []
  expect(file?.solution).toBe(now)
  expect(file?.mutant).toContain(
    '<<<<<<< the mutant\nconst age = 10_000\n=======\nconst age = 20\n>>>>>>> the solution\n',
  )
})

test('a solution that has become the mutant needs a hand', () => {
  const now = base.replace('age = 10', 'age = 10_000')
  expect(carry(now, base)).toMatchObject({
    outcome: 'by-hand',
    why: 'server.ts no longer differs from the solution',
  })
})

test('a file that is gone needs a hand', () => {
  expect(
    carryOver(
      wrongAge,
      () => undefined,
      () => base,
    ),
  ).toEqual({
    outcome: 'by-hand',
    why: 'The solution has no file server.ts',
    files: [],
  })
})
