import type { Exchange, InjectedFault } from '../../../types/index.ts'
import type { Writable } from '../../../types/writable.ts'

/** What crossed a connection, in the order in which it passed the proxy. */
export type LogEntry = {
  /** Milliseconds of the run's clock. */
  readonly at: number
} & (
  | {
      readonly kind: 'bytes'
      readonly from: 'client' | 'server'
      readonly bytes: Uint8Array
    }
  | {
      /**
       * Ended: that side sends no more. Reset: all of it is gone. Refused: nobody listened. Capped:
       * the proxy broke it off.
       */
      readonly kind: 'ended' | 'reset' | 'refused' | 'capped'
      readonly by: 'client' | 'server' | 'us'
    }
  | {
      /** Injected: the scenario had the proxy do something to it. Released: it is over. */
      readonly kind: 'injected'
      readonly by: 'us'
      readonly exchange: Writable<Exchange>
      readonly fault: Omit<InjectedFault, 'at'>
    }
  | { readonly kind: 'released'; readonly by: 'us'; readonly exchange: Writable<Exchange> }
)
