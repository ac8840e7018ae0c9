import { createServer, type AddressInfo, type Server } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { InconclusiveObservation, StartupError } from '../../../types/errors.ts'
import { restartedOn, whenPortIsFree } from './same-port.ts'

const servers: Server[] = []
afterEach(() => servers.splice(0).forEach((server) => server.close()))

async function listen(): Promise<number> {
  const server = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1')
  servers.push(server)
  await new Promise((resolve) => server.once('listening', resolve))
  return (server.address() as AddressInfo).port
}

async function nobodyListens(): Promise<number> {
  const port = await listen()
  await new Promise((resolve) => servers.pop()!.close(resolve))
  return port
}

const fails = (id: string) => () => Promise.reject(new StartupError(id, 'EADDRINUSE'))

describe('a port that is taken at a new start', () => {
  test('by another program is nobody’s fault, and looked at again', async () => {
    const failure = restartedOn(await listen(), 'command', fails('port-taken'))
    await expect(failure).rejects.toBeInstanceOf(InconclusiveObservation)
    await expect(failure).rejects.toThrow(/^Another program took port \d+ while yours was being/)
  })

  test('is never the fault of Node, which takes over what ended connections keep', async () => {
    const failure = restartedOn(await nobodyListens(), 'files', fails('port-taken'))
    await expect(failure).rejects.toBeInstanceOf(InconclusiveObservation)
  })

  test('by its own connections, without SO_REUSEADDR, is the fault of a command', async () => {
    const failure = restartedOn(await nobodyListens(), 'command', fails('port-taken'))
    await expect(failure).rejects.toMatchObject({
      id: 'port-busy',
      message: expect.stringContaining('Set SO_REUSEADDR before it binds.'),
    })
  })

  test('and what a program prints itself is said of the new start', async () => {
    await expect(restartedOn(1, 'files', fails('exits'))).rejects.toMatchObject({
      id: 'exits',
      message: 'When it was started again: EADDRINUSE',
    })
  })
})

test('somebody who goes on listening after the end is named', async () => {
  await expect(whenPortIsFree(await listen())).rejects.toMatchObject({ id: 'port-busy' })
  await expect(whenPortIsFree(await nobodyListens())).resolves.toBeUndefined()
})
