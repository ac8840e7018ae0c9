import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { resolvePaths } from '../../course/paths.ts'
import { reference } from './reference.ts'

const { project } = resolvePaths({})

test('the reference is what the sources say (npm run lint:course -- --write-docs)', () => {
  expect(readFileSync(join(project, 'docs/reference.md'), 'utf8')).toBe(reference(project))
})

test('holds every member with its docstring', () => {
  expect(reference(project)).toContain('| `integer(low: number, high: number): number` |')
  expect(reference(project)).toContain(
    '| `word(): string` | A pronounceable word of six letters. |',
  )
})
