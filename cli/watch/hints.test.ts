import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { smallLesson } from '../../testing/sample-course.ts'
import { showHint } from './hints.ts'
import type { Screen } from './screen.ts'

test('the hint about the check that failed comes first; after the last, all come again', async () => {
  const home = mkdtempSync(join(tmpdir(), 'roundtrip-hints-'))
  vi.stubEnv('ROUNDTRIP_HOME', home)
  onTestFinished(() => {
    vi.unstubAllEnvs()
    rmSync(home, { recursive: true, force: true })
  })
  const [sample] = smallLesson('a', ['a-one']).exercises
  const exercise = {
    ...sample!,
    hints: [{ text: 'The idea.' }, { text: 'About the age.', check: 'right-age' }],
  }
  const said: string[] = []
  const screen = { say: (text: string) => void said.push(text) } as unknown as Screen
  for (let press = 0; press < 3; press++) await showHint(exercise, screen, 'right-age')
  expect(said).toEqual([
    'Hint 1 of 2: About the age.',
    'Hint 2 of 2: The idea.',
    'Hint 1 of 2: About the age.',
    'Hint 2 of 2: The idea.',
  ])
})
