import type { Queryable } from '../database.ts'

/**
 * Everything that the database keeps of somebody, for them to have: as JSON with their files as
 * text. Of codes and sessions only hashes are kept, and those are left out. Undefined when nobody
 * has this id.
 */
export async function exportPerson(
  database: Queryable,
  id: string,
): Promise<Record<string, unknown> | undefined> {
  const rowsOf = async (query: string) => (await database.query(query, [id])).rows
  const [person] = await rowsOf(
    `SELECT name, roster_id AS "rosterId", role, created_at AS "createdAt",
       first_login_at AS "firstLoginAt" FROM learners WHERE id = $1`,
  )
  if (!person) return undefined
  const [submissions, files, reads, answers, hints, extensions] = await Promise.all([
    rowsOf(
      `SELECT s.id, exercise_id AS exercise, purpose, submitted_at AS "submittedAt", state, verdict,
         judged_at AS "judgedAt", report::json AS report
       FROM submissions s LEFT JOIN judgements j ON j.submission_id = s.id AND j.current
       WHERE learner_id = $1 ORDER BY submitted_at`,
    ),
    rowsOf(
      `SELECT submission_id AS submission, path, content FROM submission_files f
       JOIN submissions s ON s.id = f.submission_id WHERE learner_id = $1 ORDER BY submitted_at, position`,
    ),
    rowsOf('SELECT lesson_id AS lesson, fraction, at FROM lesson_reads WHERE learner_id = $1'),
    rowsOf(
      `SELECT question_id AS question, option, correct, answered_at AS "answeredAt" FROM answers
       WHERE learner_id = $1 ORDER BY id`,
    ),
    rowsOf(
      'SELECT exercise_id AS exercise, place FROM hints_revealed WHERE learner_id = $1 ORDER BY id',
    ),
    rowsOf(
      'SELECT exercise_id AS exercise, due_at AS "dueAt" FROM extensions WHERE learner_id = $1',
    ),
  ])
  const filesOf = Map.groupBy(files, ({ submission }) => submission)
  return {
    person,
    submissions: submissions.map((submission) => ({
      ...submission,
      files: (filesOf.get(submission['id']) ?? []).map(({ path, content }) => ({
        path,
        text: Buffer.from(content as Uint8Array).toString('utf8'),
      })),
    })),
    reads,
    answers,
    hints,
    extensions,
  }
}
