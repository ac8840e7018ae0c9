import { expect, test } from 'vitest'
import { diffView } from './diff.ts'
import type { Side } from './side.ts'

const side = (title: string, lines: string[]): Side => ({ title, lines, highlighted: lines })
const rows = (left: string[], right: string[]) =>
  [
    ...String(diffView(side('Yours', left), side('Reference', right))).matchAll(
      /<tr[^>]*>(.*?)<\/tr>/gs,
    ),
  ]
    .slice(1)
    .map(([, row]) =>
      row!
        .replaceAll(/<span class="sr-only">[^<]*<\/span>/g, '')
        .replaceAll(/<[^>]+>/g, ' ')
        .replaceAll(/\s+/g, ' ')
        .trim(),
    )

test('lines stand beside what replaces them, with their numbers and signs', () => {
  expect(rows(['a', 'b', 'c'], ['a', 'x', 'c', 'd'])).toEqual([
    '1 a 1 a',
    '− 2 b + 2 x',
    '3 c 3 c',
    '+ 4 d',
  ])
})

test('equal stretches are shortened, three lines around a change are left', () => {
  const same = Array.from({ length: 20 }, (_, index) => `l${index + 1}`)
  expect(rows([...same, 'mine'], [...same, 'theirs'])).toEqual([
    '17 equal lines',
    '18 l18 18 l18',
    '19 l19 19 l19',
    '20 l20 20 l20',
    '− 21 mine + 21 theirs',
  ])
})

test('what differs is said in words, too', () => {
  expect(String(diffView(side('Yours', ['a']), side('Reference', ['b'])))).toContain(
    '<span class="sr-only">only in Yours, line </span>',
  )
})
