import type { Queryable } from '../database.ts'
import type { Claim } from './claim.ts'
import { firstNumber, RUN_CHANNEL, type NumberedEvent, type StoredEvent } from './stored-event.ts'

/** Writes the events of all gradings of a process together, now and then. */
export interface EventWriter {
  add(claim: Claim, event: StoredEvent): void
  /**
   * Takes the events of a claim that are not yet written, to be written with its judgement: once it
   * is seen, none of them is missing.
   */
  take(claim: Claim): Promise<readonly NumberedEvent[]>
  /** Writes what there is, and nothing afterwards. */
  close(): Promise<void>
}

const EVERY_MS = 250
/** Beyond this a program that is chatty while the database is away costs no memory. */
const MOST_WAITING = 20_000

interface Waiting extends NumberedEvent {
  readonly claim: Claim
}

export function createEventWriter(
  database: Queryable,
  onError: (error: Error) => void,
): EventWriter {
  let waiting: Waiting[] = []
  let writing: Promise<void> = Promise.resolve()
  const next = new WeakMap<Claim, number>()

  const write = async () => {
    const batch = waiting
    waiting = []
    if (batch.length === 0) return
    try {
      await database.query(WRITE, [
        batch.map(({ claim }) => claim.submission),
        batch.map(({ claim }) => claim.attempt),
        batch.map(({ number }) => number),
        batch.map(({ event }) => JSON.stringify(event)),
      ])
    } catch (error) {
      waiting = [...batch, ...waiting].slice(-MOST_WAITING)
      onError(error as Error)
    }
  }
  const flush = () => (writing = writing.then(write))
  const timer = setInterval(() => void (waiting.length > 0 && flush()), EVERY_MS)

  return {
    add(claim, event) {
      const number = next.get(claim) ?? firstNumber(claim.attempt) + 1
      next.set(claim, number + 1)
      if (waiting.length < MOST_WAITING) waiting.push({ claim, number, event })
    },
    async take(claim) {
      await writing
      const own = waiting.filter((each) => each.claim === claim)
      waiting = waiting.filter((each) => each.claim !== claim)
      return own
    },
    async close() {
      clearInterval(timer)
      await flush()
    },
  }
}

// An attempt that is no longer the submission's newest has nothing to say.
const WRITE = `
  WITH written AS (
    INSERT INTO run_events (submission_id, number, event)
    SELECT each.submission, each.number, each.event
    FROM unnest($1::text[], $2::integer[], $3::integer[], $4::text[])
      AS each (submission, attempt, number, event)
    JOIN submissions ON submissions.id = each.submission AND submissions.attempt = each.attempt
    ON CONFLICT DO NOTHING
    RETURNING submission_id
  )
  SELECT pg_notify('${RUN_CHANNEL}', submission_id) FROM (SELECT DISTINCT submission_id FROM written) AS told`
