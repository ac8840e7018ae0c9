import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import type { Exercise, Lesson } from '../course/types.ts'
import { closeBrowser } from './record/browser/browser.ts'
import { gradeExercise } from './grade-exercise.ts'
import type { GradeEvent } from './types/index.ts'

let root: string
beforeAll(() => void (root = mkdtempSync(join(tmpdir(), 'roundtrip-clock-'))))
afterAll(closeBrowser)
afterAll(() => rmSync(root, { recursive: true, force: true }))

/** For scenarios written as text: sets the wall clock. */
const hooks = globalThis as { setClock?: (() => void) | undefined }
afterEach(() => void delete hooks.setClock)
afterEach(() => void vi.restoreAllMocks())

const CHECKS = `import { check, scenario } from ${JSON.stringify(join(import.meta.dirname, 'authoring.ts'))}
const asked = scenario('It is asked', {
  async record({ send, wait }) {
    globalThis.setClock()
    await wait(0.6)
    return { answer: await send('/') }
  },
})
const answers = check('It answers', asked, {
  verify: ({ answer }, expect) => void expect(answer).toHaveStatus(200),
})
export default { answers }
`

const PROGRAM =
  "import { createServer } from 'node:http'\ncreateServer((_, response) => response.end('hello')).listen(Number(process.env.PORT), '127.0.0.1')\n"

async function grade(name: string) {
  const dir = join(root, name)
  mkdirSync(dir)
  writeFileSync(join(dir, 'checks.ts'), CHECKS)
  writeFileSync(join(dir, 'server.ts'), PROGRAM)
  const events: GradeEvent[] = []
  const { report, evidence } = await gradeExercise({
    exercise: {
      id: 'say-hello',
      title: 'Say hello',
      kind: 'server',
      dir,
      files: ['server.ts'],
    } as unknown as Exercise,
    lesson: { id: 'by-hand', title: 'By hand', headings: [] } as unknown as Lesson,
    program: { kind: 'files', dir, entry: 'server.ts', label: 'server.ts' },
    onEvent: (event) => void events.push(event),
  })
  return { report, evidence, repeated: events.filter(({ type }) => type === 'repeated').length }
}

function shiftClock(byEach: readonly number[]): void {
  const wall = Date.now.bind(Date)
  const left = [...byEach]
  let shift = 0
  vi.spyOn(Date, 'now').mockImplementation(() => wall() + shift)
  hooks.setClock = () => void (shift += left.shift() ?? 0)
}

const HOUR = 3_600_000

test.each([HOUR, -HOUR])(
  'a clock that is set by %i ms: what was observed is void, and observed again by the new time',
  async (by) => {
    shiftClock([by])
    const { report, evidence, repeated } = await grade(`set-${by}`)
    expect({ verdict: report.verdict, repeated }).toEqual({ verdict: 'passed', repeated: 1 })
    expect(report.notes).toEqual(['The clock of this machine was set meanwhile; running it again.'])
    const [exchange] = evidence[0]!.exchanges
    expect(Math.abs(exchange!.startedAt - Date.now())).toBeLessThan(HOUR / 2)
    expect(Math.abs(Date.parse(report.startedAt) - Date.now())).toBeLessThan(HOUR / 2)
    expect(report.durationMs).toBeGreaterThan(0)
    expect(report.durationMs).toBeLessThan(HOUR / 2)
  },
)

test('one that is set each time costs the program no verdict', async () => {
  shiftClock([HOUR, HOUR, -HOUR])
  const { report, repeated } = await grade('each-time')
  expect({ verdict: report.verdict, repeated }).toEqual({ verdict: 'errored', repeated: 2 })
  expect(report.error).toBe(
    'The clock of this machine was set each time while your program was observed. Grade again when that is over.',
  )
})
