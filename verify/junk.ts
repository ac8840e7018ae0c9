import { existsSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ExerciseKind } from '../course/types.ts'

/** A program that no exercise has and every exercise has to bear. */
export interface JunkProgram {
  readonly dir: string
  readonly file: string
  readonly name: string
}

const junkFolder = join(dirname(fileURLToPath(import.meta.url)), 'junk-programs')
const NEVER_START = 'never-start'

/** Those for a kind of exercise; `neverStarting`: also those that end before any scenario begins. */
export function junkPrograms(kind: ExerciseKind, neverStarting: boolean): JunkProgram[] {
  const folders = [kind, ...(neverStarting ? [join(kind, NEVER_START)] : [])]
  return folders
    .map((folder) => join(junkFolder, folder))
    .filter((dir) => existsSync(dir))
    .flatMap((dir) =>
      readdirSync(dir)
        .filter((file) => file.endsWith('.ts'))
        .toSorted()
        .map((file) => ({ dir, file, name: file.replace('.ts', '') })),
    )
}

/** The names of the programs that a rule may say it is also earned by. */
export function namesBesideMutants(kind: ExerciseKind): string[] {
  return ['stub', ...junkPrograms(kind, false).map(({ name }) => name)]
}
