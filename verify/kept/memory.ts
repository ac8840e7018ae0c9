import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeFileAtomically } from '../../course/files/write-file.ts'
import type { Fingerprint } from './fingerprint.ts'

/** What an exercise was last found to be free of mistakes under. */
export interface GreenRun {
  readonly fingerprint: Fingerprint
  readonly repeat: number
  readonly slowed: boolean
  /** ISO 8601. */
  readonly at: string
}

/**
 * The green runs of a course by exercise, in a file of the folder. A file that cannot be read is none.
 */
export interface VerifyMemory {
  /** The last green run, when nothing it rests on has changed and it was at least as strict. */
  unchangedSince(exercise: string, wanted: Omit<GreenRun, 'at'>): GreenRun | null
  keep(exercise: string, run: GreenRun): void
}

export function openVerifyMemory(folder: string): VerifyMemory {
  const file = join(folder, 'green.json')
  const runs = read(file)
  return {
    unchangedSince(exercise, { fingerprint, repeat, slowed }) {
      const run = runs[exercise]
      return run &&
        run.fingerprint.recorded === fingerprint.recorded &&
        run.fingerprint.judged === fingerprint.judged &&
        run.repeat >= repeat &&
        (run.slowed || !slowed)
        ? run
        : null
    },
    keep(exercise, run) {
      runs[exercise] = run
      mkdirSync(folder, { recursive: true })
      writeFileAtomically(file, `${JSON.stringify(runs, null, 2)}\n`)
    },
  }
}

function read(file: string): Record<string, GreenRun> {
  try {
    const kept: unknown = JSON.parse(readFileSync(file, 'utf8'))
    return typeof kept === 'object' && kept !== null
      ? ({ ...kept } as Record<string, GreenRun>)
      : {}
  } catch {
    return {}
  }
}
