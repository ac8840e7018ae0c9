import { expect, test } from 'vitest'
import { readFileSync } from 'node:fs'

// Not imported by its name: whoever does that is no unit test.
const childProcess = process.getBuiltinModule('node:child_process')

test.each(['spawn', 'spawnSync', 'exec', 'execSync', 'execFile', 'execFileSync', 'fork'] as const)(
  'a unit test cannot %s',
  async (name) => {
    const imported = (await import('node:child_process'))[name] as (command: string) => unknown
    for (const start of [childProcess[name] as (command: string) => unknown, imported])
      expect(() => start('true')).toThrow(
        'A unit test started a process (true). Name its file in vitest.config.ts.',
      )
  },
)

test('the files that are no unit tests exist', () => {
  const config = readFileSync(`${import.meta.dirname}/../vitest.config.ts`, 'utf8')
  const named = [...config.matchAll(/^ {2}'(.+\.test\.ts)',$/gm)].map(([, file]) => file!)
  expect(named.length).toBeGreaterThan(0)
  for (const file of named)
    expect(readFileSync(`${import.meta.dirname}/../${file}`, 'utf8')).toContain('test')
})
