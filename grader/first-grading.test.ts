import { expect, test, vi } from 'vitest'
import { writtenExercises } from '../testing/written-exercises.ts'

const BRINGING_MS = 1500

// A browser that is not on this machine yet, and is needed by no scenario here.
vi.mock('./record/browser/browser.ts', async (original) => ({
  ...(await original<typeof import('./record/browser/browser.ts')>()),
  warmBrowser: async (onPreparing: (preparing: { text: string }) => void) => {
    onPreparing({ text: 'Installing a browser' })
    await new Promise((resolve) => setTimeout(resolve, BRINGING_MS))
  },
}))

test('a browser that has to be installed first is told of, and takes no time of the grading', async ({
  onTestFinished,
}) => {
  const exercises = writtenExercises()
  onTestFinished(exercises.remove)
  const began = performance.now()
  const { report } = await exercises.grade({
    kind: 'server',
    program:
      "import { createServer } from 'node:http'\ncreateServer((_, response) => response.end('hello')).listen(Number(process.env.PORT), '127.0.0.1')\n",
    checks: `const ask = scenario('It is asked', { record: async ({ send }) => ({ answer: await send('/') }) })
export default { greets: check('It greets', ask, { verify: ({ answer }, expect) => { expect(answer).toHaveText('hello') } }) }`,
  })
  const took = performance.now() - began
  expect(report.checks.map(({ outcome }) => outcome)).toEqual(['passed', 'passed'])
  const [starts, greets] = report.checks.map(({ atMs }) => atMs)
  expect(greets).toBeGreaterThanOrEqual(starts!)
  // Installed beside the program: what is left of it when that listens does not count.
  expect(took - report.durationMs).toBeGreaterThan(BRINGING_MS - starts! - 100)
})
