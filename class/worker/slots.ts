import { availableParallelism } from 'node:os'
import type { QueueKind } from '../queue/queues.ts'

/** How many gradings a worker does at once, of each kind. */
export type Slots = Readonly<Record<QueueKind, number>>

/** A timed grading waits for most of its time: so many take as much of the processor as another. */
const TIMED_PER_UNTIMED = 4
const MOST = 200

/**
 * Reads `ROUNDTRIP_SLOTS`: `2,8` is two untimed and eight timed gradings at once, and `2` is short
 * for that. Left out, a worker has as many untimed slots as processors. Null for anything else.
 */
export function readSlots(text: string | undefined): Slots | null {
  if (text === undefined || text.trim() === '') return slotsOf(availableParallelism())
  const numbers = text.split(',').map((part) => part.trim())
  if (numbers.length > 2 || !numbers.every((part) => /^\d{1,3}$/.test(part))) return null
  const [untimed, timed] = numbers.map(Number)
  const slots = timed === undefined ? slotsOf(untimed!) : { untimed: untimed!, timed }
  const total = slots.untimed + slots.timed
  return total >= 1 && total <= MOST ? slots : null
}

function slotsOf(untimed: number): Slots {
  return { untimed, timed: TIMED_PER_UNTIMED * untimed }
}
