import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { resolvePaths } from '../../../course/paths.ts'
import { trialFolder } from '../trial/trial.ts'
import { inBox, outside, withoutBox } from './run-probes.ts'

// Probes 1 to 4 and 8 to 12: files.

const { project, root } = resolvePaths()
const own = join(root, 'work/probe')

let here: string
let paths: { others: string; checks: string; solution: string; run: string; database: string }
let boxed: Record<string, any>
let free: Record<string, any>

describe.skipIf(withoutBox !== null)("a learner's program", () => {
  beforeAll(async () => {
    here = mkdtempSync(join(tmpdir(), 'roundtrip-probes-'))
    paths = {
      others: join(here, 'work/other/server.ts'),
      checks: join(here, 'exercise/checks.ts'),
      solution: join(here, 'exercise/solution/server.ts'),
      run: join(here, 'runs/0a1b2c3d/report.json'),
      database: join(here, 'roundtrip.sqlite'),
    }
    for (const path of Object.values(paths)) {
      mkdirSync(join(path, '..'), { recursive: true })
      writeFileSync(path, 'a secret')
    }
    // Nothing but the box keeps anybody from them.
    chmodSync(here, 0o755)
    const freely = join(here, 'free')
    mkdirSync(freely)
    writeFileSync(join(freely, 'probe.ts'), '// its own')
    const secrets = [...Object.values(paths), here, join(trialFolder, 'checks.ts'), trialFolder]
    const both = {
      readPaths: [...secrets, '/etc/passwd', '/etc/shadow', '/root', '/home', '/var', '/etc/ssl'],
      textOf: '/etc/passwd',
    }
    boxed = await inBox(
      {
        ...both,
        readThroughLinks: { folder: own, paths: secrets },
        writeInFolders: [
          '/usr',
          '/usr/bin',
          '/etc',
          '/',
          '/dev',
          '/proc',
          '/sys',
          own,
          '/tmp',
          join(project, 'node_modules'),
          join(project, 'node_modules/express'),
          project,
          join(root, 'work'),
        ],
        changeFile: join(own, 'probe.ts'),
        fillFolders: { folders: ['/tmp', '/', '/dev', '/dev/shm', own], most: 100 },
      },
      { dir: join(here, 'exercise') },
    )
    free = await outside({
      ...both,
      readThroughLinks: { folder: freely, paths: secrets },
      writeInFolders: [freely],
      changeFile: join(freely, 'probe.ts'),
      fillFolders: { folders: [freely], most: 100 },
    })
  }, 60_000)
  afterAll(() => rmSync(here, { recursive: true, force: true }))

  test.each([
    [1, "another learner's file", 'others'],
    [3, 'the checks', 'checks'],
    [3, 'the solution', 'solution'],
    [4, 'the report of a run', 'run'],
    [4, "a single learner's progress", 'database'],
  ] as const)('%i: does not see %s', (_, what, name) => {
    void what
    expect(boxed['readPaths'][paths[name]]).toBe('ENOENT')
    expect(boxed['readThroughLinks'][paths[name]]).toBe('ENOENT')
    expect(free['readPaths'][paths[name]]).toBe('read')
    expect(free['readThroughLinks'][paths[name]]).toBe('read')
  })

  test('3: does not see checks that the grader around it reads', () => {
    const checks = join(trialFolder, 'checks.ts')
    expect(boxed['readPaths'][checks]).toBe('ENOENT')
    expect(boxed['readThroughLinks'][checks]).toBe('ENOENT')
    expect(free['readPaths'][checks]).toBe('read')
  })

  test('2: sees names of its own in /etc/passwd, and nobody’s home', () => {
    expect(boxed['textOf']).toBe('learner:x:1000:1000:Learner:/tmp:/bin/sh\n')
    expect(free['textOf']).toContain('root:')
    const { readPaths } = boxed
    for (const path of ['/etc/shadow', '/root', '/home', '/var', '/etc/ssl'])
      expect([path, readPaths[path]]).toEqual([path, 'ENOENT'])
    expect(free['readPaths']['/home']).toBe('read')
  })

  test('8, 10: writes neither in the system nor in the packages', () => {
    const { [own]: ownFolder, '/tmp': temporary, ...others } = boxed['writeInFolders']
    expect([ownFolder, temporary]).toEqual(['written', 'written'])
    expect(Object.keys(others).length).toBe(11)
    for (const [path, got] of Object.entries(others))
      expect([path, got]).toEqual([path, expect.stringMatching(/^(EROFS|EACCES|ENOENT|EPERM)$/)])
    expect(Object.values(free['writeInFolders'])).toEqual(['written'])
  })

  test('9: changes none of the files that are graded', () => {
    expect(boxed['changeFile']).toEqual({
      append: 'EROFS',
      overwrite: 'EROFS',
      rename: 'EBUSY',
      remove: 'EBUSY',
    })
    expect(Object.values(free['changeFile'])).toEqual(['done', 'done', 'done', 'done'])
  })

  test('11, 12: fills no more than its share of memory with files', () => {
    const got = boxed['fillFolders']
    expect(got['/tmp']).toMatch(/^6[34] MB, then ENOSPC$/)
    expect(got['/dev/shm']).toMatch(/^1[56] MB, then ENOSPC$/)
    expect(got[own]).toMatch(/^6[34] MB, then ENOSPC$/)
    expect([got['/'], got['/dev']]).toEqual(['EROFS', 'EROFS'])
    expect(Object.values(free['fillFolders'])).toEqual(['100 MB'])
  })
})
