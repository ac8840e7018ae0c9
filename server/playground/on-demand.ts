import { randomBytes } from 'node:crypto'
import type { RequestListener } from 'node:http'
import { listenOnLoopback, PortTaken, type Listening } from '../http/listen.ts'

/** `close` ends what it has opened besides its own port. */
export type ClosableListener = RequestListener & { close?(): Promise<void> }

/** Where such a server is. */
export interface OnDemandPlace {
  /** The folder all of it is in; nobody can guess it. */
  readonly key: string
  readonly port: () => number
}

/** A server that listens only while it is used. */
export interface OnDemandServer {
  /** Its address under the name `localhost`. Listens from then on. */
  address(): Promise<string>
  close(): Promise<void>
}

/**
 * A server that listens from the first `address()` on, and no longer once no request was under way
 * for `goneAfterMs`: its pages keep one open for as long as they are there (see playground-app.ts).
 * The next `address()` starts it anew, on the same port where that is still free.
 */
export function onDemand(
  appAt: (place: OnDemandPlace) => ClosableListener | Promise<ClosableListener>,
  goneAfterMs: number,
): OnDemandServer {
  const key = randomBytes(8).toString('hex')
  let port = 0
  let running: Promise<InUse> | undefined
  let ended: Promise<unknown> = Promise.resolve()

  const start = async (): Promise<InUse> => {
    await ended
    const app = await appAt({ key, port: () => port })
    const use = countUse(app, goneAfterMs, () => void end())
    try {
      const listening = await listenAgain(use.listener, port)
      port = listening.port
      use.renew()
      return {
        renew: use.renew,
        close: async () => {
          use.stop()
          await Promise.all([listening.close(), app.close?.()])
        },
      }
    } catch (error) {
      await app.close?.()
      throw error
    }
  }

  const end = () => {
    const last = running
    running = undefined
    ended = Promise.all([
      ended,
      last?.then(
        (each) => each.close(),
        () => {},
      ),
    ])
    return ended
  }

  return {
    async address() {
      const current = (running ??= start())
      // A failure is no reason to fail for ever.
      current.catch(() => running === current && (running = undefined))
      ;(await current).renew()
      return `http://localhost:${port}/${key}/`
    },
    close: async () => void (await end()),
  }
}

interface InUse {
  /** Begins to wait anew. */
  renew(): void
  close(): Promise<void>
}

async function listenAgain(listener: RequestListener, port: number): Promise<Listening> {
  try {
    return await listenOnLoopback(listener, port)
  } catch (error) {
    if (!(error instanceof PortTaken) || port === 0) throw error
    return listenOnLoopback(listener, 0)
  }
}

/** Calls `onGone` when no request has been under way for `goneAfterMs`. */
function countUse(listener: RequestListener, goneAfterMs: number, onGone: () => void) {
  let underWay = 0
  let timer: NodeJS.Timeout | undefined
  const stop = () => clearTimeout(timer)
  const renew = () => {
    stop()
    if (underWay === 0) timer = setTimeout(onGone, goneAfterMs).unref()
  }
  const counted: RequestListener = (request, response) => {
    underWay++
    stop()
    response.once('close', () => {
      underWay--
      renew()
    })
    listener(request, response)
  }
  return { listener: counted, renew, stop }
}
