import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { zstdCompress, zstdDecompressSync } from 'node:zlib'
import { writeFileAtomically } from '../../course/write-file.ts'
import type { Evidence, Report } from '../../grader/types/index.ts'
import { decodeEvidence, encodeEvidence, isJudgeable } from '../../grader/evidence-codec.ts'

/** One program's grading, from which it can be judged again. */
export interface KeptGrading {
  readonly report: Report
  readonly evidence: readonly Evidence[]
  /** It watched the clock. */
  readonly timed: boolean
  /** The ports that the grader gave away in it. */
  readonly ports: readonly number[]
}

/** The gradings of the last verification by exercise and program, one file for each exercise. */
export interface KeptGradings {
  /** By the program's name; empty where nothing is kept, or it was recorded from something else. */
  read(exercise: string, recorded: string): ReadonlyMap<string, KeptGrading>
  keep(
    exercise: string,
    recorded: string,
    gradings: ReadonlyMap<string, KeptGrading>,
  ): Promise<void>
  /** Removes what is kept of exercises that the course no longer has. */
  dropAllBut(exercises: readonly string[]): void
}

const ENDING = '.json.zst'
const compressed = promisify(zstdCompress)

interface Written {
  readonly recorded: string
  readonly gradings: readonly (Omit<KeptGrading, 'evidence'> & {
    readonly program: string
    /** As encodeEvidence() gives it. */
    readonly evidence: string
  })[]
}

export function openKeptGradings(stateDir: string): KeptGradings {
  const folder = join(stateDir, 'verified')
  const file = (exercise: string) => join(folder, exercise + ENDING)
  return {
    read(exercise, recorded) {
      const kept = written(file(exercise))
      const usable = kept?.recorded === recorded ? kept.gradings : []
      return new Map(
        usable
          .filter(({ evidence }) => isJudgeable(evidence))
          .map(({ program, evidence, ...rest }) => [
            program,
            { ...rest, evidence: decodeEvidence(evidence) },
          ]),
      )
    },
    async keep(exercise, recorded, gradings) {
      const text = JSON.stringify({
        recorded,
        gradings: [...gradings].map(([program, { evidence, ...rest }]) => ({
          program,
          ...rest,
          evidence: encodeEvidence(evidence),
        })),
      } satisfies Written)
      mkdirSync(folder, { recursive: true })
      writeFileAtomically(file(exercise), await compressed(text))
    },
    dropAllBut(exercises) {
      const known = new Set(exercises.map((id) => id + ENDING))
      for (const name of namesIn(folder))
        if (name.endsWith(ENDING) && !known.has(name)) rmSync(join(folder, name), { force: true })
    },
  }
}

/** Undefined where nothing is kept, or it cannot be read: then everything is graded. */
function written(file: string): Written | undefined {
  try {
    return JSON.parse(zstdDecompressSync(readFileSync(file)).toString()) as Written
  } catch {
    return undefined
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
