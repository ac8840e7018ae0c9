import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { resolvePaths } from '../../course/paths.ts'
import { reference, referenceNames } from './reference.ts'

const { project } = resolvePaths({})

test('the reference is what the sources say (npm run lint:course -- --write-docs)', () => {
  expect(readFileSync(join(project, 'docs/reference.md'), 'utf8')).toBe(reference(project))
})

test('explains everything that an author can import', () => {
  const source = readFileSync(join(project, 'grader/authoring.ts'), 'utf8')
  const exported = [...source.matchAll(/^export (?:type )?\{([^}]*)\}/gm)].flatMap(([, names]) =>
    names!
      .split(',')
      .map((name) => name.trim().replace(/^type /, ''))
      .filter((name) => name !== ''),
  )
  expect(exported.length).toBeGreaterThan(50)
  expect(referenceNames()).toEqual(expect.arrayContaining(exported))
})

test('holds every member with its docstring', () => {
  expect(reference(project)).toContain('| `integer(low: number, high: number): number` |')
  expect(reference(project)).toContain(
    '| `word(): string` | A pronounceable word of six letters. |',
  )
})

test('holds functions with their signatures', () => {
  expect(reference(project)).toMatch(/### atLeast\n\n```ts\nfunction atLeast\([^\n]*\n```\n\n\w/)
})
