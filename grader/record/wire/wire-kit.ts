import type { Clock } from '../timing/clock.ts'
import type { AdaptiveTimeout } from '../timing/deadline.ts'
import type { Exchange } from '../../types/index.ts'
import type { ConnectOptions, Kit } from '../../types/kit.ts'
import { isAwaited } from './find/is-awaited.ts'
import type { Proxies } from './proxies.ts'
import type { RawRequest } from './raw/raw-request.ts'
import { sendRaw } from './raw/send-raw.ts'
import { createUntilRead } from './raw/until-read.ts'

/** What of the kit is about clients that aren't browsers, and the wire itself. */
export type WireKit = Pick<
  Kit,
  | 'address'
  | 'loopback'
  | 'send'
  | 'sendTogether'
  | 'connect'
  | 'connectHttp2'
  | 'connections'
  | 'until'
  | 'untilRead'
  | 'wire'
>

/** Between two looks at what does not cross a wire. */
const AGAIN_MS = 10

interface WireKitOptions {
  readonly clock: Clock
  readonly timeout: AdaptiveTimeout
  /** Called with an exchange whose answer did not come in time. */
  readonly giveUp: (exchange: Exchange) => void
}

export function createWireKit(proxies: Proxies, options: WireKitOptions): WireKit {
  const { timeout, giveUp } = options
  const given = (exchange: Exchange | null) => {
    if (exchange && isAwaited(exchange)) giveUp(exchange)
    return exchange
  }
  const untilRead = createUntilRead()
  return {
    address: proxies.address,
    loopback: proxies.loopback,
    wire: proxies.faults.wire,
    connections: () => proxies.connections(),
    async send(request) {
      const asked = inFull(request)
      return given(await sendRaw(asked, proxies.to(asked), timeout))
    },
    async sendTogether(requests) {
      const asked = requests.map(inFull)
      const sent = asked.map((request) => ({ request, opening: proxies.to(request) }))
      const { sendTogether } = await import('./raw/send-together.ts')
      return (await sendTogether(sent, timeout, untilRead)).map(given)
    },
    async connect(way = {}) {
      const opening = proxies.to(way)
      const { openRawConnection } = await import('./raw/raw-connection.ts')
      return openRawConnection(opening, options)
    },
    connectHttp2: (site) => proxies.openHttp2(site),
    untilRead: (way = {}) => untilRead(proxies.to(way)),
    async until(condition) {
      const subscribe = (ask: () => void) => {
        const stop = proxies.subscribe({ traffic: ask })
        const timer = setInterval(ask, AGAIN_MS)
        return () => {
          stop()
          clearInterval(timer)
        }
      }
      const found = await timeout.whenever(subscribe, () => {
        const value = condition()
        return value === false || value === null ? undefined : value
      })
      return (found ?? null) as any
    },
  }
}

function inFull(request: (RawRequest & ConnectOptions) | string): RawRequest & ConnectOptions {
  return typeof request === 'string' ? { path: request } : request
}
