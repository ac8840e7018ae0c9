import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { boxInTests } from '../probes/box-in-tests.ts'
import { withoutBox } from '../probes/run-probes.ts'
import { proveBox } from './prove-box.ts'

const HOLDS = { good: true, says: 'both boxes start, and hold' }

describe.skipIf(withoutBox !== null)('a worker that is about to start', () => {
  let tests: Awaited<ReturnType<typeof boxInTests>>
  beforeAll(async () => void (tests = await boxInTests()))
  afterAll(() => tests.remove())

  test('may, where a right program passes in the box', async () => {
    expect(
      await proveBox(
        async () => HOLDS,
        async () => tests.box,
      ),
    ).toEqual(HOLDS)
  })

  test('may not, where the box has a fault, and then nothing is graded', async () => {
    const fault = { good: false, says: 'bubblewrap is not installed.', remedy: ['  apt'] }
    const never = () => Promise.reject(new Error('prepared'))
    expect(await proveBox(async () => fault, never)).toEqual(fault)
  })

  test('may not, where nobody may run the box', async () => {
    const error = Object.assign(new Error('There is no user.'), {
      remedy: 'Make one:\n  useradd x',
    })
    expect(
      await proveBox(
        async () => HOLDS,
        () => Promise.reject(error),
      ),
    ).toEqual({
      good: false,
      says: 'There is no user.',
      remedy: ['Make one:', '  useradd x'],
    })
  })

  test('may not, where a grading fails in the box, which says why', async () => {
    const { box } = tests
    const browserEnvironment = { PUPPETEER_EXECUTABLE_PATH: '/usr/bin/no-browser' }
    const without = { ...box, places: { ...box.places, browserEnvironment } }
    const { good, says } = await proveBox(
      async () => HOLDS,
      async () => without,
    )
    expect(good).toBe(false)
    expect(says).toMatch(/^A trial grading failed in the box: .*\/usr\/bin\/no-browser/)
  })
})
