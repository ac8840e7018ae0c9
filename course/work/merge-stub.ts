import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { merge as mergeThreeWays } from 'node-diff3'
import { explainFileError } from '../read/file-error.ts'
import { readOrdinaryText } from '../read/read-file.ts'
import { resolvePaths, shownPath, type Paths } from '../paths.ts'
import type { Exercise } from '../types.ts'
import { baseFolder, copyWork, keepBase, readWork, workFolder, writeWork } from './work-folder.ts'

/** What a changed stub means for one file of the learner's. */
export interface MergedFile {
  readonly path: string
  /**
   * Where the learner's lines and the new stub's stand in each other's way; each is marked in the
   * text, both sides kept.
   */
  readonly conflicts: number
}

export interface StubChange {
  /**
   * The files whose stub is another one than the learner began from, and whose new stub is not in
   * the learner's file yet.
   */
  readonly files: readonly MergedFile[]
}

export interface MergedStub extends StubChange {
  /** Absolute: the learner's files as they were. */
  readonly copy: string
}

/**
 * What has changed in the stub since the learner began, or null when there is nothing to merge:
 * nothing was begun, nothing has changed, or the change stands in the learner's files already.
 * Throws FileError.
 */
export function stubChange(exercise: Exercise, paths: Paths = resolvePaths()): StubChange | null {
  const files = merges(exercise, paths)
  return files.length === 0
    ? null
    : { files: files.map(({ path, conflicts }) => ({ path, conflicts })) }
}

/**
 * Merges what has changed in the stub into the learner's files, after a copy of them (three ways:
 * the stub they began from, their file, the stub of now). Where both changed the same lines both
 * stay, between `<<<<<<<` and `>>>>>>>`. Null when there is nothing to merge. Throws FileError.
 */
export function mergeStub(
  exercise: Exercise,
  paths: Paths = resolvePaths(),
  now = new Date(),
): MergedStub | null {
  const files = merges(exercise, paths)
  if (files.length === 0) return null
  const copy = copyWork(exercise, paths, 'merge', now)
  writeWork(
    exercise,
    files.map(({ path, text }) => ({ path, content: Buffer.from(text) })),
    paths,
  )
  keepBase(exercise, paths)
  return { copy, files: files.map(({ path, conflicts }) => ({ path, conflicts })) }
}

/**
 * Leaves the learner's files as they are: the change of the stub counts as seen. Throws FileError.
 */
export function keepMine(exercise: Exercise, paths: Paths = resolvePaths()): void {
  keepBase(exercise, paths)
}

function merges(exercise: Exercise, paths: Paths): (MergedFile & { text: string })[] {
  const base = baseFolder(exercise, paths)
  if (!existsSync(workFolder(exercise, paths)) || !existsSync(base)) return []
  return readWork(exercise, join(exercise.dir, 'stub')).flatMap(({ path, content }) => {
    const mine = join(workFolder(exercise, paths), path)
    if (!existsSync(mine) || !existsSync(join(base, path))) return []
    const texts = [join(base, path), mine].map((file) => read(file, paths))
    const [began, own] = texts as [string, string]
    const stub = Buffer.from(content).toString('utf8')
    if (alike(began, stub) || alike(own, stub)) return []
    const merged = merge(own, began, stub)
    return alike(merged.text, own) ? [] : [{ path, ...merged }]
  })
}

function merge(own: string, began: string, stub: string): { text: string; conflicts: number } {
  // A learner's editor may have made other line ends; a stub is the same with them.
  const ending = own.includes('\r\n') ? '\r\n' : '\n'
  const lines = (text: string) => text.split(/\r?\n/)
  const { result } = mergeThreeWays(lines(own), lines(began), lines(stub), {
    label: { a: 'your file', b: 'the new stub' },
    excludeFalseConflicts: true,
  }) as { result: string[] }
  return {
    text: result.join(ending),
    conflicts: result.filter((line) => line.startsWith('<<<<<<< your file')).length,
  }
}

function alike(a: string, b: string): boolean {
  return a.replaceAll('\r\n', '\n') === b.replaceAll('\r\n', '\n')
}

function read(file: string, paths: Paths): string {
  try {
    return readOrdinaryText(file)
  } catch (error) {
    throw explainFileError(error, `read ${shownPath(file, paths.root)}`)
  }
}
