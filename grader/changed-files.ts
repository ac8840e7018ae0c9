import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Program } from './record/program/learner-program.ts'
import { GraderError } from './types/errors.ts'

/** A file as it was when a grading began. */
export interface KeptFile {
  /** Relative to the program's folder. */
  readonly path: string
  readonly content: Uint8Array
}

/**
 * That a file is another one than when the grading began: its scenarios start the program anew, so
 * the verdict would speak of two. Undefined when none is, or when the program is no files.
 */
export function changedMeanwhile(
  program: Program,
  kept: readonly KeptFile[],
): GraderError | undefined {
  if (program.kind === 'url' || program.kind === 'command') return undefined
  const changed = kept.find(({ path, content }) => !isStill(join(program.dir, path), content))
  return (
    changed &&
    new GraderError(
      `${changed.path} was saved while it was graded, so the verdict would speak of two programs.`,
      'Run it again.',
    )
  )
}

function isStill(file: string, content: Uint8Array): boolean {
  try {
    return readFileSync(file).equals(content)
  } catch {
    return false
  }
}
