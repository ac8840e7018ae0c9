import { mkdirSync, readdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { explainFileError, FileError } from '../course/read/file-error.ts'
import { migrate } from './migrate.ts'
import { explainSqliteError, primaryCode, StoreError } from './store-error.ts'

const BEING_MADE_MS = 1000

/** SQLite with its errors in plain words. What is thrown is a StoreError. */
export interface Database {
  /** For statements that only read. */
  read<Result>(action: (db: DatabaseSync) => Result): Result
  /**
   * One transaction, which holds the only right to write from its start: it is kept whole, or not
   * at all.
   */
  write<Result>(action: (db: DatabaseSync) => Result): Result
  close(): void
}

/**
 * Opens or makes the file and brings its tables up to date. `timeoutMs` is how long to wait for
 * another program's writing.
 */
export function openDatabase(file: string, timeoutMs: number): Database {
  makeFolder(dirname(file))
  refuseEmptied(file)
  let db: DatabaseSync | undefined
  const explained = <Result>(action: () => Result): Result => {
    try {
      return action()
    } catch (error) {
      throw explainSqliteError(error, file, timeoutMs)
    }
  }
  try {
    return explained(() => {
      db = new DatabaseSync(file, { timeout: timeoutMs, enableForeignKeyConstraints: true })
      useWal(db, timeoutMs)
      migrate(db, file, transaction)
      const opened = db
      return {
        read: (action) => explained(() => action(opened)),
        write: (action) => explained(() => transaction(opened, () => action(opened))),
        close: () => opened.close(),
      }
    })
  } catch (error) {
    db?.close()
    throw error
  }
}

function transaction<Result>(db: DatabaseSync, action: () => Result): Result {
  db.exec('BEGIN IMMEDIATE')
  try {
    const result = action()
    db.exec('COMMIT')
    return result
  } catch (error) {
    // SQLite has rolled back by itself when the disk is full.
    if (db.isTransaction) db.exec('ROLLBACK')
    throw error
  }
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
