import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { freePort } from './free-port.ts'

test('passes over a port where somebody listens, and one that it has given', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  const taken = (server.address() as AddressInfo).port
  const first = await freePort()
  const second = await freePort()
  const drawn = [taken, first, second, taken]
  const last = await freePort(() => drawn.pop() ?? 19_999)
  expect([first, second]).not.toContain(taken)
  expect(last).toBe(19_999)
})

test('gives up when every port is taken', async () => {
  const port = await freePort()
  await expect(freePort(() => port)).rejects.toThrow('No free port was found between 20000')
})

test.each([70_000, -1])('does not go on where the system says something else: %i', async (port) => {
  let tries = 0
  const drawing = freePort(() => (tries++, port))
  await expect(drawing).rejects.toMatchObject({ code: 'ERR_SOCKET_BAD_PORT' })
  expect(tries).toBe(1)
})
