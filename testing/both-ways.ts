import { deepStrictEqual } from 'node:assert'
import { once } from 'node:events'
import type { AddressInfo, Server } from 'node:net'
import { createClock } from '../grader/record/timing/clock.ts'
import { createCertificate } from '../grader/record/wire/tls/certificate.ts'
import { createIdSource } from '../grader/record/wire/id-source.ts'
import { startRecordingProxy } from '../grader/record/wire/recording-proxy.ts'

export const certificate = createCertificate('shop.test')
export const { key, cert, ca } = certificate
const open: (() => unknown)[] = []

export const closeLater = (close: () => unknown): void => void open.push(close)
export const closeAll = async (): Promise<void> =>
  void (await Promise.all(open.splice(0).map((close) => close())))
export const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, ms))

/** How a client asks a server with the certificate of shop.test that listens there. */
export const trusting = (port: number) => ({ host: '127.0.0.1', port, servername: 'shop.test', ca })

/**
 * What a client observes of a server that it asks directly. Throws where it observes something else
 * of one like it behind the wire.
 */
export async function expectTheSame<Seen>(
  create: () => Server,
  observe: (port: number) => Promise<Seen>,
): Promise<Seen> {
  const start = async () => {
    const server = create().on('error', () => {})
    await once(server.listen(0, '127.0.0.1'), 'listening')
    closeLater(() => void server.close())
    return (server.address() as AddressInfo).port
  }
  const directly = await observe(await start())
  const wire = await startRecordingProxy(
    { host: '127.0.0.1', port: await start() },
    createClock(),
    createIdSource(),
    { certificates: [certificate] },
  )
  closeLater(() => wire.close())
  deepStrictEqual(await observe(wire.port), directly)
  return directly
}
