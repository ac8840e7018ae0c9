import type { Pool } from 'pg'
import { openPool } from '../../store/postgres/open-pool.ts'
import type { Slots } from './slots.ts'

/** Beyond the slots: claims, heartbeats, events and the supervision of the queues. */
const MORE = 4

/** The connections of a worker. `url` may hold a password. */
export function openWorkerPool(url: string, { untimed, timed }: Slots): Pool {
  return openPool(url, {
    max: untimed + timed + MORE,
    // A worker that was stopped in a transaction holds what the others need.
    idle_in_transaction_session_timeout: 10_000,
    application_name: 'roundtrip worker',
  })
}
