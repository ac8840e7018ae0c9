import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, realpathSync, statSync, type Stats } from 'node:fs'
import { join } from 'node:path'

/** What a digest is made of. */
export type Part = string | Uint8Array

/**
 * The names, with their folders, and the contents of the files below a folder. A link counts as what
 * it leads to.
 */
export function contents(folder: string, wanted: (path: string) => boolean = () => true): Part[] {
  return below(folder, '', [realpathSync(folder)]).flatMap(({ name, path }) =>
    wanted(name) ? [name, readFileSync(path)] : [],
  )
}

/** `within`: the folders above, for a link may lead to one of them. */
function below(
  folder: string,
  prefix: string,
  within: readonly string[],
): { name: string; path: string }[] {
  return readdirSync(folder)
    .toSorted()
    .flatMap((entry) => {
      const path = join(folder, entry)
      const name = prefix + entry
      const found = look(path)
      if (found?.isFile()) return [{ name, path }]
      if (!found?.isDirectory() || entry === 'node_modules') return []
      const real = realpathSync(path)
      return within.includes(real) ? [] : below(path, `${name}/`, [...within, real])
    })
}

/** Undefined for a link that leads nowhere. */
function look(path: string): Stats | undefined {
  try {
    return statSync(path)
  } catch {
    return undefined
  }
}

export function digest(parts: readonly Part[]): string {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(String(part.length)).update('\0').update(part)
  return hash.digest('hex')
}
