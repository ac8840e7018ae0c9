import { expect, test } from 'vitest'
import { machineSlowness } from './machine-speed.ts'

test('waits that ask at the same moment share one measurement, later ones make another', async () => {
  const first = machineSlowness()
  expect(machineSlowness()).toBe(first)
  expect(await first).toBeGreaterThanOrEqual(1)
  const later = machineSlowness()
  expect(later).not.toBe(first)
  await later
})
