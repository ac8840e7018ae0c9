import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { listFilesBelow, listFolder } from './read/course-files.ts'
import type { Exercise } from './types.ts'

/**
 * Names an exercise as somebody has it: its task, its stub and its checks. 16 hexadecimal
 * characters, the same on Windows, where Git may have changed the ends of lines. Throws what reading
 * the files throws.
 */
export function exerciseVersion({ dir }: Pick<Exercise, 'dir'>): string {
  const own = listFolder(dir).files.filter((name) => /\.(md|ts|html)$/.test(name))
  const stub = existsSync(join(dir, 'stub')) ? listFilesBelow(join(dir, 'stub')) : []
  const hash = createHash('sha256')
  for (const path of [...own.toSorted(), ...stub.toSorted().map((path) => `stub/${path}`)]) {
    const content = readFileSync(join(dir, path), 'latin1').replaceAll('\r\n', '\n')
    hash.update(`\0${path}\0${content.length}\0`).update(content)
  }
  return hash.digest('hex').slice(0, 16)
}
