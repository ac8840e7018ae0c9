/** The learner whose progress file it is. */
export const OWNER = 'self'

/**
 * Step n leads from version n to n + 1. A step that was released is never changed: a new one is
 * added.
 */
export const steps: readonly string[] = [
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
  // The tables of a class's database (store/postgres/steps.ts), so that the statements are the same. The
  // files are copied before the submissions they belong to are removed, which removes them too.
  `
  ALTER TABLE submissions RENAME TO old_submissions;
  ALTER TABLE submission_files RENAME TO old_submission_files;
  ALTER TABLE answers RENAME TO old_answers;
  ALTER TABLE lesson_reads RENAME TO old_lesson_reads;
  ALTER TABLE hints_revealed RENAME TO old_hints_revealed;
  DROP INDEX submissions_of_exercise;
  DROP INDEX answers_to_question;

  CREATE TABLE submissions (
    id TEXT PRIMARY KEY,
    learner_id TEXT NOT NULL,
    exercise_id TEXT NOT NULL,
    purpose TEXT NOT NULL DEFAULT 'submit' CHECK (purpose IN ('run', 'submit')),
    submitted_at TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'judged'
  ) STRICT;
  CREATE INDEX submissions_of_learner ON submissions (learner_id, exercise_id, submitted_at);

  CREATE TABLE submission_files (
    submission_id TEXT NOT NULL REFERENCES submissions (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    path TEXT NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (submission_id, path)
  ) STRICT;

  CREATE TABLE judgements (
    id INTEGER PRIMARY KEY,
    submission_id TEXT NOT NULL REFERENCES submissions (id) ON DELETE CASCADE,
    checks_version TEXT NOT NULL,
    verdict TEXT NOT NULL CHECK (verdict IN ('passed', 'failed', 'errored')),
    passed_checks INTEGER NOT NULL,
    total_checks INTEGER NOT NULL,
    run TEXT NOT NULL,
    report TEXT NOT NULL,
    evidence_gz BLOB NOT NULL,
    judged_at TEXT NOT NULL,
    current INTEGER NOT NULL CHECK (current IN (0, 1)),
    UNIQUE (submission_id, checks_version)
  ) STRICT;
  CREATE UNIQUE INDEX judgement_that_counts ON judgements (submission_id) WHERE current;
  CREATE INDEX judgements_of_run ON judgements (run);

  CREATE TABLE answers (
    id INTEGER PRIMARY KEY,
    learner_id TEXT NOT NULL,
    question_id TEXT NOT NULL,
    option TEXT NOT NULL,
    correct INTEGER NOT NULL CHECK (correct IN (0, 1)),
    answered_at TEXT NOT NULL
  ) STRICT;
  CREATE INDEX answers_to_question ON answers (learner_id, question_id);

  CREATE TABLE lesson_reads (
    learner_id TEXT NOT NULL,
    lesson_id TEXT NOT NULL,
    fraction REAL NOT NULL CHECK (fraction BETWEEN 0 AND 1),
    at TEXT NOT NULL,
    PRIMARY KEY (learner_id, lesson_id)
  ) STRICT;

  CREATE TABLE hints_revealed (
    id INTEGER PRIMARY KEY,
    learner_id TEXT NOT NULL,
    exercise_id TEXT NOT NULL,
    place INTEGER NOT NULL,
    UNIQUE (learner_id, exercise_id, place)
  ) STRICT;

  INSERT INTO submissions (id, learner_id, exercise_id, submitted_at)
    SELECT id, '${OWNER}', exercise_id, submitted_at FROM old_submissions ORDER BY rowid;
  INSERT INTO judgements (submission_id, checks_version, verdict, passed_checks, total_checks, run, report,
      evidence_gz, judged_at, current)
    SELECT id, '', verdict, passed_checks, total_checks, run, report, evidence_gz, submitted_at, TRUE
    FROM old_submissions ORDER BY rowid;
  INSERT INTO submission_files (submission_id, position, path, content)
    SELECT submission_id, row_number() OVER (PARTITION BY submission_id ORDER BY rowid) - 1, path, content
    FROM old_submission_files;
  INSERT INTO answers (id, learner_id, question_id, option, correct, answered_at)
    SELECT id, '${OWNER}', question_id, option, correct, answered_at FROM old_answers;
  INSERT INTO lesson_reads (learner_id, lesson_id, fraction, at)
    SELECT '${OWNER}', lesson_id, fraction, at FROM old_lesson_reads;
  INSERT INTO hints_revealed (id, learner_id, exercise_id, place)
    SELECT id, '${OWNER}', exercise_id, place FROM old_hints_revealed;

  DROP TABLE old_submission_files;
  DROP TABLE old_submissions;
  DROP TABLE old_answers;
  DROP TABLE old_lesson_reads;
  DROP TABLE old_hints_revealed;
  `,
]
