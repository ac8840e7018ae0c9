import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import { writeFileAtomically } from '../../course/files/write-file.ts'
import { isAlive } from '../postgres/postmaster.ts'

const mark = z.object({ pid: z.int().positive(), port: z.int(), origin: z.string() })

export type ServedMark = z.infer<typeof mark>

/** Notes in the class's state folder where this process serves it. Gives what takes that back. */
export function markServed(state: string, served: Omit<ServedMark, 'pid'>): () => void {
  writeFileAtomically(fileOf(state), JSON.stringify({ pid: process.pid, ...served }))
  return () => {
    if (read(state)?.pid === process.pid) rmSync(fileOf(state), { force: true })
  }
}

/** Who serves this class on that port already; null when nobody is known to. */
export function servedOn(state: string, port: number): ServedMark | null {
  const found = read(state)
  return found?.port === port && isAlive(found.pid) ? found : null
}

function fileOf(state: string): string {
  return join(state, 'class', 'served.json')
}

/** Null, too, for a file that somebody else wrote: it only says more of an error. */
function read(state: string): ServedMark | null {
  try {
    return mark.parse(JSON.parse(readFileSync(fileOf(state), 'utf8')))
  } catch {
    return null
  }
}
