import { connect } from 'node:net'
import { createServer } from 'node:http'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { limitConnections, type RefusedConnections } from './limit-connections.ts'
import { closeServer, portOf } from './listen.ts'

async function refusedOf(connections: number, openFiles: number): Promise<RefusedConnections[]> {
  const refused: RefusedConnections[] = []
  const server = createServer((_, response) => response.end())
  limitConnections(server, (each) => void refused.push(each), openFiles)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const sockets = Array.from({ length: connections }, () => connect(portOf(server), '127.0.0.1'))
  await Promise.all(sockets.map((socket) => once(socket, 'connect')))
  const last = sockets.at(-1)!
  // Connections are taken in their order: the last one's answer, or end, comes after the others'.
  const settled = new Promise((resolve) => {
    last.on('data', resolve).on('error', resolve).on('close', resolve)
  })
  for (const socket of sockets) socket.on('error', () => {})
  last.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
  await settled
  for (const socket of sockets) socket.destroy()
  await closeServer(server)
  return refused
}

test('more connections than leave a grading its files are refused, and said once', async () => {
  expect(await refusedOf(12, 138)).toEqual([{ most: 10, openFiles: 138 }])
})

test('as many as that are taken', async () => {
  expect(await refusedOf(10, 138)).toEqual([])
})

test('a limit below what a grading needs leaves room to read', async () => {
  expect(await refusedOf(8, 40)).toEqual([])
  expect(await refusedOf(9, 40)).toEqual([{ most: 8, openFiles: 40 }])
})

test('without a limit all are taken', async () => {
  expect(await refusedOf(40, Infinity)).toEqual([])
})
