import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import type { connect } from 'puppeteer'
import { damagedPackages, REINSTALL } from '../../machine/damaged-packages.ts'
import { GraderError } from '../../types/errors.ts'

/**
 * Loads Puppeteer's `connect()`, from the entry that it has for use inside browsers: the same
 * without the launcher, in half the time.
 * `from`: the address of a file that sees the package.
 * @throws GraderError when a file of the packages is missing or damaged
 */
export async function loadConnect(from = import.meta.url): Promise<typeof connect> {
  try {
    // By its address: in a subpath pattern of `exports`, Node replaces each `*` of the whole path,
    // so that a project in a folder with a `*` in its name would not find it.
    const main = pathToFileURL(createRequire(from).resolve('puppeteer-core'))
    const client: { connect: unknown } = await import(
      new URL('puppeteer-core-browser.js', main).href
    )
    return client.connect as typeof connect
  } catch (error) {
    if (error instanceof SyntaxError)
      throw new GraderError('A package is damaged: node_modules/puppeteer-core', REINSTALL, {
        cause: error,
      })
    throw damagedPackages(error) ?? error
  }
}
