import type { Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { patient, wireOf, type WireOf } from '../../../../testing/wire-of.ts'
import { sendTogether } from './send-together.ts'
import { createUntilRead } from './until-read.ts'

const open: WireOf[] = []
afterEach(async () => void (await Promise.all(open.splice(0).map((each) => each.close()))))
const behindSocket = async (serve: (socket: Socket) => void) => {
  const wire = await wireOf(serve)
  open.push(wire)
  return wire
}

test('sendTogether() lets the program have them at the same time', async () => {
  /** What the program had before any was whole. */
  const order: string[] = []
  let heads = 0
  const wire = await behindSocket((socket) => {
    let received = ''
    socket.on('end', () => socket.end())
    socket.on('data', (bytes: Buffer) => {
      if (received === '') heads++
      received += bytes.toString('latin1')
      if (!received.endsWith('\r\n\r\n') && !received.endsWith('whole')) return
      order.push(`whole after ${heads}`)
      socket.end('HTTP/1.1 204 No Content\r\n\r\n')
    })
  })
  const requests = Array.from({ length: 8 }, (_, index) => ({
    request:
      index % 2 === 0
        ? { path: `/${index}` }
        : { method: 'POST', path: `/${index}`, body: 'whole' },
    opening: wire.opening,
  }))
  const exchanges = await sendTogether(requests, patient(), createUntilRead())
  expect(order).toEqual(Array.from({ length: 8 }, () => 'whole after 8'))
  expect(exchanges.map((each) => each?.request.path)).toEqual(
    requests.map(({ request }) => request.path),
  )
  expect(exchanges.map((each) => each?.response?.status)).toEqual(
    Array.from({ length: 8 }, () => 204),
  )
})

test.each([1, 4, 5, 20])('sendTogether() opens %i connections four at a time', async (count) => {
  /** How many the program had been given that asked something, each time it let go of another. */
  const steps: number[] = []
  let asking = 0
  const wire = await behindSocket((socket) => {
    let received = ''
    socket.on('end', () => {
      if (received === '') steps.push(asking)
      socket.end()
    })
    socket.on('data', (bytes: Buffer) => {
      if (received === '') asking++
      received += bytes.toString('latin1')
      if (received.endsWith('\r\n\r\n')) socket.end('HTTP/1.1 204 No Content\r\n\r\n')
    })
  })
  const requests = Array.from({ length: count }, () => ({
    request: { path: '/' },
    opening: wire.opening,
  }))
  const exchanges = await sendTogether(requests, patient(), createUntilRead())
  expect(exchanges.map((each) => each?.response?.status)).toEqual(Array(count).fill(204))
  const groups = Math.ceil(count / 4)
  expect(steps).toEqual(
    Array.from({ length: groups }, (_, group) => Math.min(count, (group + 1) * 4)),
  )
})
