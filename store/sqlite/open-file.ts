import { mkdirSync, readdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { explainFileError, FileError } from '../../course/read/file-error.ts'
import { migrateFile } from './migrate-file.ts'
import type { SqlDatabase, SqlValue, Statement, Steps } from '../sql.ts'
import { StoreError } from '../store-error.ts'
import { explainSqliteError, primaryCode } from './explain-sqlite-error.ts'

const BEING_MADE_MS = 1000

/** The progress file as a database. */
export interface DatabaseFile extends SqlDatabase {
  close(): void
}

/**
 * Opens or makes the file and brings its tables up to date. `timeoutMs` is how long to wait for
 * another program's writing. Throws StoreError.
 */
export function openFile(file: string, timeoutMs: number): DatabaseFile {
  makeFolder(dirname(file))
  refuseEmptied(file)
  let db: DatabaseSync | undefined
  try {
    db = new DatabaseSync(file, { timeout: timeoutMs, enableForeignKeyConstraints: true })
    useWal(db, timeoutMs)
    migrateFile(db, file)
  } catch (error) {
    db?.close()
    throw explainSqliteError(error, file, timeoutMs)
  }
  const opened = db
  const explained = async <Result>(action: () => Result): Promise<Result> => {
    try {
      return action()
    } catch (error) {
      throw explainSqliteError(error, file, timeoutMs)
    }
  }
  return {
    query: <Row extends object>(text: string, values: readonly SqlValue[] = []) =>
      explained(() => run(opened, { text, values }) as Row[]),
    transaction: (steps) => explained(() => transaction(opened, steps)),
    close: () => opened.close(),
  }
}

function transaction<Result>(db: DatabaseSync, steps: () => Steps<Result>): Result {
  db.exec('BEGIN IMMEDIATE')
  try {
    const running = steps()
    let next = running.next()
    while (!next.done) next = running.next(run(db, next.value))
    db.exec('COMMIT')
    return next.value
  } catch (error) {
    // SQLite has rolled back by itself when the disk is full.
    if (db.isTransaction) db.exec('ROLLBACK')
    throw error
  }
}

function run(db: DatabaseSync, { text, values }: Statement): object[] {
  return db.prepare(text).all(bound(values))
}

/** By name: SQLite numbers what it is given by the first place at which each appears. */
function bound(values: readonly SqlValue[]): Record<string, string | number | null | Uint8Array> {
  return Object.fromEntries(
    values.map((value, at) => [`$${at + 1}`, typeof value === 'boolean' ? Number(value) : value]),
  )
}

// The mode stays with the file. Changing to it does not wait for others by itself: two programs may
// make the file at once.
function useWal(db: DatabaseSync, timeoutMs: number): void {
  const deadline = performance.now() + timeoutMs
  for (;;) {
    try {
      db.exec('PRAGMA journal_mode = WAL')
      return
    } catch (error) {
      if (primaryCode(error) !== 5 || performance.now() > deadline) throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20)
    }
  }
}

/**
 * SQLite takes a file without a byte for a new one. Where runs are kept beside it, it once held
 * more: a full disk or a power cut took that, and to begin anew without a word would hide it.
 */
function refuseEmptied(file: string): void {
  const isEmpty = () => statSync(file, { throwIfNoEntry: false })?.size === 0
  const hasRuns = () => readEntries(join(dirname(file), 'runs')).length > 0
  if (!isEmpty() || !hasRuns()) return
  // Another program may be making it at this moment.
  const deadline = performance.now() + BEING_MADE_MS
  while (isEmpty()) {
    if (performance.now() > deadline)
      throw new StoreError(
        'damaged',
        `The progress file is empty, but runs are kept beside it: ${file}`,
        'Put a copy of it back. Without one, remove it, and a new one is made.',
      )
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20)
  }
}

function readEntries(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true })
  } catch (error) {
    const explained = explainFileError(error, `make the folder ${folder}`)
    throw explained instanceof FileError
      ? new StoreError('unreachable', explained.message, explained.remedy, error)
      : explained
  }
}
