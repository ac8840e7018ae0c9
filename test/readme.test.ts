import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { root } from './learner-home.ts'

const read = (path: string) => readFileSync(join(root, path), 'utf8')
const trimmed = (line: string) => line.trim()

test('the failure that the README shows is what the grader says', () => {
  const [, shown = ''] = /\n( +✗ .*?)\n\nWhen it passes/s.exec(read('README.md')) ?? []
  const said = new Set(
    read('exercises/first-exchange/feedback/everything-is-home.txt').split('\n').map(trimmed),
  )
  const lines = shown
    .split('\n')
    .map((line) => trimmed(line.replace(/ +\d+\.\d+ s$/, '')))
    .filter((line) => line !== '…')
  expect(lines.length).toBeGreaterThan(12)
  expect(lines.filter((line) => !said.has(line))).toEqual([])
})
