import type { Exchange, RibbonExhibit } from '../types.ts'
import type { Page } from './page.ts'
import type { RawConnection } from './raw-connection.ts'
import type { RawRequest } from './send-raw.ts'

/** What every scenario is given. */
export interface Kit {
  readonly random: Random
  /** Waits; only for what takes time by its nature. Everything else is a condition to be polled. */
  wait(seconds: number): Promise<void>
}

/** What a scenario of a server exercise is given. The learner's program runs, behind the recording proxy. */
export interface ServerKit extends Kit {
  /** A tab. Tabs of the same visitor share a jar and a cache; another name is another person. */
  newPage(visitor?: string): Promise<Page>
  /** One request made by hand, on a connection of its own. */
  send(request: RawRequest | string): Promise<Exchange | null>
  /** A connection of one's own, byte by byte. It ends with the scenario. */
  connect(): Promise<RawConnection>
  /** Everything on the wire so far, in the order the requests began, without the browser's own /favicon.ico. */
  exchanges(): Exchange[]
  /** Watches requests to a path for a while, row by row as they leave. */
  watch(options: WatchOptions): Promise<Exchange[]>
}

export interface WatchOptions {
  readonly path: string
  /** The answer from which time is counted. */
  readonly from: Exchange | null
  /** The watch ends when that many requests were answered; a second after as many seconds when none come any more, at the latest five. */
  readonly seconds: number
  /** The cookie whose presence is shown while waiting. */
  readonly cookie: string
  /** Seconds around which the machine must not have stalled, or the observation is void and made again. */
  readonly critical: readonly (readonly [from: number, to: number])[]
}

/** Called while a scenario waits. */
export type OnWatch = (progress: { done: number; total: number; unit: string; ribbon: RibbonExhibit }) => void

/** Values a program cannot know beforehand. */
export interface Random {
  /** Hexadecimal characters. */
  token(length?: number): string
  /** A pronounceable word of six letters. */
  word(): string
  integer(low: number, high: number): number
}
