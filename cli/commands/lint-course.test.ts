import { rmSync } from 'node:fs'
import { afterEach, expect, test, vi } from 'vitest'
import { writeFixtureCourse } from '../../testing/sample-course.ts'
import { lintCourse } from './lint-course.ts'

const before = process.env['ROUNDTRIP_COURSE']
afterEach(() => {
  vi.restoreAllMocks()
  if (before === undefined) delete process.env['ROUNDTRIP_COURSE']
  else process.env['ROUNDTRIP_COURSE'] = before
})

test('a second scenario without a set-up is named, with the one that has it', async () => {
  const root = writeFixtureCourse({
    'exercises/say-hello/checks.ts': `import { check, scenario } from '#grader'
const record = async ({ send }) => ({ answer: await send('/') })
const verify = ({ answer }, expect) => void expect(answer).toHaveStatus(200)
const first = scenario('A client asks', { setUp: () => ({ environment: { WORD: 'a' } }), record })
const second = scenario('A client asks again', { record })
export default { one: check('One', first, { verify }), two: check('Two', second, { verify }) }
`,
  })
  process.env['ROUNDTRIP_COURSE'] = root
  const written: string[] = []
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    written.push(String(text))
    return true
  })
  try {
    expect(await lintCourse()).toBe(1)
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
  expect(written.join('').replace(/\s+/g, ' ')).toContain(
    'exercises/say-hello/checks.ts:1 The scenario "A client asks again" has no setUp, so its program lacks the environment that "A client asks" gives.',
  )
})
