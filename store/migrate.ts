import type { DatabaseSync } from 'node:sqlite'
import { StoreError } from './store-error.ts'

/**
 * Step n leads from version n to n + 1. A step that was released is never changed: a new one is
 * added.
 */
const steps: readonly string[] = [
  `
  CREATE TABLE submissions (
    id TEXT PRIMARY KEY,
    exercise_id TEXT NOT NULL,
    submitted_at TEXT NOT NULL,
    verdict TEXT NOT NULL CHECK (verdict IN ('passed', 'failed', 'errored')),
    passed_checks INTEGER NOT NULL,
    total_checks INTEGER NOT NULL,
    run TEXT NOT NULL UNIQUE,
    report TEXT NOT NULL,
    evidence_gz BLOB NOT NULL
  ) STRICT;
  CREATE INDEX submissions_of_exercise ON submissions (exercise_id);

  CREATE TABLE submission_files (
    submission_id TEXT NOT NULL REFERENCES submissions (id) ON DELETE CASCADE,
    path TEXT NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (submission_id, path)
  ) STRICT;

  CREATE TABLE answers (
    id INTEGER PRIMARY KEY,
    question_id TEXT NOT NULL,
    option TEXT NOT NULL,
    correct INTEGER NOT NULL CHECK (correct IN (0, 1)),
    answered_at TEXT NOT NULL
  ) STRICT;
  CREATE INDEX answers_to_question ON answers (question_id);

  CREATE TABLE lesson_reads (
    lesson_id TEXT PRIMARY KEY,
    fraction REAL NOT NULL CHECK (fraction BETWEEN 0 AND 1),
    at TEXT NOT NULL
  ) STRICT;

  CREATE TABLE hints_shown (
    exercise_id TEXT PRIMARY KEY,
    count INTEGER NOT NULL
  ) STRICT;
  `,
  // Hints are shown in an order that depends on what failed, so a number of them no longer says
  // which.
  `
  CREATE TABLE hints_revealed (
    id INTEGER PRIMARY KEY,
    exercise_id TEXT NOT NULL,
    place INTEGER NOT NULL,
    UNIQUE (exercise_id, place)
  ) STRICT;
  WITH RECURSIVE places (exercise_id, place, count) AS (
    SELECT exercise_id, 0, count FROM hints_shown WHERE count > 0
    UNION ALL SELECT exercise_id, place + 1, count FROM places WHERE place + 1 < count
  )
  INSERT INTO hints_revealed (exercise_id, place) SELECT exercise_id, place FROM places ORDER BY exercise_id, place;
  DROP TABLE hints_shown;
  `,
]

/**
 * Brings the tables up to date, each step in a transaction of its own. Throws StoreError for a file
 * of a newer Roundtrip.
 */
export function migrate(
  db: DatabaseSync,
  file: string,
  transaction: (db: DatabaseSync, action: () => void) => void,
): void {
  while (versionOf(db) !== steps.length) {
    refuseNewer(versionOf(db), file)
    transaction(db, () => {
      // Another program may have taken this step since.
      const version = versionOf(db)
      const step = steps[version]
      if (step !== undefined) db.exec(`${step}; PRAGMA user_version = ${version + 1}`)
    })
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
