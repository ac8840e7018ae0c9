import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Program } from './record/program/learner-program.ts'
import { isInSnapshot, type KeptFile } from './record/program/snapshot/snapshot.ts'
import { GraderError } from './types/errors.ts'

/**
 * Watches over the kept files that are not in the grading's snapshot: those of a command, which a
 * shell runs in the learner's own folder, and data. What is given tells whether one was saved since
 * then; its scenarios start the program anew, so the verdict would speak of two.
 */
export function watchKept(
  program: Program,
  kept: readonly KeptFile[],
): () => GraderError | undefined {
  if (program.kind === 'url') return () => undefined
  const began = kept
    .filter(({ path }) => !isInSnapshot(program.kind, path))
    .map(({ path, content }) => ({ path, content, file: join(program.dir, path) }))
    .map((each) => ({ ...each, stamp: stampOf(each.file) }))
  return () => {
    const changed = began.find(
      ({ file, content, stamp }) => stampOf(file) !== stamp || !hasContent(file, content),
    )
    return (
      changed &&
      new GraderError(
        `${changed.path} was saved while it was graded, so the verdict would speak of two programs.`,
        'Run it again.',
      )
    )
  }
}

/** Tells a file from one that was saved since, even where the old content came back. */
function stampOf(file: string): string {
  try {
    const { ino, mtimeNs } = statSync(file, { bigint: true })
    return `${ino} ${mtimeNs}`
  } catch {
    return ''
  }
}

function hasContent(file: string, content: Uint8Array): boolean {
  try {
    return readFileSync(file).equals(content)
  } catch {
    return false
  }
}
