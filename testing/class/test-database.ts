import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { Pool } from 'pg'
import { installPostgres } from '../../class/postgres/install-postgres.ts'
import { useOwnServer } from '../../class/postgres/use-own-server.ts'
import { resolvePaths } from '../../course/paths.ts'
import { openPool } from '../../store/postgres/open-pool.ts'

export interface TestDatabase {
  readonly url: string
  readonly pool: Pool
  /** Ends the pool and removes the database. */
  close(): Promise<void>
}

/**
 * An empty database for one test file, about 50 ms, on the one server of this test run, which the
 * first that needs it starts, in 2 s. test/end-postgres.ts stops that server and removes it.
 */
export async function openTestDatabase(): Promise<TestDatabase> {
  const server = await testServer()
  const name = `test_${randomBytes(6).toString('hex')}`
  await administer(server, `CREATE DATABASE ${name}`)
  const url = Object.assign(new URL(server), { pathname: `/${name}` }).href
  const pool = openPool(url)
  return {
    url,
    pool,
    async close() {
      await pool.end()
      await administer(server, `DROP DATABASE ${name} WITH (FORCE)`)
    },
  }
}

async function testServer(): Promise<string> {
  // Named by test/end-postgres.ts.
  const folder = process.env['ROUNDTRIP_TEST_POSTGRES']
  if (!folder)
    throw new Error('This is no test run of vitest.config.ts, so nobody would stop the server.')
  const { postgres } = resolvePaths({})
  // Never released: every process of the run may need it, and test/end-postgres.ts ends it.
  const { url } = await useOwnServer({
    folder,
    ours: [folder, join(postgres, '..')],
    programs: () => installPostgres(postgres, { onProgress() {} }),
    onProgress() {},
    // What a power cut would leave does not matter here.
    outlives: true,
    settings: ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'],
  })
  return url
}

async function administer(server: string, statement: string): Promise<void> {
  const pool = openPool(server, { max: 1 })
  try {
    await pool.query(statement)
  } finally {
    await pool.end()
  }
}
