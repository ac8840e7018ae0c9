import { readdirSync, realpathSync, statSync, type Dirent } from 'node:fs'
import { dirname, join } from 'node:path'

/** Links in a folder of more files are not looked for. */
const MOST_FILES = 2000

/**
 * The folder, and where links in it lead. Node asks for permission by real paths,
 * and a learner may keep files elsewhere and link them. A linked file's neighbours belong to it:
 * what it imports is looked for there.
 */
export function foldersOf(dir: string): string[] {
  const targets = linksBelow(dir).flatMap((path) => {
    const target = realPath(path)
    if (target === undefined) return []
    return statSync(target).isDirectory() ? [target] : [target, dirname(target)]
  })
  return [...new Set([dir, ...targets])]
}

function linksBelow(dir: string): string[] {
  const links: string[] = []
  const folders = [dir]
  for (let seen = 0; folders.length > 0 && seen < MOST_FILES;) {
    const folder = folders.shift()!
    for (const entry of entriesOf(folder)) {
      seen++
      const path = join(folder, entry.name)
      if (entry.isSymbolicLink()) links.push(path)
      else if (entry.isDirectory() && entry.name !== 'node_modules') folders.push(path)
    }
  }
  return links
}

/** None of a folder that is not there or cannot be read. */
export function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch {
    return []
  }
}

/**
 * Where a path leads; undefined where nothing is there. A program is run in the folder that links
 * lead to: Node may not look at the links themselves.
 */
export function realPath(path: string): string | undefined {
  try {
    return realpathSync(path)
  } catch {
    return undefined
  }
}
