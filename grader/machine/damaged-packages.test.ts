import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { damagedPackages } from './damaged-packages.ts'

let project: string
beforeEach(() => void (project = mkdtempSync(join(tmpdir(), 'packages-'))))
afterEach(() => rmSync(project, { recursive: true }))

function put(path: string, content: string): string {
  const file = join(project, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, content)
  return file
}

/** What damagedPackages() makes of the error with which this file is loaded by Node itself. */
function loading(file: string): { message: string; remedy: string } | null {
  const ours = pathToFileURL(join(import.meta.dirname, 'damaged-packages.ts'))
  const script = `import { damagedPackages } from ${JSON.stringify(ours)}
    const found = await import(${JSON.stringify(pathToFileURL(file))}).then(() => 'loaded', (error) => damagedPackages(error, ${JSON.stringify(project)}))
    console.log(JSON.stringify(found && { message: found.message, remedy: found.remedy }))`
  const run = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
  })
  expect(run.stderr).toBe('')
  return JSON.parse(run.stdout)
}

describe('an error that loading ended with', () => {
  beforeEach(() => {
    put('package.json', '{"type":"module"}')
    put('node_modules/one/package.json', '{"type":"module","exports":"./index.js"}')
    put('node_modules/one/index.js', "import './part.js'")
    put('node_modules/one/part.js', '')
    put('grader/uses.js', "import 'one'")
  })

  it('names the file of a package that is missing, and npm ci', () => {
    rmSync(join(project, 'node_modules/one/part.js'))
    expect(loading(join(project, 'grader/uses.js'))).toEqual({
      message: 'A file of the packages is missing: node_modules/one/part.js',
      remedy: 'Install the packages again, then run this again:\n  npm ci',
    })
  })

  it.each([
    ['its entry', 'node_modules/one/index.js', /node_modules\/one\/index\.js$/],
    ['a whole package', 'node_modules/one', /node_modules\/one$/],
  ])('names %s', (_, path, words) => {
    rmSync(join(project, path), { recursive: true })
    expect(loading(join(project, 'grader/uses.js'))?.message).toMatch(words)
  })

  it('says nothing of files that are not in a package', () => {
    expect(loading(put('exercises/x/checks.js', "import './missing.js'"))).toBeNull()
    expect(loading(put('exercises/x/checks.js', "import 'unknown-package'"))).toBeNull()
    expect(loading(put('exercises/x/checks.js', 'const {'))).toBeNull()
  })

  it.each([new Error('other'), Object.assign(new Error(), { code: 'EACCES' }), 'text', null])(
    'says nothing of %s',
    (error) => expect(damagedPackages(error, project)).toBeNull(),
  )
})
