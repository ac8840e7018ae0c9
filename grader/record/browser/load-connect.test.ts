import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { loadConnect } from './load-connect.ts'

let folder: string
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'connect-'))))
afterEach(() => rmSync(folder, { recursive: true }))

/** A project in a folder of this name, with a package that has Puppeteer's own `exports`. */
function project(name: string, client: string): string {
  const real = join(createRequire(import.meta.url).resolve('puppeteer-core'), '../../..')
  const root = join(folder, name)
  const files = {
    'package.json': readFileSync(join(real, 'package.json'), 'utf8'),
    'lib/puppeteer/puppeteer-core.js': '',
    'lib/puppeteer/puppeteer-core-browser.js': client,
  }
  for (const [path, content] of Object.entries(files)) {
    const file = join(root, 'node_modules/puppeteer-core', path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, content)
  }
  return pathToFileURL(join(root, 'grader.js')).href
}

it('loads what the browser is spoken to with', async () => {
  expect(await loadConnect()).toBeTypeOf('function')
})

it.each(['my*course', '***', 'a course', 'ünï', "it's"])(
  'finds it in a project whose folder is called %s',
  async (name) => {
    const from = project(name, 'export const connect = () => "connected"')
    const connect = (await loadConnect(from)) as unknown as () => string
    expect(connect()).toBe('connected')
  },
)

it.each(['export const connect = (', 'import { a from'])(
  'says that a package is damaged: %s',
  async (client) => {
    await expect(loadConnect(project('project', client))).rejects.toMatchObject({
      message: 'A package is damaged: node_modules/puppeteer-core',
      remedy: 'Install the packages again, then run this again:\n  npm ci',
    })
  },
)
