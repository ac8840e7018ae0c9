/**
 * Step n leads from version n to n + 1. A step that was released is never changed: a new one is
 * added. Times are UTC with milliseconds where a program of ours writes them.
 */
export const steps: readonly string[] = [
  `
  CREATE TABLE settings (name text PRIMARY KEY, value text NOT NULL);

  CREATE TABLE learners (
    id text PRIMARY KEY,
    name text NOT NULL,
    -- the school's own
    roster_id text UNIQUE,
    role text NOT NULL CHECK (role IN ('learner', 'teacher')),
    -- HMAC-SHA-256 of the normalised code; null: revoked
    code_hmac bytea UNIQUE,
    created_at timestamptz NOT NULL DEFAULT now(),
    code_issued_at timestamptz NOT NULL DEFAULT now(),
    first_login_at timestamptz
  );

  CREATE TABLE sessions (
    -- SHA-256 of the cookie's value
    token_hash bytea PRIMARY KEY,
    learner_id text NOT NULL REFERENCES learners ON DELETE CASCADE,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL
  );
  CREATE INDEX sessions_of_learner ON sessions (learner_id);
  CREATE INDEX sessions_by_end ON sessions (expires_at);

  CREATE TABLE assignments (
    exercise_id text PRIMARY KEY,
    opens_at timestamptz,
    due_at timestamptz
  );
  CREATE TABLE extensions (
    learner_id text NOT NULL REFERENCES learners ON DELETE CASCADE,
    exercise_id text NOT NULL,
    due_at timestamptz NOT NULL,
    PRIMARY KEY (learner_id, exercise_id)
  );

  -- what a learner has in the page's editor
  CREATE TABLE work_files (
    learner_id text NOT NULL REFERENCES learners ON DELETE CASCADE,
    exercise_id text NOT NULL,
    path text NOT NULL,
    content bytea NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (learner_id, exercise_id, path)
  );

  CREATE TABLE submissions (
    id text PRIMARY KEY,
    learner_id text NOT NULL REFERENCES learners ON DELETE CASCADE,
    exercise_id text NOT NULL,
    purpose text NOT NULL DEFAULT 'submit' CHECK (purpose IN ('run', 'submit')),
    submitted_at timestamptz NOT NULL DEFAULT now(),
    state text NOT NULL DEFAULT 'judged'
      CHECK (state IN ('waiting', 'grading', 'judged', 'errored', 'superseded')),
    -- of the grading; a new one begins the events anew
    attempt integer NOT NULL DEFAULT 0,
    started_at timestamptz,
    -- why it erred, for the teacher
    trouble text
  );
  CREATE INDEX submissions_of_learner ON submissions (learner_id, exercise_id, submitted_at);
  CREATE INDEX submissions_of_exercise ON submissions (exercise_id, learner_id);
  CREATE INDEX submissions_under_way ON submissions (state, submitted_at)
    WHERE state IN ('waiting', 'grading');

  CREATE TABLE submission_files (
    submission_id text NOT NULL REFERENCES submissions ON DELETE CASCADE,
    position integer NOT NULL,
    path text NOT NULL,
    content bytea NOT NULL,
    PRIMARY KEY (submission_id, path)
  );

  CREATE TABLE judgements (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    submission_id text NOT NULL REFERENCES submissions ON DELETE CASCADE,
    -- hash of the exercise's checks, its scenarios and the grader's version
    checks_version text NOT NULL,
    verdict text NOT NULL CHECK (verdict IN ('passed', 'failed', 'errored')),
    passed_checks integer NOT NULL,
    total_checks integer NOT NULL,
    run text NOT NULL,
    report text NOT NULL,
    evidence_gz bytea NOT NULL,
    judged_at timestamptz NOT NULL DEFAULT now(),
    -- the one that counts; a regrade's is beside it until it is published
    current boolean NOT NULL,
    UNIQUE (submission_id, checks_version)
  );
  CREATE UNIQUE INDEX judgement_that_counts ON judgements (submission_id) WHERE current;
  CREATE INDEX judgements_of_run ON judgements (run);

  CREATE TABLE check_results (
    judgement_id bigint NOT NULL REFERENCES judgements ON DELETE CASCADE,
    check_id text NOT NULL,
    -- the order of the checks
    position integer NOT NULL,
    title text NOT NULL,
    outcome text NOT NULL,
    diagnosis text,
    PRIMARY KEY (judgement_id, check_id)
  );

  -- the events of a submission's grading, as JSON
  CREATE UNLOGGED TABLE run_events (
    submission_id text NOT NULL,
    number integer NOT NULL,
    event text NOT NULL,
    PRIMARY KEY (submission_id, number)
  );

  CREATE TABLE workers (
    id text PRIMARY KEY,
    host text NOT NULL,
    -- for gradings that take the processor, and for those that mostly wait
    slots integer NOT NULL,
    timed_slots integer NOT NULL,
    started_at timestamptz NOT NULL,
    seen_at timestamptz NOT NULL
  );

  CREATE TABLE answers (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    learner_id text NOT NULL REFERENCES learners ON DELETE CASCADE,
    question_id text NOT NULL,
    option text NOT NULL,
    correct boolean NOT NULL,
    answered_at timestamptz NOT NULL
  );
  CREATE INDEX answers_to_question ON answers (learner_id, question_id);

  CREATE TABLE lesson_reads (
    learner_id text NOT NULL REFERENCES learners ON DELETE CASCADE,
    lesson_id text NOT NULL,
    fraction double precision NOT NULL CHECK (fraction BETWEEN 0 AND 1),
    at timestamptz NOT NULL,
    PRIMARY KEY (learner_id, lesson_id)
  );

  CREATE TABLE hints_revealed (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    learner_id text NOT NULL REFERENCES learners ON DELETE CASCADE,
    exercise_id text NOT NULL,
    place integer NOT NULL,
    UNIQUE (learner_id, exercise_id, place)
  );
  `,
  // What learners are writing is in files (class/web/learners), and never was here.
  'DROP TABLE work_files',
]
