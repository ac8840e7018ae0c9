import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Exercise } from './types.ts'

/**
 * The names of an exercise's other right programs, `right/<name>/`: the same task in another style,
 * library or algorithm. They have to pass as the solution does, so that no check knows only that.
 */
export function rightPrograms({ dir }: Pick<Exercise, 'dir'>): string[] {
  const folder = join(dir, 'right')
  if (!existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .toSorted()
}
