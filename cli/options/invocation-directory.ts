import { existsSync } from 'node:fs'
import { resolve } from 'node:path'

/**
 * The folder in which the person typed: npm runs a script in the project's own, and says in
 * INIT_CWD where it was asked to.
 */
export function invocationDirectory(): string {
  return process.env['INIT_CWD'] ?? process.cwd()
}

/**
 * A file or folder that a person named: seen from where they typed; else from the project's folder,
 * as the pages write it.
 */
export function resolveUserPath(path: string): string {
  const seen = resolve(invocationDirectory(), path)
  return existsSync(seen) ? seen : resolve(path)
}
