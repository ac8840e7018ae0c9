import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo, Server, Socket } from 'node:net'
import { createClock } from '../grader/record/timing/clock.ts'
import type { Fixture } from '../grader/record/fixtures.ts'
import type { RunningProgram } from '../grader/record/program/learner-program.ts'
import { random } from '../grader/record/random.ts'
import { runScenario } from '../grader/record/run-scenario.ts'
import { createIdSource } from '../grader/record/wire/id-source.ts'
import { scenario } from '../grader/scenario.ts'
import type { Evidence } from '../grader/types/index.ts'
import type { Kit } from '../grader/types/kit.ts'

/** Runs a scenario against a server in this process. `changed`: what else is said of the program. */
export async function record<Facts>(
  server: Server | RequestListener,
  steps: (kit: Kit) => Promise<Facts>,
  signal = new AbortController().signal,
  changed: Partial<RunningProgram> = {},
): Promise<Evidence & { facts: Facts }> {
  const listening = typeof server === 'function' ? createServer(server) : server
  const sockets = new Set<Socket>()
  listening.on('connection', (socket) => sockets.add(socket))
  const surroundings = {
    clock: createClock(),
    ids: createIdSource(),
    signal,
    onExchange: () => {},
    onWatch: () => {},
  }
  try {
    const evidence = await runScenario(
      scenario('by hand', { record: steps }),
      await running(listening, changed),
      surroundings,
    )
    return { ...evidence, facts: evidence.recorded as Facts }
  } finally {
    sockets.forEach((socket) => socket.destroy())
    listening.close()
  }
}

async function running(server: Server, changed: Partial<RunningProgram>): Promise<Fixture> {
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  const program = {
    host: '127.0.0.1',
    port,
    readyMs: 1,
    log: () => '',
    printed: () => [],
    exit: () => null,
    isBusy: async () => false,
    end: async () => false,
    ...changed,
  }
  return {
    program,
    random,
    setUp: {},
    origins: [],
    openOrigin: () => Promise.reject(new Error('no origins here')),
    openListener: () => Promise.reject(new Error('no origins here')),
    createFolder: () => Promise.reject(new Error('no folders here')),
    certificates: [],
    createCertificate: () => Promise.reject(new Error('no certificates here')),
    end: program.end,
  }
}
