import type { Socket } from 'node:net'
import type { RecordingProxy } from './recording-proxy.ts'

/** What a client that isn't a browser needs to ask. */
export interface Opening {
  readonly wire: RecordingProxy
  /** For its Host field. */
  readonly authority: string
  /** Opens a connection, which may still be about to be. */
  open(): Promise<Socket>
}
