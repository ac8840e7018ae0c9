import type { StatementSync } from 'node:sqlite'
import type { Records } from '../course/progress/progress.ts'
import { openDatabase, type Database } from './database.ts'
import { keepLearning, type Learning } from './learning.ts'
import { keepSubmissions, type Submissions } from './submissions.ts'

export { StoreError, type StoreErrorKind } from './store-error.ts'
export type { Learning, NewAnswer } from './learning.ts'
export type { NewSubmission, Submission, Submissions, SubmissionSummary } from './submissions.ts'

/**
 * What the learner has done, in one file that the page and a command may write at once. Every
 * method throws StoreError.
 */
export interface Store extends Submissions, Learning {
  /** What `courseProgress` asks for. */
  records(): Records
  /** Another text whenever something here was written since, by whichever program. */
  revision(): string
  close(): void
}

export interface StoreOptions {
  /** How long to wait for another program's writing, in milliseconds. */
  readonly timeoutMs?: number
}

/** Opens the progress file, and makes it when it is not there. Throws StoreError. */
export function openStore(file: string, { timeoutMs = 5000 }: StoreOptions = {}): Store {
  const opened = openDatabase(file, timeoutMs)
  let others: StatementSync | undefined
  let written = 0
  const database: Database = {
    ...opened,
    write(action) {
      written++
      return opened.write(action)
    },
  }
  const submissions = keepSubmissions(database)
  const learning = keepLearning(database)
  return {
    ...submissions,
    ...learning,
    records: () => ({
      answers: learning.answers(),
      verdicts: [...submissions.bestVerdicts().values()],
      reads: learning.lessonReads(),
    }),
    // SQLite counts what others wrote since; what was written here does not count as such.
    revision: () =>
      opened.read(
        (db) => `${(others ??= db.prepare('PRAGMA data_version')).get()?.data_version}-${written}`,
      ),
    close: () => database.close(),
  }
}
