import { existsSync, realpathSync } from 'node:fs'
import { dirname, extname, join, posix, relative, sep } from 'node:path'

/** What a script for a page may import from beside it, and as which type that is sent. */
export const MODULE_TYPES: Readonly<Record<string, string>> = {
  '.ts': 'text/javascript',
  '.mts': 'text/javascript',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.json': 'application/json',
}

/**
 * The file that a page means by the path of an address, absolute; undefined when there is none.
 * Never one outside of the script's folder, hidden files included; where the script is a link, the
 * folder that it leads to counts as well.
 */
export function moduleAt(dir: string, entry: string, path: string): string | undefined {
  const parts = partsOf(path)
  if (parts === undefined || MODULE_TYPES[extname(path)] === undefined) return undefined
  for (const folder of foldersOf(dir, entry)) {
    const file = join(folder, ...parts)
    if (existsSync(file) && isWithin(folder, realpathSync(file))) return file
  }
  return undefined
}

/**
 * A sentence for a module that a script asked for and that is not there, with what to write.
 * `importer` and `path`: the paths of the two addresses; `script`: the importer as the learner
 * knows it.
 */
export function missingModule(
  { dir, entry }: { readonly dir: string; readonly entry: string },
  importer: string,
  path: string,
): string {
  const script = importer === scriptPath(entry) ? entry : decoded(importer).slice(1)
  const named = relativePath(importer, decoded(path))
  const meant = [...alternatives(decoded(path))].find((each) => moduleAt(dir, entry, each))
  const advice = meant
    ? `Write '${relativePath(importer, meant)}': a browser asks for exactly the address that an import names.`
    : `There is no such file. A browser asks for exactly the address that an import names, with its ending.`
  return `${script} imports '${named}', which was not found. ${advice}`
}

/** Whether a script names this in an import or a re-export, as far as its text shows. */
export function importsIt(source: string, specifier: string): boolean {
  return [`'${specifier}'`, `"${specifier}"`].some((quoted) =>
    source
      .split(quoted)
      .slice(0, -1)
      .some((before) => /\b(?:from|import)\s*\(?\s*$/.test(before)),
  )
}

/** Where the page asks for the script. */
export function scriptPath(entry: string): string {
  return `/${entry.replace(/\.ts$/, '.js')}`
}

/** The names in a path, decoded; undefined where one is hidden, empty, or more than a name. */
function partsOf(path: string): string[] | undefined {
  try {
    const parts = path.slice(1).split('/').map(decodeURIComponent)
    return parts.every((part) => /^[^./\\\0][^/\\\0]*$/.test(part)) ? parts : undefined
  } catch {
    return undefined
  }
}

function foldersOf(dir: string, entry: string): string[] {
  const script = join(dir, entry)
  const folders = [
    realpathSync(dir),
    ...(existsSync(script) ? [dirname(realpathSync(script))] : []),
  ]
  return [...new Set(folders)]
}

function isWithin(folder: string, file: string): boolean {
  const way = relative(folder, file)
  return way !== '..' && !way.startsWith(`..${sep}`)
}

/** Other paths by which a bundler or a compiler would have found a file. */
function* alternatives(path: string): Generator<string> {
  const endings = Object.keys(MODULE_TYPES)
  const stem = path.replace(/\.\w+$/, '')
  for (const ending of endings) yield `${path}${ending}`
  for (const ending of endings) yield `${stem}${ending}`
  for (const ending of endings) yield `${path.replace(/\/$/, '')}/index${ending}`
}

function relativePath(importer: string, path: string): string {
  const way = posix.relative(posix.dirname(decoded(importer)), path)
  return way.startsWith('.') ? way : `./${way}`
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}
