import { playgrounds, type PlaygroundName } from '../../course/lessons/playgrounds.ts'
import { cookiePlayground } from './cookie/cookie-playground.ts'
import { getBesideHead } from './get-beside-head/get-beside-head.ts'
import { songPlayground } from './jump-in-a-song/song-playground.ts'
import { onDemand, type ClosableListener, type OnDemandServer } from './on-demand.ts'
import type { PlaygroundPlace, PlaygroundTools } from './playground-app.ts'
import { preflightPlayground } from './preflight-or-not/preflight-playground.ts'
import { requestPlayground } from './request/request-playground.ts'
import { responsePlayground } from './response/response-playground.ts'
import { whichMethodArrives } from './which-method-arrives/which-method-arrives.ts'
import { statusPlayground } from './which-status/status-playground.ts'
import { herdPlayground } from './the-herd/herd-playground.ts'
import { tunnelPlayground } from './tunnel/tunnel-playground.ts'
import { editorsPlayground } from './two-editors/editors-playground.ts'
import { visitPlayground } from './who-speaks-first/visit-playground.ts'

/** What readers try things out on. Each listens while a page of it is open. */
export interface Playgrounds {
  /** Where it is, to be opened in a tab of its own. Makes it listen. */
  address(name: PlaygroundName): Promise<string>
  /** Where it is for a page of this origin, which shows it in a frame. Makes it listen. */
  frame(name: PlaygroundName, origin: string): Promise<string>
  close(): Promise<void>
}

const apps: Record<
  PlaygroundName,
  (place: PlaygroundPlace, tools: PlaygroundTools) => ClosableListener | Promise<ClosableListener>
> = {
  cookies: cookiePlayground,
  'break-the-request': requestPlayground,
  'break-the-response': responsePlayground,
  'who-speaks-first': visitPlayground,
  'get-beside-head': getBesideHead,
  'the-tunnel': tunnelPlayground,
  'two-editors': editorsPlayground,
  'preflight-or-not': preflightPlayground,
  'which-method-arrives': whichMethodArrives,
  'jump-in-a-song': songPlayground,
  'which-status': statusPlayground,
  'the-herd': herdPlayground,
}

/** A playground stops listening so long after its last page was closed. */
const GONE_AFTER_MS = 60_000

/**
 * A playground listens on a port of its own, so that its script can touch nothing of the course,
 * and under the course's name: to a browser that is the same site, whose cookies it keeps within a
 * frame, too.
 */
export function createPlaygrounds(
  tools: PlaygroundTools,
  goneAfterMs: number = GONE_AFTER_MS,
): Playgrounds {
  const framedBy = new Set<string>()
  const all = Object.fromEntries(
    (Object.keys(playgrounds) as PlaygroundName[]).map((name) => [
      name,
      onDemand((place) => apps[name]({ ...place, framedBy }, tools), goneAfterMs),
    ]),
  ) as Record<PlaygroundName, OnDemandServer>
  return {
    address: (name) => all[name].address(),
    async frame(name, origin) {
      framedBy.add(origin)
      return `${await all[name].address()}?framed`
    },
    close: async () => void (await Promise.all(Object.values(all).map((each) => each.close()))),
  }
}
