import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Exercise, Lesson } from '../course/types.ts'
import { writeFileAtomically } from '../course/write-file.ts'
import { wireBlocksFor } from './wire-blocks.ts'

/** What an exercise was last found to be free of mistakes under. */
export interface GreenRun {
  /** Of everything the verdicts rest on. */
  readonly fingerprint: string
  readonly repeat: number
  readonly slowed: boolean
  /** ISO 8601. */
  readonly at: string
}

/**
 * The green runs of a course by exercise, in a file of the state folder. A file that cannot be read
 * is none.
 */
export interface VerifyMemory {
  /** The last green run, when nothing it rests on has changed and it was at least as strict. */
  unchangedSince(exercise: string, wanted: Omit<GreenRun, 'at'>): GreenRun | null
  keep(exercise: string, run: GreenRun): void
}

export function openVerifyMemory(stateDir: string): VerifyMemory {
  const file = join(stateDir, 'verified.json')
  const runs = read(file)
  return {
    unchangedSince(exercise, { fingerprint, repeat, slowed }) {
      const run = runs[exercise]
      return run &&
        run.fingerprint === fingerprint &&
        run.repeat >= repeat &&
        (run.slowed || !slowed)
        ? run
        : null
    },
    keep(exercise, run) {
      runs[exercise] = run
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

/**
 * One value for an exercise's files, what its lesson is called and its headings, what `lessons`
 * show of it, the grader's sources, the packages, Node and the browser.
 */
export function fingerprint(
  exercise: Exercise,
  lesson: Lesson,
  browserExecutable: string,
  lessons: readonly Lesson[] = [],
): string {
  const { title, headings } = lesson
  const { size, mtimeMs } = statSync(browserExecutable)
  return digest([
    ...contents(exercise.dir),
    JSON.stringify([title, headings, wireBlocksFor(exercise.id, lessons)]),
    graderDigest(),
    process.version,
    `${browserExecutable} ${size} ${mtimeMs}`,
  ])
}

const project = join(dirname(fileURLToPath(import.meta.url)), '..')
let ofGrader: string | null = null

function graderDigest(): string {
  const isSource = (path: string) => !path.endsWith('.test.ts')
  ofGrader ??= digest([
    ...['grader', 'verify', 'course/mutants'].flatMap((folder) =>
      contents(join(project, folder), isSource),
    ),
    readFileSync(join(project, 'package-lock.json')),
  ])
  return ofGrader
}

function contents(
  folder: string,
  wanted: (path: string) => boolean = () => true,
): (string | Uint8Array)[] {
  return readdirSync(folder, { withFileTypes: true })
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry): (string | Uint8Array)[] => {
      const path = join(folder, entry.name)
      if (entry.isDirectory())
        return entry.name === 'node_modules' ? [] : [`${entry.name}/`, ...contents(path, wanted)]
      return entry.isFile() && wanted(path) ? [entry.name, readFileSync(path)] : []
    })
}

function digest(parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(String(part.length)).update('\0').update(part)
  return hash.digest('hex')
}
