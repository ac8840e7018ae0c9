import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { zstdCompress, zstdDecompressSync } from 'node:zlib'
import { writeFileAtomically } from '../../course/files/write-file.ts'
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

/** What is kept of the programs of one exercise, as long as it was recorded from the same. */
export interface KeptPrograms {
  readonly names: ReadonlySet<string>
  /** Undefined where it cannot be read: then the program is graded. */
  read(program: string): KeptGrading | undefined
}

export const NOTHING_KEPT: KeptPrograms = { names: new Set(), read: () => undefined }

/** A grading as it lies in its file: a small part of what it takes in memory. */
export type PackedGrading = Uint8Array

/** Gradings by exercise and program, one file for each program. */
export interface KeptGradings {
  /** `recorded`: the fingerprint of what it would be recorded from now. */
  of(exercise: string, recorded: string): KeptPrograms
  /** Keeps these beside the others of the same fingerprint, and drops those of any other. */
  keep(exercise: string, recorded: string, gradings: ReadonlyMap<string, PackedGrading>): void
  /** Removes what is kept of exercises that the course no longer has. */
  dropAllBut(exercises: readonly string[]): void
}

const ENDING = '.json.zst'
const compressed = promisify(zstdCompress)

type Written = Omit<KeptGrading, 'evidence'> & {
  /** As encodeEvidence() gives it. */
  readonly evidence: string
}

export function packed({ evidence, ...rest }: KeptGrading): Promise<PackedGrading> {
  const written: Written = { ...rest, evidence: encodeEvidence(evidence) }
  return compressed(JSON.stringify(written))
}

/** `folder`: of the course that is verified. */
export function openKeptGradings(folder: string): KeptGradings {
  const folderOf = (exercise: string, recorded: string) =>
    join(folder, exercise, recorded.slice(0, 16))
  return {
    of(exercise, recorded) {
      const its = folderOf(exercise, recorded)
      const files = namesIn(its).filter((name) => name.endsWith(ENDING))
      return {
        names: new Set(files.map((name) => name.slice(0, -ENDING.length))),
        read: (program) => read(join(its, program + ENDING)),
      }
    },
    keep(exercise, recorded, gradings) {
      if (gradings.size === 0) return
      const its = folderOf(exercise, recorded)
      mkdirSync(its, { recursive: true })
      for (const [program, bytes] of gradings)
        writeFileAtomically(join(its, program + ENDING), bytes)
      removeAllBut(dirname(its), [basename(its)])
    },
    dropAllBut: (exercises) => removeAllBut(folder, exercises),
  }
}

function read(file: string): KeptGrading | undefined {
  try {
    const text = zstdDecompressSync(readFileSync(file)).toString()
    const { evidence, ...rest } = JSON.parse(text) as Written
    return isJudgeable(evidence) ? { ...rest, evidence: decodeEvidence(evidence) } : undefined
  } catch {
    return undefined
  }
}

/** Of the folders in a folder. */
function removeAllBut(folder: string, known: readonly string[]): void {
  for (const name of namesIn(folder, 'folders'))
    if (!known.includes(name)) rmSync(join(folder, name), { recursive: true, force: true })
}

function namesIn(folder: string, which: 'files' | 'folders' = 'files'): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() === (which === 'folders'))
      .map(({ name }) => name)
  } catch {
    return []
  }
}
