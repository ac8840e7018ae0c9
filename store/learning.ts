import type { AnswerRecord, ReadRecord } from '../course/progress/progress.ts'
import type { Database } from './database.ts'

export interface NewAnswer {
  readonly questionId: string
  /** The option's text, so that a reordering of the options changes no answer. */
  readonly option: string
  readonly correct: boolean
}

export interface Learning {
  /** Keeps an answer. Every attempt is kept. */
  addAnswer(answer: NewAnswer): void
  /** The newest answer to each question. */
  answers(): AnswerRecord[]
  /** The questions that were answered wrongly at least once. */
  missedQuestions(): string[]
  /** Keeps how far a lesson was read, 0 to 1. It never goes back; the time is renewed. */
  markLesson(lessonId: string, fraction: number): void
  lessonReads(): ReadRecord[]
  /** Keeps that a hint was shown, by its place in the exercise, from 0. */
  revealHint(exerciseId: string, place: number): void
  /** The places of the hints that were shown, in the order in which they were. */
  hintsShown(exerciseId: string): number[]
}

/** The part of the store that keeps what was read and answered. */
export function keepLearning(database: Database): Learning {
  return {
    addAnswer: ({ questionId, option, correct }) =>
      database.write((db) => {
        db.prepare(
          'INSERT INTO answers (question_id, option, correct, answered_at) VALUES (?, ?, ?, ?)',
        ).run(questionId, option, correct ? 1 : 0, new Date().toISOString())
      }),
    answers: () =>
      database.read((db) =>
        db
          .prepare(`SELECT question_id AS questionId, option, correct, answered_at AS answeredAt FROM answers
        WHERE id IN (SELECT max(id) FROM answers GROUP BY question_id) ORDER BY id`)
          .all()
          .map((row) => ({ ...(row as unknown as AnswerRecord), correct: row.correct === 1 })),
      ),
    missedQuestions: () =>
      database.read((db) =>
        db
          .prepare(
            'SELECT question_id AS id FROM answers WHERE correct = 0 GROUP BY question_id ORDER BY min(id)',
          )
          .all()
          .map(({ id }) => String(id)),
      ),
    markLesson: (lessonId, fraction) =>
      database.write((db) => {
        db.prepare(`INSERT INTO lesson_reads (lesson_id, fraction, at) VALUES (?, ?, ?)
        ON CONFLICT (lesson_id) DO UPDATE SET fraction = max(fraction, excluded.fraction), at = excluded.at`).run(
          lessonId,
          Math.min(1, Math.max(0, fraction)),
          new Date().toISOString(),
        )
      }),
    lessonReads: () =>
      database.read((db) =>
        db
          .prepare('SELECT lesson_id AS lessonId, fraction, at FROM lesson_reads ORDER BY at')
          .all()
          .map((row) => ({ ...(row as unknown as ReadRecord) })),
      ),
    revealHint: (exerciseId, place) =>
      database.write((db) => {
        db.prepare('INSERT OR IGNORE INTO hints_revealed (exercise_id, place) VALUES (?, ?)').run(
          exerciseId,
          place,
        )
      }),
    hintsShown: (exerciseId) =>
      database.read((db) =>
        db
          .prepare('SELECT place FROM hints_revealed WHERE exercise_id = ? ORDER BY id')
          .all(exerciseId)
          .map(({ place }) => Number(place)),
      ),
  }
}
