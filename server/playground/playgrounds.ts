import { randomBytes } from 'node:crypto'
import type { RequestListener } from 'node:http'
import { playgrounds, type PlaygroundName } from '../../course/playgrounds.ts'
import { listenOnLoopback, type Listening } from '../http/listen.ts'
import { cookiePlayground } from './cookie/cookie-playground.ts'
import type { PlaygroundPlace, PlaygroundTools } from './playground-app.ts'
import { preflightPlayground } from './preflight-or-not/preflight-playground.ts'
import { requestPlayground } from './request/request-playground.ts'
import { responsePlayground } from './response/response-playground.ts'
import { visitPlayground } from './who-speaks-first/visit-playground.ts'

/** What readers try things out on. Each listens from the first time on that somebody asks. */
export interface Playgrounds {
  /** Where it is, to be opened in a tab of its own. */
  address(name: PlaygroundName): Promise<string>
  /** Where it is for a page of this origin, which shows it in a frame. */
  frame(name: PlaygroundName, origin: string): Promise<string>
  close(): Promise<void>
}

/** `close` ends what it has opened besides its own port. */
type PlaygroundListener = RequestListener & { close?(): Promise<void> }

const apps: Record<
  PlaygroundName,
  (
    place: PlaygroundPlace,
    tools: PlaygroundTools,
  ) => PlaygroundListener | Promise<PlaygroundListener>
> = {
  cookies: cookiePlayground,
  'break-the-request': requestPlayground,
  'break-the-response': responsePlayground,
  'who-speaks-first': visitPlayground,
  'preflight-or-not': preflightPlayground,
}

/**
 * A playground listens on a port of its own, so that its script can touch nothing of the course,
 * and under the course's name: to a browser that is the same site, whose cookies it keeps within a
 * frame, too.
 */
export function createPlaygrounds(tools: PlaygroundTools): Playgrounds {
  const framedBy = new Set<string>()
  const all = Object.fromEntries(
    (Object.keys(playgrounds) as PlaygroundName[]).map((name) => [
      name,
      lazily((place) => apps[name]({ ...place, framedBy }, tools)),
    ]),
  ) as Record<PlaygroundName, Lazy>
  return {
    address: (name) => all[name].address(),
    async frame(name, origin) {
      framedBy.add(origin)
      return `${await all[name].address()}?framed`
    },
    close: async () => void (await Promise.all(Object.values(all).map((each) => each.close()))),
  }
}

interface Lazy {
  address(): Promise<string>
  close(): Promise<void>
}

function lazily(
  appAt: (place: Omit<PlaygroundPlace, 'framedBy'>) => ReturnType<(typeof apps)[PlaygroundName]>,
): Lazy {
  const key = randomBytes(8).toString('hex')
  let listening: Promise<Listening> | undefined
  let port = 0
  const start = async () => {
    const app = await appAt({ key, port: () => port })
    const started = await listenOnLoopback(app, 0)
    port = started.port
    return {
      ...started,
      close: async () => void (await Promise.all([started.close(), app.close?.()])),
    }
  }
  return {
    async address() {
      listening ??= start()
      // A failure is no reason to fail for ever.
      listening.catch(() => (listening = undefined))
      await listening
      return `http://localhost:${port}/${key}/`
    },
    close: async () => void (await (await listening?.catch(() => undefined))?.close()),
  }
}
