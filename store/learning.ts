import type { AnswerRecord, ReadRecord } from '../course/progress/progress.ts'
import type { SqlDatabase } from './sql.ts'

export interface NewAnswer {
  readonly questionId: string
  /** The option's text, so that a reordering of the options changes no answer. */
  readonly option: string
  readonly correct: boolean
}

export interface Learning {
  /** Keeps an answer. Every attempt is kept. */
  addAnswer(answer: NewAnswer): Promise<void>
  /** The newest answer to each question. */
  answers(): Promise<AnswerRecord[]>
  /** The questions that were answered wrongly at least once. */
  missedQuestions(): Promise<string[]>
  /** Keeps how far a lesson was read, 0 to 1. It never goes back; the time is renewed. */
  markLesson(lessonId: string, fraction: number): Promise<void>
  lessonReads(): Promise<ReadRecord[]>
  /** Keeps that a hint was shown, by its place in the exercise, from 0. */
  revealHint(exerciseId: string, place: number): Promise<void>
  /** The places of the hints that were shown, in the order in which they were. */
  hintsShown(exerciseId: string): Promise<number[]>
}

/** The part of the store that keeps what a learner has read and answered. */
export function keepLearning({ query }: SqlDatabase, learnerId: string): Learning {
  return {
    async addAnswer({ questionId, option, correct }) {
      await query(
        `INSERT INTO answers (learner_id, question_id, option, correct, answered_at)
        VALUES ($1, $2, $3, $4, $5)`,
        [learnerId, questionId, option, correct, new Date().toISOString()],
      )
    },
    async answers() {
      const rows = await query<AnswerRecord>(
        `SELECT question_id AS "questionId", option, correct, answered_at AS "answeredAt" FROM answers
        WHERE id IN (SELECT max(id) FROM answers WHERE learner_id = $1 GROUP BY question_id) ORDER BY id`,
        [learnerId],
      )
      return rows.map((row) => ({ ...row, correct: Boolean(row.correct) }))
    },
    async missedQuestions() {
      const rows = await query<{ id: string }>(
        `SELECT question_id AS id FROM answers WHERE learner_id = $1 AND NOT correct
        GROUP BY question_id ORDER BY min(id)`,
        [learnerId],
      )
      return rows.map(({ id }) => id)
    },
    async markLesson(lessonId, fraction) {
      await query(
        `INSERT INTO lesson_reads (learner_id, lesson_id, fraction, at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (learner_id, lesson_id) DO UPDATE SET at = excluded.at, fraction =
          CASE WHEN excluded.fraction > lesson_reads.fraction THEN excluded.fraction
          ELSE lesson_reads.fraction END`,
        [learnerId, lessonId, Math.min(1, Math.max(0, fraction)), new Date().toISOString()],
      )
    },
    lessonReads: () =>
      query<ReadRecord>(
        `SELECT lesson_id AS "lessonId", fraction, at FROM lesson_reads WHERE learner_id = $1
        ORDER BY at`,
        [learnerId],
      ),
    async revealHint(exerciseId, place) {
      await query(
        `INSERT INTO hints_revealed (learner_id, exercise_id, place) VALUES ($1, $2, $3)
        ON CONFLICT DO NOTHING`,
        [learnerId, exerciseId, place],
      )
    },
    async hintsShown(exerciseId) {
      const rows = await query<{ place: number }>(
        `SELECT place FROM hints_revealed WHERE learner_id = $1 AND exercise_id = $2 ORDER BY id`,
        [learnerId, exerciseId],
      )
      return rows.map(({ place }) => place)
    },
  }
}
