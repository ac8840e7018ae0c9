import { randomBytes } from 'node:crypto'
import type { PlaygroundName } from '../../course/playgrounds.ts'
import { listenOnLoopback, type Listening } from '../listen.ts'
import { playgroundApp } from './playground-app.ts'

/** What readers try things out on. Each listens from the first time on that somebody asks. */
export interface Playgrounds {
  /** Where it is, to be opened in a tab of its own. */
  address(name: PlaygroundName): Promise<string>
  /** Where it is for a page of this origin, which shows it in a frame. */
  frame(name: PlaygroundName, origin: string): Promise<string>
  close(): Promise<void>
}

/**
 * The cookie playground listens on a port of its own, so that its script can touch nothing of the course, and under the course's name: to a
 * browser that is the same site, whose cookies it keeps within a frame, too.
 */
export function createPlaygrounds(): Playgrounds {
  const key = randomBytes(8).toString('hex')
  const framedBy = new Set<string>()
  let listening: Promise<Listening> | undefined
  let port = 0
  const start = async () => {
    const started = await listenOnLoopback(playgroundApp({ key, port: () => port, framedBy }), 0)
    port = started.port
    return started
  }
  const cookies = async () => {
    listening ??= start()
    // A failure is no reason to fail for ever.
    listening.catch(() => (listening = undefined))
    await listening
    return `http://localhost:${port}/${key}/`
  }
  const addresses: Record<PlaygroundName, () => Promise<string>> = { cookies }
  return {
    address: (name) => addresses[name](),
    async frame(name, origin) {
      framedBy.add(origin)
      return `${await addresses[name]()}?framed`
    },
    async close() {
      await (await listening?.catch(() => undefined))?.close()
    },
  }
}
