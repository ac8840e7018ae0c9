import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Exercise, Lesson } from '../../course/types.ts'
import { wireBlocksFor } from '../words/wire-blocks.ts'

/** Of everything the verdicts on an exercise's programs rest on, in two parts. */
export interface Fingerprint {
  /**
   * Of what decides what is recorded: the scenarios, the programs, the kit, the packages, Node and
   * the browser.
   */
  readonly recorded: string
  /** Of what only judges it, or says it: the checks, the task, the reviewed feedback. */
  readonly judged: string
}

/** `lessons`: those that may show what was recorded from this exercise. */
export function fingerprint(
  exercise: Exercise,
  { title, headings }: Lesson,
  browserExecutable: string,
  lessons: readonly Lesson[] = [],
): Fingerprint {
  const { size, mtimeMs } = statSync(browserExecutable)
  const isJudged = judgedFiles(exercise.dir)
  const { id, kind, cmd, files, entry, gradingSeconds } = exercise
  const grader = graderDigests()
  return {
    recorded: digest([
      ...contents(exercise.dir, (path) => !isJudged(path)),
      JSON.stringify([id, kind, cmd, files, entry, gradingSeconds]),
      grader.recorded,
      process.version,
      `${browserExecutable} ${size} ${mtimeMs}`,
    ]),
    judged: digest([
      ...contents(exercise.dir, isJudged),
      JSON.stringify([title, headings, wireBlocksFor(exercise.id, lessons)]),
      grader.judged,
    ]),
  }
}

/**
 * Which files of an exercise have no part in what is recorded. checks.ts, and what is beside it, has
 * none where all scenarios are in scenarios.ts; where another file makes one too, every file counts
 * as recording, for what a function does cannot be told from its text alone.
 */
function judgedFiles(dir: string): (path: string) => boolean {
  const modules = readdirSync(dir).filter((name) => name.endsWith('.ts'))
  const text = (name: string) => readFileSync(join(dir, name), 'utf8')
  const recording = modules.includes('scenarios.ts') ? importedFrom('scenarios.ts', text) : null
  const others = modules.filter((name) => !recording?.has(name))
  const isApart = recording !== null && !others.some((name) => mayMakeScenarios(text(name)))
  return (path) =>
    path === 'exercise.md' || path.startsWith('feedback/') || (isApart && others.includes(path))
}

/** A file and everything beside it that it imports, however far. */
function importedFrom(start: string, text: (name: string) => string): Set<string> {
  const found = new Set([start])
  for (const name of found)
    for (const [, imported] of text(name).matchAll(/from\s*['"]\.\/([^/'"]+\.ts)['"]/g))
      found.add(imported!)
  return found
}

function mayMakeScenarios(source: string): boolean {
  const fromGrader = source.matchAll(/import\s+(?!type\b)([^;]*?)\s+from\s*['"]#grader['"]/g)
  return [...fromGrader].some(([, names]) => /\bscenario\b|\*/.test(names!))
}

const project = join(dirname(fileURLToPath(import.meta.url)), '../..')
let ofGrader: Fingerprint | null = null

/** Judging and reporting touch no program; nor does the gate, but for what it starts. */
function graderDigests(): Fingerprint {
  const isJudging = (path: string) => /^(judge|report)\//.test(path)
  const isStarted = (path: string) => path.startsWith('junk-programs/')
  const of = (folder: string, wanted: (path: string) => boolean) =>
    contents(join(project, folder), (path) => !path.endsWith('.test.ts') && wanted(path))
  ofGrader ??= {
    recorded: digest([
      ...of('grader', (path) => !isJudging(path)),
      ...of('verify', isStarted),
      ...of('course/mutants', () => true),
      readFileSync(join(project, 'package-lock.json')),
    ]),
    judged: digest([...of('grader', isJudging), ...of('verify', (path) => !isStarted(path))]),
  }
  return ofGrader
}

/** Names, with their folders, and contents of the files below a folder. */
function contents(
  folder: string,
  wanted: (path: string) => boolean,
  prefix = '',
): (string | Uint8Array)[] {
  return readdirSync(folder, { withFileTypes: true })
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry): (string | Uint8Array)[] => {
      const path = join(folder, entry.name)
      const name = prefix + entry.name
      if (entry.isDirectory())
        return entry.name === 'node_modules' ? [] : contents(path, wanted, `${name}/`)
      return entry.isFile() && wanted(name) ? [name, readFileSync(path)] : []
    })
}

function digest(parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(String(part.length)).update('\0').update(part)
  return hash.digest('hex')
}
