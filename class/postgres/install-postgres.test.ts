import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { spawnSync } from 'node:child_process'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { FileError } from '../../course/read/file-error.ts'
import { StoreError } from '../../store/store-error.ts'
import { installPostgres } from './install-postgres.ts'
import { requireRoom } from './require-room.ts'

let folder: string
let told: string[]
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'roundtrip-install-postgres-'))
  told = []
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true, force: true })
})
const install = (signal?: AbortSignal) =>
  installPostgres(join(folder, 'postgres'), {
    onProgress: ({ text }) => void told.push(text),
    ...(signal && { signal }),
  })

test('the programs are fetched once, whole, by whoever comes first', async () => {
  const [one, two] = await Promise.all([install(), install()])
  expect(two).toEqual(one)
  expect(told.filter((text) => text.startsWith('Fetching PostgreSQL'))).not.toEqual([])
  for (const program of [one.initdb, one.postgres]) {
    const { status, stdout } = spawnSync(program, ['--version'], { encoding: 'utf8' })
    expect({ status, stdout }).toEqual({ status: 0, stdout: expect.stringMatching(/ 18\.4\n$/) })
  }
  // Nothing else is left there.
  expect(readdirSync(join(folder, 'postgres'))).toHaveLength(1)
  const made = statSync(one.postgres).mtimeMs
  told = []
  expect(await install()).toEqual(one)
  expect(told).toEqual([])
  expect(statSync(one.postgres).mtimeMs).toBe(made)
})

test('without a network it says so, and leaves nothing behind', async () => {
  vi.stubEnv('npm_config_registry', 'http://127.0.0.1:1/')
  vi.stubEnv('npm_config_cache', join(folder, 'cache'))
  const error: unknown = await install().catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(StoreError)
  const { kind, message, remedy } = error as StoreError
  expect(kind).toBe('unreachable')
  expect(message).toMatch(/^PostgreSQL cannot be fetched\. npm: .*ECONNREFUSED/)
  expect(remedy).toMatch(/^Check the network, then run this again, or set DATABASE_URL/)
  expect(readdirSync(join(folder, 'postgres'))).toEqual([])
})

test('a stop is a stop', async () => {
  const stop = new AbortController()
  stop.abort(new Error('Ctrl-C'))
  await expect(install(stop.signal)).rejects.toThrow('Ctrl-C')
})

test('a file where its folder should be is named', async () => {
  writeFileSync(join(folder, 'postgres'), '')
  const error: unknown = await install().catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(FileError)
  expect((error as FileError).message).toContain(join(folder, 'postgres'))
})

test('what is half there is fetched anew', async () => {
  const half = join(folder, 'postgres/18.4.0-beta.17/bin')
  mkdirSync(half, { recursive: true })
  writeFileSync(join(half, 'initdb'), '')
  expect(existsSync((await install()).postgres)).toBe(true)
})

test('a full disk is noticed before anything is begun', () => {
  const full = () => ({ bytes: 3e6, files: Infinity })
  expect(() => requireRoom(join(folder, 'not/there'), 200e6, 'It cannot be made', full)).toThrow(
    `It cannot be made, because the disk is full: 3 MB left in ${folder}.`,
  )
  expect(() => requireRoom(folder, 3e6, 'It cannot be made', full)).not.toThrow()
})
