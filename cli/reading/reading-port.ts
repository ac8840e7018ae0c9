import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { isRunning } from '../../course/is-running.ts'
import type { Paths } from '../../course/paths.ts'
import { writeFileAtomically } from '../../course/files/write-file.ts'

interface Noted {
  readonly port: number
  readonly pid: number
}

/**
 * Notes at which port this process serves the course's pages, for commands typed elsewhere, and
 * gives what takes the note away. It is a help and no more: where it cannot be written, nothing
 * happens.
 */
export function noteReadingPort(paths: Paths, port: number): () => void {
  const own: Noted = { port, pid: process.pid }
  try {
    writeFileAtomically(fileIn(paths), JSON.stringify(own))
  } catch {
    return () => {}
  }
  return () => {
    // Another one may serve them by now.
    if (noted(paths)?.pid === own.pid) rmSync(fileIn(paths), { force: true })
  }
}

/** The port at which the course's pages are served now; null when nobody is known to serve them. */
export function notedReadingPort(paths: Paths): number | null {
  const found = noted(paths)
  return found &&
    Number.isInteger(found.port) &&
    Number.isInteger(found.pid) &&
    isRunning(found.pid)
    ? found.port
    : null
}

function noted(paths: Paths): Noted | null {
  try {
    return JSON.parse(readFileSync(fileIn(paths), 'utf8')) as Noted | null
  } catch {
    return null
  }
}

function fileIn({ state }: Paths): string {
  return join(state, 'reading-port.json')
}
