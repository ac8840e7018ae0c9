import { Pool, types, type PoolConfig } from 'pg'

/**
 * Connections to a class's database. What they give is what the queries of both databases expect:
 * times as ISO 8601 text, counts as numbers. A connection that breaks never ends the process: what
 * needs it next says so, and the one after that connects anew. `url` may hold a password.
 */
export function openPool(url: string, options: PoolConfig = {}): Pool {
  const pool = new Pool({
    connectionString: url,
    connectionTimeoutMillis: 5000,
    keepAlive: true,
    // Nothing that a request waits for takes longer, unless it hangs.
    statement_timeout: 30_000,
    lock_timeout: 5000,
    idle_in_transaction_session_timeout: 30_000,
    application_name: 'roundtrip',
    types: { getTypeParser },
    ...options,
  })
  // The idle ones, of which the pool takes leave by itself.
  pool.on('error', () => {})
  // Those in use: their query fails, and tells.
  pool.on('connect', (client) => client.on('error', () => {}))
  return pool
}

const parsers: Readonly<Record<number, (text: string) => unknown>> = {
  // int8: what count() gives.
  20: Number,
  // timestamptz
  1184: (text) => (types.getTypeParser(1184)(text) as Date).toISOString(),
}

function getTypeParser(oid: number, format?: 'text' | 'binary'): any {
  return format === 'binary'
    ? types.getTypeParser(oid, format)
    : (parsers[oid] ?? types.getTypeParser(oid))
}
