import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { resolvePaths } from '../../course/paths.ts'
import { openPool } from '../../store/postgres/open-pool.ts'
import { StoreError } from '../../store/store-error.ts'
import { runScript } from '../../testing/run-script.ts'
import { installPostgres } from './install-postgres.ts'
import { findPostmaster, isAlive } from './postmaster.ts'
import { stopOwnServer, useOwnServer, type OwnServer } from './use-own-server.ts'

const home = mkdtempSync(join(tmpdir(), 'roundtrip-own-server-'))
const folder = join(home, 'class/postgres')
const data = join(folder, 'cluster/data')
const pidFile = join(data, 'postmaster.pid')
const { postgres } = resolvePaths({})
const told: string[] = []
const options = {
  folder,
  ours: [home, join(postgres, '..')],
  programs: () => installPostgres(postgres, { onProgress() {} }),
  onProgress: ({ text }: { text: string }) => void told.push(text),
  settings: ['fsync=off'],
}
const inUse: OwnServer[] = []
const use = async () => {
  const server = await useOwnServer(options)
  inUse.push(server)
  return server
}
const ask = async ({ url }: OwnServer, text: string) => {
  const pool = openPool(url, { max: 1 })
  try {
    return (await pool.query(text)).rows as unknown[]
  } finally {
    await pool.end()
  }
}
const errorOf = async (action: Promise<unknown>) => {
  const error = await action.catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(StoreError)
  return error as StoreError
}
/** Another process, which says its server's address, and releases it or is killed when it is told. */
const another = (end = 'await release(); process.exit()') =>
  runScript(
    `const { useOwnServer } = await import(args.useOwnServer)
    const { installPostgres } = await import(args.installPostgres)
    const onProgress = () => {}
    const programs = () => installPostgres(args.postgres, { onProgress })
    const { url, release } = await useOwnServer({ ...args.options, programs, onProgress })
    console.log(url)
    process.stdin.once('data', async () => { ${end} })`,
    {
      options,
      postgres,
      useOwnServer: import.meta.resolve('./use-own-server.ts'),
      installPostgres: import.meta.resolve('./install-postgres.ts'),
    },
  )

beforeAll(async () => {
  const server = await use()
  await ask(server, 'CREATE TABLE kept (text text)')
  await ask(server, "INSERT INTO kept VALUES ('é')")
})
afterEach(async () => {
  for (const { release } of inUse.splice(0)) await release()
})
afterAll(async () => {
  await stopOwnServer(folder)
  rmSync(home, { recursive: true, force: true })
})

test('making it is reported once, and starting it not at all', async () => {
  await use()
  expect(told).toEqual(["Making the class's database, once"])
})

test('a server is stopped when it is released, and what it holds is there the next time', async () => {
  const server = await use()
  const { pid } = findPostmaster(data)!
  await server.release()
  expect(isAlive(pid)).toBe(false)
  expect(existsSync(pidFile)).toBe(false)
  expect(await ask(await use(), 'SELECT text FROM kept')).toEqual([{ text: 'é' }])
})

test('it listens on loopback, wants the password, and is no other user’s', async () => {
  const server = await use()
  const wrong = Object.assign(new URL(server.url), { password: 'guessed' }).href
  await expect(ask({ ...server, url: wrong }, 'SELECT 1')).rejects.toThrow('password')
  expect(await ask(server, 'SHOW listen_addresses')).toEqual([{ listen_addresses: '127.0.0.1' }])
  expect(statSync(join(folder, 'cluster')).mode & 0o077).toBe(0)
  expect(statSync(join(folder, 'cluster/password')).mode & 0o077).toBe(0)
  expect(statSync(data).uid).not.toBe(0)
})

test('several processes share it, and the last one stops it', async () => {
  const others = [another(), another(), another()]
  await Promise.all(others.map(({ spoke }) => spoke))
  const server = await use()
  const { pid } = findPostmaster(data)!
  others[0]!.tell()
  others[1]!.tell()
  const urls = await Promise.all([others[0]!.output, others[1]!.output])
  expect(urls.map((url) => url.trim())).toEqual([server.url, server.url])
  await server.release()
  expect(isAlive(pid)).toBe(true)
  others[2]!.tell()
  await others[2]!.output
  expect(isAlive(pid)).toBe(false)
})

test('one whose process was killed is taken over', async () => {
  const killed = another("process.kill(process.pid, 'SIGKILL')")
  await killed.spoke
  killed.tell()
  await killed.output.catch(() => {})
  const { pid } = findPostmaster(data)!
  const server = await use()
  expect(findPostmaster(data)!.pid).toBe(pid)
  await server.release()
  expect(isAlive(pid)).toBe(false)
})

test('one that was killed itself starts again, and has lost nothing', async () => {
  const server = await use()
  await ask(server, 'CREATE TABLE written (a int)')
  const { pid } = findPostmaster(data)!
  process.kill(pid, 'SIGKILL')
  await expect.poll(() => isAlive(pid)).toBe(false)
  expect(existsSync(pidFile)).toBe(true)
  await server.release()
  expect(await ask(await use(), 'SELECT count(*) FROM written')).toEqual([{ count: 0 }])
})

test.each([
  ['of a process that is another’s now', `${process.pid}\n${data}\n0\n1\n\n127.0.0.1\n\nready\n`],
  ['without a byte', ''],
])('a file of a server %s does not keep it from starting', async (_, text) => {
  writeFileSync(pidFile, text)
  expect(await ask(await use(), 'SELECT text FROM kept')).toEqual([{ text: 'é' }])
})

test('two processes that begin at once start one server', async () => {
  const [one, two] = [another(), another()]
  await Promise.all([one.spoke, two.spoke])
  one.tell()
  two.tell()
  const urls = await Promise.all([one.output, two.output])
  expect(urls[0]).toBe(urls[1])
})

test.each([
  [
    '19',
    'newer-version',
    "The class's database was made by PostgreSQL 19, and this Roundtrip brings PostgreSQL 18",
    'Update Roundtrip',
  ],
  [
    '17',
    'newer-version',
    "The class's database was made by PostgreSQL 17, and this Roundtrip brings PostgreSQL 18",
    'pg_dump',
  ],
  ['', 'damaged', "The class's database is damaged", 'Put a copy of it back.'],
])(
  'a data folder of version %j is refused and left as it is',
  async (version, kind, message, remedy) => {
    const file = join(data, 'PG_VERSION')
    const own = readFileSync(file)
    writeFileSync(file, version)
    try {
      const error = await errorOf(use())
      expect(error.kind).toBe(kind)
      expect(error.message).toContain(message)
      expect(error.message).toContain(data)
      expect(error.remedy).toContain(remedy)
    } finally {
      writeFileSync(file, own)
    }
    await use()
  },
)

test('a damaged one says so, and names its log', async () => {
  const file = join(data, 'global/pg_control')
  const own = readFileSync(file)
  writeFileSync(file, Buffer.alloc(own.length, 0xff))
  try {
    const error = await errorOf(use())
    expect(error.kind).toBe('damaged')
    expect(error.remedy).toContain(join(folder, 'postgres.log'))
  } finally {
    writeFileSync(file, own)
  }
  await use()
})
