import { existsSync, readdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ExerciseKind } from '../course/types.ts'

/** A program that no exercise has and every exercise has to bear. */
export interface JunkProgram {
  readonly dir: string
  readonly file: string
  readonly name: string
  /** It tries the grader, whatever the exercise. */
  readonly isOnce: boolean
}

const junkFolder = join(dirname(fileURLToPath(import.meta.url)), 'junk-programs')
const ONCE = 'once'

/**
 * Those for a kind of exercise. `withOnce`: also those that one exercise of each kind proves for all,
 * because they try the grader alone: they end before any scenario begins, or flood it.
 */
export function junkPrograms(kind: ExerciseKind, withOnce: boolean): JunkProgram[] {
  const folders = [kind, ...(withOnce ? [join(kind, ONCE)] : [])]
  return folders
    .map((folder) => join(junkFolder, folder))
    .filter((dir) => existsSync(dir))
    .flatMap((dir) =>
      readdirSync(dir)
        .filter((file) => file.endsWith('.ts'))
        .toSorted()
        .map((file) => ({
          dir,
          file,
          name: file.replace('.ts', ''),
          isOnce: basename(dir) === ONCE,
        })),
    )
}

/** The names of those that one exercise of each kind proves for all. */
export function onceNames(kind: ExerciseKind): string[] {
  return junkPrograms(kind, true).flatMap(({ name, isOnce }) => (isOnce ? [name] : []))
}

/** The names of the programs that a rule may say it is also earned by. */
export function namesBesideMutants(kind: ExerciseKind): string[] {
  return ['stub', ...junkPrograms(kind, false).map(({ name }) => name)]
}
