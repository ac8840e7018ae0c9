import { readFileSync, statSync } from 'node:fs'
import { relative } from 'node:path'
import type { Exercise, Lesson } from '../../course/types.ts'
import { wireBlocksFor } from '../words/wire-blocks.ts'
import { contents, digest } from './contents.ts'
import { exerciseModules } from './exercise-modules.ts'
import { projectFingerprint } from './project-fingerprint.ts'

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

let ofProject: ReturnType<typeof projectFingerprint> | undefined

/** `lessons`: those that may show what was recorded from this exercise. */
export async function fingerprint(
  exercise: Exercise,
  { title, headings }: Lesson,
  browserExecutable: string,
  lessons: readonly Lesson[] = [],
): Promise<Fingerprint> {
  const { judging, outside } = await exerciseModules(exercise)
  const isJudging = (path: string) =>
    path === 'exercise.md' || path.startsWith('feedback/') || judging.has(path)
  const { id, dir, kind, cmd, files, entry, gradingSeconds } = exercise
  const { size, mtimeMs } = statSync(browserExecutable)
  const project = (ofProject ??= projectFingerprint())
  return {
    recorded: digest([
      ...contents(dir, (path) => !isJudging(path)),
      ...outside.flatMap((path) => [relative(dir, path), readFileSync(path)]),
      JSON.stringify([id, kind, cmd, files, entry, gradingSeconds]),
      project.recorded,
      process.version,
      `${browserExecutable} ${size} ${mtimeMs}`,
    ]),
    judged: digest([
      ...contents(dir, isJudging),
      JSON.stringify([title, headings, wireBlocksFor(id, lessons)]),
      project.judged,
    ]),
  }
}
