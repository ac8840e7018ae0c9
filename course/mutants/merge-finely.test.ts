import { expect, test } from 'vitest'
import { mergeFinely } from './merge-finely.ts'

test.each<[what: string, mutant: string, base: string, solution: string, merged: string]>([
  ['changes far apart', 'x\nb\nc\nd', 'a\nb\nc\nd', 'a\nb\nc\ny', 'x\nb\nc\ny'],
  ['changes of neighbours', 'x\nb', 'a\nb', 'a\ny', 'x\ny'],
  [
    'a name and a number in one line',
    'wait(old, 20)',
    'wait(old, 2)',
    'wait(new, 2)',
    'wait(new, 20)',
  ],
  ['the same change', 'x\nb', 'a\nb', 'x\nb', 'x\nb'],
  ['a line added next to a renamed one', 'f(a)\ng()', 'f(a)', 'f(b)', 'f(b)\ng()'],
  ['a line end at the end', 'x\n', 'a\n', 'a\n', 'x\n'],
  ['spaces that count', "set('a  b')", "set('a b')", "put('a b')", "put('a  b')"],
])('%s', (_, mutant, base, solution, merged) => {
  expect(mergeFinely(mutant, base, solution)).toEqual({ text: merged, conflicts: 0 })
})

test.each<[what: string, mutant: string, base: string, solution: string, conflicts: number]>([
  ['two values for one word', 'f(1)\nb\nc\nd', 'f(2)\nb\nc\nd', 'f(3)\nb\nc\nd', 1],
  ['a line that is gone and changed', 'b\nc', 'a\nb\nc', 'x\nb\nc', 1],
  ['two places', 'f(1)\nb\nc\nf(1)', 'f(2)\nb\nc\nf(2)', 'f(3)\nb\nc\nf(3)', 2],
])('%s is a conflict, with both sides', (_, mutant, base, solution, conflicts) => {
  const merged = mergeFinely(mutant, base, solution)
  expect(merged.conflicts).toBe(conflicts)
  expect(merged.text.match(/^<<<<<<< the mutant$/gm)).toHaveLength(conflicts)
  expect(merged.text.match(/^>>>>>>> the solution$/gm)).toHaveLength(conflicts)
})
