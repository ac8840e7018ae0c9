import { writeFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { readOrdinaryFile } from '../../../../course/read/read-file.ts'
import { stripTypes } from '../../../../course/read/strip-types.ts'
import { ownFolder } from '../../browser/own-folders.ts'
import { entriesOf, foldersOf, realPath } from '../program-folders.ts'

/** A file by its path within the program's folder. */
export interface KeptFile {
  readonly path: string
  readonly content: Uint8Array
}

/**
 * A program's modules as they were when its grading began.
 *
 * The program still runs in the learner's own folder, and its modules keep their names; only what
 * is loaded by those names are these bytes. To run it from a copy of the folder would change what
 * it does: stack traces, import.meta and what it prints would name the copy; its own node_modules
 * and package.json would have to come along, and the project's `"type": "module"`; what it writes
 * beside itself would be lost; and a process that waits for its start (held-programs.ts) would wait
 * in a folder that is not there yet.
 *
 * Data is not in it: what a program reads and writes by `node:fs`, JSON included, is on the disk. A
 * command is run by a shell, and nobody knows what it reads: watch-kept.ts compares its files.
 */
export interface Snapshot {
  /** By the real paths of their files. */
  readonly modules: ReadonlyMap<string, Uint8Array>
  /** Where those led that are links, by their own paths. */
  readonly links: ReadonlyMap<string, string>
}

/** A snapshot in files, from which a process can load. */
export interface WrittenSnapshot {
  /** What a program's process is told besides its own environment. */
  readonly environment: Readonly<Record<string, string>>
  /** What a file was, as text; undefined for one that is not in the snapshot. */
  textOf(file: string): string | undefined
  remove(): void
}

/** The modules beyond these are loaded from the disk. */
const MOST_MODULES = 300
const MOST_ENTRIES = 2000

const MODULES = new Set(['.ts', '.mts', '.cts', '.js', '.mjs', '.cjs'])

/**
 * Reads a program's modules now. `kept`: those that were read already and are kept with the
 * verdict; the program loads exactly these bytes. `given`: modules that take the place of whatever
 * has their paths, on the disk or among those kept; nothing needs to be there.
 */
export function takeSnapshot(
  program: { readonly dir: string; readonly entry: string; readonly kind: string },
  kept: readonly KeptFile[] = [],
  given: readonly KeptFile[] = [],
): Snapshot {
  const modules = new Map<string, Uint8Array>()
  const links = new Map<string, string>()
  const dir = realPath(program.dir) ?? program.dir
  for (const { path, content } of kept) {
    if (isInSnapshot(program.kind, path)) modules.set(follow(join(dir, path), links), content)
  }
  for (const file of [join(dir, program.entry), ...filesIn(foldersOf(dir))]) {
    if (modules.size >= MOST_MODULES) break
    if (!isInSnapshot(program.kind, file)) continue
    const real = follow(file, links)
    const content = modules.get(real) ?? contentOf(real)
    if (content) modules.set(real, content)
  }
  for (const { path, content } of given) {
    const file = join(dir, path)
    modules.set(file, content)
    // Where a learner's file of that name is a link, what it leads to stays theirs.
    links.set(file, file)
  }
  return { modules, links }
}

function follow(file: string, links: Map<string, string>): string {
  const real = realPath(file) ?? file
  if (real !== file) links.set(file, real)
  return real
}

/** Whether a file is of those that a snapshot of such a program takes in. */
export function isInSnapshot(kind: string, path: string): boolean {
  if (kind === 'command' || kind === 'url') return false
  // A page asks for its data as it does for its modules, and cannot write it.
  return MODULES.has(extname(path)) || (kind === 'page' && extname(path) === '.json')
}

const folder = ownFolder('snapshots')

/** Where every snapshot of this process is written; its programs may read in it. */
export const snapshotFolder = folder.path

/** Throws what `node:fs` throws. */
export function writeSnapshot({ modules, links }: Snapshot): WrittenSnapshot {
  using writing = new DisposableStack()
  const { path: own, remove } = writing.adopt(folder.makeWithin(), (made) => made.remove())
  // Without it, one above the temporary folder would say what kind of module the copies are.
  writeFileSync(join(own, 'package.json'), '{}')
  const address = (path: string) => pathToFileURL(path).href
  const copyOf = (name: string, content: Uint8Array | string) => {
    writeFileSync(join(own, name), content)
    return address(join(own, name))
  }
  const copies: [string, string][] = []
  const stripped: [string, string][] = []
  for (const [number, [file, content]] of [...modules].entries()) {
    copies.push([address(file), copyOf(`${number}${extname(file)}`, content)])
    const text = withoutTypes(address(file), content)
    if (text !== undefined) stripped.push([address(file), copyOf(`${number}.stripped.js`, text)])
  }
  const index = join(own, 'index.json')
  const led = [...links].map(([link, file]) => [address(link), address(file)])
  writeFileSync(index, JSON.stringify({ copies, links: led, stripped }))
  writing.move()
  return {
    environment: { ROUNDTRIP_SNAPSHOT: index },
    textOf(file) {
      const content = modules.get(links.get(file) ?? realPath(file) ?? file)
      return content && Buffer.from(content).toString('utf8')
    },
    remove,
  }
}

/**
 * A TypeScript module as Node would run it. To load what strips types is more than half of the work
 * of starting a small program, and a grading starts several with the same modules. Undefined where
 * Node refuses it: it says why in the program's own process.
 */
function withoutTypes(address: string, content: Uint8Array): string | undefined {
  if (!/\.m?ts$/.test(address)) return undefined
  try {
    return stripTypes(Buffer.from(content).toString('utf8'), address)
  } catch {
    return undefined
  }
}

function* filesIn(roots: readonly string[]): Generator<string> {
  const folders = [...roots]
  for (let seen = 0; folders.length > 0 && seen < MOST_ENTRIES;) {
    const path = folders.shift()!
    for (const entry of entriesOf(path)) {
      seen++
      if (entry.name.startsWith('.') || entry.name === 'node_modules') continue
      if (entry.isDirectory()) folders.push(join(path, entry.name))
      else yield join(path, entry.name)
    }
  }
}

/** Undefined where it cannot be read: Node says why. */
function contentOf(file: string): Uint8Array | undefined {
  try {
    return readOrdinaryFile(file)
  } catch {
    return undefined
  }
}
