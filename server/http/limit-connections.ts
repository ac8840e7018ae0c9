import type { Server } from 'node:http'
import { NEEDED_OPEN_FILES, openFilesLimit } from '../../grader/index.ts'

const FEWEST = 8
const SAY_EVERY_MS = 60_000

/** Connections that were refused, for the person in the terminal. */
export interface RefusedConnections {
  /** So many are taken at once. */
  readonly most: number
  /** So many files this process may hold open. */
  readonly openFiles: number
}

/**
 * Leaves a grading the files it has to open, and says when connections were refused for that, once
 * a minute. Without it the system closes what is beyond the process's limit, and Node does not
 * learn of it (libuv accepts and closes them).
 */
export function limitConnections(
  server: Server,
  onRefused: (refused: RefusedConnections) => void,
  openFiles = openFilesLimit(),
): void {
  if (!Number.isFinite(openFiles)) return
  const most = Math.max(FEWEST, openFiles - NEEDED_OPEN_FILES)
  let saidAt = -Infinity
  server.maxConnections = most
  server.on('drop', () => {
    if (performance.now() - saidAt < SAY_EVERY_MS) return
    saidAt = performance.now()
    onRefused({ most, openFiles })
  })
}
