import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { basename, extname, join } from 'node:path'
import type { RequestHandler } from 'express'
import { pictureStyleFile } from '../../grader/report/svg/index.ts'
import { compressOnce, type CompressedOnce } from './compress-once.ts'
import { vendoredModules, withVendoredImports } from './vendored-modules.ts'

/**
 * The address of a file in `public/`, by its name without folders, with the hash of its content in
 * it, so that browsers keep it for ever and still see a new one at once. Throws for a file that is
 * not there.
 */
export function asset(name: string): string {
  const known = files().get(name)
  if (!known) throw new Error(`server/public/${name} is missing`)
  return `/static/${known.address}`
}

/** Serves those addresses. Everything is held in memory; no path is built from a request. */
export function serveAssets(): RequestHandler<{ file: string }> {
  const byAddress = new Map([...files().values()].map((file) => [file.address, file]))
  const contents = new Map<string, CompressedOnce>()
  return async (request, response, next) => {
    const file = byAddress.get(request.params.file) ?? vendored(request.params.file)
    if (!file) return next()
    const content = contents.get(request.params.file) ?? compressOnce(file.content)
    contents.set(request.params.file, content)
    response.set('Cache-Control', 'public, max-age=31536000, immutable').type(file.type)
    await content.send(response)
  }
}

let vendoredModulesOfEditor: ReturnType<typeof vendoredModules> | undefined

/** A module of the packages the editor is made of. */
function vendored(address: string): Omit<Asset, 'address'> | undefined {
  vendoredModulesOfEditor ??= vendoredModules(
    ['editor.js', 'typing-help.js']
      .map((name) => readFileSync(join(folder, 'editing', name), 'utf8'))
      .join('\n'),
  )
  const found = vendoredModulesOfEditor.get(address)
  return found && { type: types['.js']!, content: Buffer.from(found.content) }
}

interface Asset {
  readonly address: string
  readonly type: string
  readonly content: Buffer
}

let loaded: ReadonlyMap<string, Asset> | undefined

function files(): ReadonlyMap<string, Asset> {
  loaded ??= new Map([...sources().keys()].map((name) => [name, load(name)]))
  return loaded
}

const folder = join(import.meta.dirname, '../public')

/**
 * Where each file is: in `public/`, and the rules by which pictures are drawn, which files have
 * too.
 */
function sources(): Map<string, string> {
  const inside = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) =>
    join(folder, name),
  )
  return new Map(
    [...inside, pictureStyleFile]
      .filter((path) => extname(path) in types)
      .map((path) => [basename(path), path]),
  )
}

const types: Record<string, string> = {
  '.css': 'text/css',
  '.js': 'text/javascript',
  '.svg': 'image/svg+xml',
}

function load(name: string): Asset {
  const text = withVendoredImports(readFileSync(sources().get(name)!, 'utf8'))
  // All files are served from one folder; in the browser the imports have their hashes, too.
  const content = Buffer.from(
    text.replaceAll(
      /(?<=from '|import\(')\.{1,2}\/(?:[\w-]+\/)*([\w-]+\.js)(?=')/g,
      (_, other: string) => `./${load(other).address}`,
    ),
  )
  const hash = createHash('sha256').update(content).digest('base64url').slice(0, 10)
  const extension = extname(name)
  return {
    address: `${name.slice(0, -extension.length)}.${hash}${extension}`,
    type: types[extension]!,
    content,
  }
}
