import { learnerStore, type Store } from './learner-store.ts'
import { openFile } from './sqlite/open-file.ts'
import { OWNER } from './sqlite/steps.ts'

export { StoreError, type StoreErrorKind } from './store-error.ts'
export type { Store } from './learner-store.ts'
export type { Learning, NewAnswer } from './learning.ts'
export type { NewSubmission, Submission, Submissions, SubmissionSummary } from './submissions.ts'

/** What the learner has done, in one file that the page and a command may write at once. */
export interface StoreFile extends Store {
  close(): void
}

export interface StoreOptions {
  /** How long to wait for another program's writing, in milliseconds. */
  readonly timeoutMs?: number
}

/** Opens the progress file, and makes it when it is not there. Throws StoreError. */
export function openStore(file: string, { timeoutMs = 5000 }: StoreOptions = {}): StoreFile {
  const database = openFile(file, timeoutMs)
  // SQLite counts what others wrote since by itself, and apart from that what was written here.
  const revision = async () => {
    const [others, own] = await Promise.all([
      database.query<{ version: number }>(
        'SELECT data_version AS version FROM pragma_data_version',
      ),
      database.query<{ changes: number }>('SELECT total_changes() AS changes'),
    ])
    return `${others[0]!.version}-${own[0]!.changes}`
  }
  return { ...learnerStore(database, OWNER, revision), close: database.close }
}
