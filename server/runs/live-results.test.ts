import { expect, test } from 'vitest'
import type { Exercise } from '../../course/types.ts'
import { fixtureReport } from '../../testing/sample-grading.ts'
import type { Site } from '../ui/layout.ts'
import { changeFor } from './live-results.ts'
import type { LiveRun, RunEvent } from './runs.ts'
import type { Standing } from './standing.ts'

const site: Site = {
  courseTitle: 'A small course',
  courseAddress: '/',
  severalCourses: false,
  token: 'token',
  theme: 'system',
}
const standing: Standing = {
  state: 'unsubmitted',
  passedSubmission: undefined,
  next: null,
  history: [],
  submitted: new Set(),
  before: () => undefined,
}

test('the end of a run reads the standing once for all that it changes', async () => {
  const kept: RunEvent = { type: 'kept', submission: null }
  const run: LiveRun = {
    id: '0123abcd',
    exercise: { id: 'say-hello', title: 'Say hello' } as Exercise,
    purpose: 'run',
    startedAt: 0,
    events: [{ type: 'finished', report: fixtureReport('0123abcd') }, kept],
    state: 'over',
  }
  let reads = 0
  const { patches } = await changeFor(kept, run, site, async () => {
    reads++
    return standing
  })
  expect(patches.map(({ target }) => target)).toEqual(['results', 'standing', 'history'])
  expect(patches[0]!.html).toContain('data-primary="submit"')
  expect(reads).toBe(1)
})
