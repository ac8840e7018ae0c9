import type { Pool } from 'pg'
import type { Reach } from './reach.ts'
import type { Slots } from './slots.ts'

const EVERY_MS = 5_000

/** Lets the teacher see that a worker is there, until it is closed. */
export function showPresence(
  pool: Pool,
  { id, host, slots }: { readonly id: string; readonly host: string; readonly slots: Slots },
  reach: Reach,
): { close(): Promise<void> } {
  let writing = Promise.resolve()
  const write = async () => {
    try {
      await pool.query(SEEN, [id, host, slots.untimed, slots.timed])
      reach.reached()
    } catch (error) {
      reach.failed(error as Error)
    }
  }
  const tell = () => void (writing = writing.then(write))
  tell()
  const timer = setInterval(tell, EVERY_MS)
  return {
    async close() {
      clearInterval(timer)
      await writing
      await pool.query('DELETE FROM workers WHERE id = $1', [id]).catch(reach.failed)
    },
  }
}

// Workers that were lost long ago tell nobody anything.
const SEEN = `
  WITH forgotten AS (DELETE FROM workers WHERE seen_at < now() - interval '1 day' AND id <> $1)
  INSERT INTO workers (id, host, slots, timed_slots, started_at, seen_at)
  VALUES ($1, $2, $3, $4, now(), now())
  ON CONFLICT (id) DO UPDATE SET seen_at = now()`
