import type { DatabaseSync } from 'node:sqlite'
import { StoreError } from '../store-error.ts'
import { steps } from './steps.ts'

/**
 * Brings the tables up to date, each step in a transaction of its own. Throws StoreError for a file
 * of a newer Roundtrip.
 */
export function migrateFile(db: DatabaseSync, file: string): void {
  while (versionOf(db) !== steps.length) {
    refuseNewer(versionOf(db), file)
    db.exec('BEGIN IMMEDIATE')
    try {
      // Another program may have taken this step since.
      const version = versionOf(db)
      const step = steps[version]
      if (step !== undefined) db.exec(`${step}; PRAGMA user_version = ${version + 1}`)
      db.exec('COMMIT')
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK')
      throw error
    }
  }
}

function refuseNewer(version: number, file: string): void {
  if (version <= steps.length) return
  throw new StoreError(
    'newer-version',
    `${file} was written by a newer Roundtrip: it has version ${version}, and this one knows ${steps.length}.`,
    'Update Roundtrip (git pull, npm ci), or set ROUNDTRIP_HOME to another folder.',
  )
}

function versionOf(db: DatabaseSync): number {
  return Number(db.prepare('PRAGMA user_version').get()?.user_version)
}
