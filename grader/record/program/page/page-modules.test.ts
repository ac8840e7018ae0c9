import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { importsIt, missingModule, moduleAt } from './page-modules.ts'

const root = mkdtempSync(join(tmpdir(), 'roundtrip-modules-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
const dir = join(root, 'work')
for (const path of [
  'work/page.ts',
  'work/partner.ts',
  'work/partner.api.ts',
  'work/data.json',
  'work/lib/partner.mts',
  'work/lib/index.js',
  'work/a b/ü.ts',
  'work/notes.txt',
  'work/.secret.ts',
  'work/.git/config.js',
  'outside.ts',
  'workshop/near.ts',
  'linked/page.ts',
  'linked/beside.ts',
]) {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), '')
}
symlinkSync(join(root, 'outside.ts'), join(dir, 'leads-out.ts'))
symlinkSync('partner.ts', join(dir, 'leads-in.ts'))
symlinkSync(join(root, 'workshop'), join(dir, 'folder-out'))

describe('moduleAt', () => {
  test.each([
    ['/partner.ts', 'partner.ts'],
    ['/partner.api.ts', 'partner.api.ts'],
    ['/data.json', 'data.json'],
    ['/lib/partner.mts', 'lib/partner.mts'],
    ['/lib/index.js', 'lib/index.js'],
    ['/a%20b/%C3%BC.ts', 'a b/ü.ts'],
    ['/leads-in.ts', 'leads-in.ts'],
  ])('%s is %s', (path, file) => {
    expect(moduleAt(dir, 'page.ts', path)).toBe(join(dir, file))
  })

  test.each([
    '/',
    '/lib',
    '/lib/',
    '/nothing.ts',
    '/partner',
    '/notes.txt',
    '/.secret.ts',
    '/.git/config.js',
    '/../outside.ts',
    '/lib/../../outside.ts',
    '/%2e%2e/outside.ts',
    '/..%2foutside.ts',
    '/lib%2fpartner.mts',
    '/..%5coutside.ts',
    '//outside.ts',
    '/partner.ts%00',
    '/%00.ts',
    '/%.ts',
    '/leads-out.ts',
    '/folder-out/near.ts',
  ])('%s is nothing', (path) => {
    expect(moduleAt(dir, 'page.ts', path)).toBeUndefined()
  })

  test('a script that is a link may import from beside its file', () => {
    const links = join(root, 'links')
    mkdirSync(links)
    symlinkSync(join(root, 'linked/page.ts'), join(links, 'page.ts'))
    expect(moduleAt(links, 'page.ts', '/beside.ts')).toBe(join(root, 'linked/beside.ts'))
    expect(moduleAt(links, 'page.ts', '/../outside.ts')).toBeUndefined()
  })
})

describe('missingModule', () => {
  test.each([
    ['/page.js', '/partner', "page.ts imports './partner'", "Write './partner.ts'"],
    ['/page.js', '/partner.js', "page.ts imports './partner.js'", "Write './partner.ts'"],
    ['/page.js', '/lib', "page.ts imports './lib'", "Write './lib/index.js'"],
    ['/page.js', '/lib/', "page.ts imports './lib'", "Write './lib/index.js'"],
    ['/page.js', '/a%20b/%C3%BC', "page.ts imports './a b/ü'", "Write './a b/ü.ts'"],
    ['/lib/partner.mts', '/data', "lib/partner.mts imports '../data'", "Write '../data.json'"],
    ['/lib/partner.mts', '/lib/page', "lib/partner.mts imports './page'", 'no such file'],
    ['/page.js', '/leads-out.ts', "page.ts imports './leads-out.ts'", 'no such file'],
    ['/page.js', '/%', "page.ts imports './%'", 'no such file'],
  ])('%s asks for %s', (importer, path, imports, advice) => {
    const say = missingModule({ dir, entry: 'page.ts' }, importer, path)
    expect(say).toContain(`${imports}, which was not found. `)
    expect(say).toContain(advice)
  })
})

describe('importsIt', () => {
  test.each([
    ["import a from 'lodash'", true],
    ["import 'lodash'", true],
    ['export { a } from"lodash"', true],
    ["const a = await import( 'lodash')", true],
    ["import a from 'lodash/get'", false],
    ["import a from './lodash'", false],
    ["const a = ['lodash']", false],
    ["const reimport = 'lodash'", false],
  ])('%s: %s', (source, expected) => {
    expect(importsIt(source, 'lodash')).toBe(expected)
  })
})
