import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { connect, createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { createClock } from '../grader/record/timing/clock.ts'
import { createIdSource } from '../grader/record/wire/id-source.ts'
import { startRecordingProxy, type RecordingProxy } from '../grader/record/wire/recording-proxy.ts'
import { median } from './time-process.ts'

/** What the recording proxy costs: each time through it ÷ the same without it. */
export interface ProxyCosts {
  /** 1,000 small exchanges over four connections. */
  readonly smallExchanges: number
  /** 4,000 over one, while somebody looks at each. */
  readonly oneConnection: number
  /** 50 MB. */
  readonly upload: number
  /** The longest time the event loop stood still while a flood came, in milliseconds. */
  readonly longestBlock: number
}

export async function measureProxy(rounds: number): Promise<ProxyCosts> {
  const server = peer('serve')
  const direct = Number(await printed(server))
  const ratio = async (args: readonly [string, number, number?], isWatched = false) => {
    const [what, ...numbers] = args
    const time = async (port: number) =>
      Number(await printed(peer(what, String(port), ...numbers.map(String))))
    const ratios: number[] = []
    for (let round = 0; round < rounds; round++) {
      const alone = await time(direct)
      const wire = await startProxy(direct)
      if (isWatched) wire.subscribe({ traffic: () => void wire.exchanges().length })
      ratios.push((await time(wire.port)) / alone)
      await wire.close()
    }
    return median(ratios)
  }
  const costs = {
    smallExchanges: await ratio(['ask', 1000, 4]),
    oneConnection: await ratio(['ask', 4000, 1], true),
    upload: await ratio(['put', 50 * 1024 * 1024]),
  }
  server.disconnect()
  return { ...costs, longestBlock: await longestBlock() }
}

function peer(...args: string[]): ChildProcess {
  return fork(join(import.meta.dirname, 'proxy-peer.ts'), args, {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })
}

async function printed({ stdout }: ChildProcess): Promise<string> {
  const [chunk] = (await once(stdout!, 'data')) as [Buffer]
  return chunk.toString()
}

function startProxy(port: number): Promise<RecordingProxy> {
  return startRecordingProxy({ host: '127.0.0.1', port }, createClock(), createIdSource())
}

/** A server that answers with interim responses for ever, until the proxy cuts it off. */
async function longestBlock(): Promise<number> {
  const interim = 'HTTP/1.1 100 Continue\r\n\r\n'.repeat(400)
  const server = createServer((socket) => {
    const send = () => {
      while (socket.writable && socket.write(interim));
    }
    socket
      .on('error', () => {})
      .on('drain', send)
      .once('data', send)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const wire = await startProxy((server.address() as AddressInfo).port)
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  const client = connect(wire.port, '127.0.0.1').on('error', () => {})
  client.resume().write('GET / HTTP/1.1\r\n\r\n')
  await once(client, 'close')
  delay.disable()
  await wire.close()
  server.close()
  return delay.max / 1e6
}
