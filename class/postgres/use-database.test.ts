import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { resolvePaths } from '../../course/paths.ts'
import { StoreError } from '../../store/store-error.ts'
import { openTestDatabase, type TestDatabase } from '../../testing/class/test-database.ts'
import { useDatabase } from './use-database.ts'

const paths = resolvePaths({ ROUNDTRIP_HOME: join(tmpdir(), 'roundtrip-never-made') })
const use = (url: string) => useDatabase({ env: { DATABASE_URL: url }, paths, onProgress() {} })
const errorOf = async (url: string) => {
  const error = await use(url).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(StoreError)
  return error as StoreError
}

let database: TestDatabase
beforeAll(async () => void (database = await openTestDatabase()))
afterAll(() => database.close())

test('the server that DATABASE_URL names is taken, and left alone', async () => {
  const used = await use(database.url)
  expect(used).toMatchObject({ url: database.url, isOwn: false })
  await used.release()
  expect((await database.pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
})

test.each(['localhost:5432', 'mysql://localhost/class', 'class', 'postgres//localhost'])(
  '%j is no address',
  async (url) => {
    const error = await errorOf(url)
    expect([error.kind, error.message]).toEqual([
      'unreachable',
      'DATABASE_URL is not the address of a PostgreSQL.',
    ])
    expect(error.remedy).toContain('postgres://user:password@host:5432/database')
  },
)

test('a port where nothing listens is named, and the password is not', async () => {
  const error = await errorOf('postgres://ada:secret@127.0.0.1:1/class')
  expect(error.kind).toBe('away')
  expect(error.message).toBe(
    'No PostgreSQL answers at 127.0.0.1:1/class (connect ECONNREFUSED 127.0.0.1:1).',
  )
  expect(JSON.stringify([error.message, error.remedy])).not.toContain('secret')
})

test('a name that is nowhere, too', async () => {
  const error = await errorOf('postgres://ada:secret@nowhere.invalid/class')
  expect(error.kind).toBe('away')
  expect(error.message).toContain('No PostgreSQL answers at nowhere.invalid:5432/class')
})

test('and something that is no PostgreSQL', async () => {
  const server = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    const { port } = server.address() as AddressInfo
    expect((await errorOf(`postgres://ada@127.0.0.1:${port}/class`)).kind).toBe('away')
  } finally {
    server.close()
  }
})

test.each<[string, Partial<URL>]>([
  ['user', { username: 'somebody' }],
  ['password', { password: 'guessed' }],
  ['database', { pathname: '/nothing' }],
])('a wrong %s is told', async (_, wrong) => {
  const url = Object.assign(new URL(database.url), wrong)
  const error = await errorOf(url.href)
  expect([error.kind, error.message]).toEqual([
    'unreachable',
    "The class's database refuses the user, the password or the name in DATABASE_URL.",
  ])
})
