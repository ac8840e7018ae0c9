import { randomBytes } from 'node:crypto'
import { listenOnLoopback, type Listening } from '../listen.ts'
import { playgroundApp } from './playground-app.ts'

export interface Playground {
  /** Where it is: listens from the first time on that somebody asks. */
  address(): Promise<string>
  close(): Promise<void>
}

/** The cookie playground, on a port of its own and on 127.0.0.1: neither the course's cookies nor its pages are there. */
export function createPlayground(): Playground {
  const key = randomBytes(8).toString('hex')
  let listening: Promise<Listening> | undefined
  let port = 0
  const start = async () => {
    const started = await listenOnLoopback(playgroundApp(key, () => port), 0)
    port = started.port
    return started
  }
  return {
    async address() {
      listening ??= start()
      // A failure is no reason to fail for ever.
      listening.catch(() => (listening = undefined))
      await listening
      return `http://127.0.0.1:${port}/${key}/`
    },
    async close() {
      await (await listening?.catch(() => undefined))?.close()
    },
  }
}
