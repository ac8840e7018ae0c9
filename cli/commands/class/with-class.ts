import type { Pool } from 'pg'
import { useDatabase } from '../../../class/postgres/use-database.ts'
import { resolvePaths } from '../../../course/paths.ts'
import { explainPostgresError } from '../../../store/postgres/explain-postgres-error.ts'
import { migrateClass } from '../../../store/postgres/migrate-class.ts'
import { openPool } from '../../../store/postgres/open-pool.ts'
import type { ExitCode } from '../../exit-code.ts'
import { interruptible } from '../../interrupt.ts'
import { createStatusLine } from '../../terminal/status-line.ts'

/** A command of a teacher: one statement after another, and one connection that hears of changes. */
const CONNECTIONS = 4

/**
 * Does something with the database of the class, which may be served meanwhile: a server of our own
 * is shared with that process, and stopped only when no other uses it.
 * @throws StoreError, FileError, Interrupted, or what `work` throws
 */
export function withClass(
  work: (pool: Pool, signal: AbortSignal) => Promise<ExitCode>,
): Promise<ExitCode> {
  return interruptible(async (signal) => {
    const status = createStatusLine()
    const onProgress = ({ text }: { text: string }) => status.show(text)
    const database = await useDatabase({
      env: process.env,
      paths: resolvePaths(),
      onProgress,
      signal,
    }).finally(() => status.clear())
    const pool = openPool(database.url, { max: CONNECTIONS })
    try {
      await migrateClass(pool)
      return await work(pool, signal)
    } catch (error) {
      throw explainPostgresError(error)
    } finally {
      await pool.end()
      await database.release()
    }
  })
}
