import { existsSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Names a folder for the PostgreSQL that the processes of this test run share, and which the first
 * that needs it starts. Ends it after the last one. Loads nothing before: most runs need none.
 */
export function setup(): () => Promise<void> {
  const folder = join(tmpdir(), `roundtrip-postgres-${process.pid}`)
  process.env['ROUNDTRIP_TEST_POSTGRES'] = folder
  return async () => {
    if (!existsSync(folder)) return
    const { stopOwnServer } = await import('../class/postgres/use-own-server.ts')
    await stopOwnServer(folder)
    rmSync(folder, { recursive: true, force: true })
  }
}
