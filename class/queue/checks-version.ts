import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Exercise } from '../../course/types.ts'
import packageFile from '../../package.json' with { type: 'json' }

/**
 * Names what a submission is judged by: the exercise's checks and scenarios, and the grader's
 * version. 16 hexadecimal characters. Throws what reading the files throws.
 */
export async function checksVersion({ dir }: Pick<Exercise, 'dir'>): Promise<string> {
  const hash = createHash('sha256').update(packageFile.version)
  const names = (await readdir(dir)).filter((name) => name.endsWith('.ts')).toSorted()
  for (const name of names) {
    const content = await readFile(join(dir, name))
    hash.update(`\0${name}\0${content.length}\0`).update(content)
  }
  return hash.digest('hex').slice(0, 16)
}
