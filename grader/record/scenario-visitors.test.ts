import { afterAll, expect, test } from 'vitest'
import { closeBrowser, warmBrowser } from './browser/browser.ts'
import { createVisitors } from './scenario-visitors.ts'
import type { Proxies } from './wire/proxies.ts'

afterAll(closeBrowser)

test('nothing of a scenario stays with the browser, which outlives it', async () => {
  const browser = await warmBrowser()
  const before = browser.listenerCount('disconnected')
  const visitors = createVisitors({ through: async () => null } as unknown as Proxies, () => {})
  await visitors.named('one')
  await visitors.named('another')
  expect(browser.listenerCount('disconnected')).toBe(before + 1)
  await visitors.close()
  expect(browser.listenerCount('disconnected')).toBe(before)
})
