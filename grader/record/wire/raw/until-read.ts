import { once } from 'node:events'
import { inQuietTime } from '../../timing/deadline.ts'
import type { Opening } from '../opening.ts'

/** How long a program has to let go, on a quiet machine and on a busy one. */
const LET_GO_MS = 500
const LONGEST_MS = 15_000
/** Given to a program that doesn't let go of a connection that its client has ended. */
const MOMENT_MS = 40

/** Waits until the program has read what was sent to it before. */
export type UntilRead = (opening: Opening) => Promise<void>

/**
 * A program learns what happens to its connections in the order in which it happens. So it has read
 * what was sent before once it lets go of a connection that was opened afterwards and ended without
 * a word. That bytes have passed the wire says less: a busy machine lets them wait there, and a
 * program then reads what was sent apart at once.
 */
export function createUntilRead(): UntilRead {
  let letsGo = true
  return async (opening) => {
    if (letsGo) letsGo = await isLetGo(opening)
    if (!letsGo) await new Promise((resolve) => setTimeout(resolve, MOMENT_MS))
  }
}

async function isLetGo(opening: Opening): Promise<boolean> {
  const socket = await opening.open()
  socket.on('error', () => {}).resume()
  const over = Promise.race([once(socket, 'end'), once(socket, 'close')]).then(
    () => true,
    () => true,
  )
  socket.end()
  try {
    return socket.destroyed || (await inQuietTime(over, false, LET_GO_MS, LONGEST_MS))
  } finally {
    socket.destroy()
  }
}
