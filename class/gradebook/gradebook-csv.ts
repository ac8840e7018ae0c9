import { stringify } from 'csv-stringify/sync'
import type { Person } from '../people/roster.ts'
import { scoreOf, type Grade } from './gradebook.ts'

/** An exercise of the course, in the course's order. */
export interface Column {
  readonly exerciseId: string
  readonly title: string
}

/**
 * The gradebook as CSV that Canvas imports: its columns for a student, then one per exercise with a
 * score from 0 to 100, empty where nothing was submitted, and a row of the points that are possible
 * (https://community.canvaslms.com/t5/Instructor-Guide/How-do-I-import-grades-in-the-Gradebook/ta-p/807).
 * Canvas finds a student by `SIS Login ID`, the identifier of the roster.
 */
export function canvasCsv(
  people: readonly Person[],
  columns: readonly Column[],
  grades: readonly Grade[],
): string {
  const scores = byLearner(grades)
  const header = ['Student', 'ID', 'SIS User ID', 'SIS Login ID', 'Section']
  return stringify(
    [
      [...header, ...columns.map(({ exerciseId, title }) => `${title} (${exerciseId})`)],
      ['    Points Possible', '', '', '', '', ...columns.map(() => '100')],
      ...people.map((person) => [
        person.name,
        '',
        '',
        person.rosterId ?? '',
        '',
        ...columns.map(({ exerciseId }) => {
          const grade = scores.get(`${person.id} ${exerciseId}`)
          return grade ? String(scoreOf(grade)) : ''
        }),
      ]),
    ],
    CSV,
  )
}

/** One row per learner and exercise, with everything that is known of the best submission. */
export function plainCsv(
  people: readonly Person[],
  columns: readonly Column[],
  grades: readonly Grade[],
): string {
  const best = byLearner(grades)
  const header =
    'name,roster id,exercise,title,verdict,passed checks,checks,score,submitted,late,attempts'
  const rows = people.flatMap(({ id, name, rosterId }) =>
    columns.map(({ exerciseId, title }) => {
      const grade = best.get(`${id} ${exerciseId}`)
      const known = grade && [
        grade.verdict,
        grade.passedChecks,
        grade.totalChecks,
        scoreOf(grade),
        grade.submittedAt,
        grade.isLate ? 'late' : '',
        grade.attempts,
      ]
      return [name, rosterId ?? '', exerciseId, title, ...(known ?? ['', '', '', '', '', '', 0])]
    }),
  )
  return stringify([header.split(','), ...rows], CSV)
}

/** A cell that a spreadsheet would take for a formula gets an apostrophe in front. */
const CSV = { record_delimiter: 'windows', escape_formulas: true, bom: true } as const

function byLearner(grades: readonly Grade[]): Map<string, Grade> {
  return new Map(grades.map((grade) => [`${grade.learnerId} ${grade.exerciseId}`, grade]))
}
