import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A module of an npm package, as the browser is given it: its own imports name addresses. */
export interface VendoredModule {
  /**
   * With the package's version in it, so that browsers keep it for ever and still see a new one at
   * once.
   */
  readonly address: string
  readonly content: string
}

/**
 * Names the npm packages that a browser-side module imports by the addresses under which they are
 * served. A browser knows no packages, and an import map would be an inline script, which the
 * page's Content-Security-Policy refuses.
 */
export function withVendoredImports(code: string): string {
  return code.replaceAll(PACKAGE_IMPORT, (_, specifier: string) => `./${addressOf(specifier)}`)
}

/**
 * Every module that `code` leads to, by address. Read when first asked for: nobody pays for an
 * editor that is not opened.
 */
export function vendoredModules(code: string): ReadonlyMap<string, VendoredModule> {
  const modules = new Map<string, VendoredModule>()
  const add = (specifier: string) => {
    const address = addressOf(specifier)
    if (modules.has(address)) return
    const original = readFileSync(fileURLToPath(import.meta.resolve(specifier)), 'utf8')
    modules.set(address, { address, content: withVendoredImports(original) })
    for (const [, next] of original.matchAll(PACKAGE_IMPORT)) add(next!)
  }
  for (const [, specifier] of code.matchAll(PACKAGE_IMPORT)) add(specifier!)
  return modules
}

/** The name in `from '@codemirror/state'` or `from "crelt"`. */
const PACKAGE_IMPORT =
  /(?<=^(?:import|export)\b[^'"]*from ['"])(@?[a-z][\w-]*(?:\/[\w-]+)?)(?=['"])/gm

function addressOf(specifier: string): string {
  const entry = fileURLToPath(import.meta.resolve(specifier))
  const folder = entry.slice(
    0,
    entry.lastIndexOf(join('node_modules', specifier)) + join('node_modules', specifier).length,
  )
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    version: string
  }
  return `${specifier.replace('@', '').replace('/', '-')}-${version}.js`
}
