import { setImmediate } from 'node:timers/promises'
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
 * Canvas finds a student by `SIS Login ID`, the identifier of the roster. Comes in pieces.
 */
export function canvasCsv(
  people: readonly Person[],
  columns: readonly Column[],
  grades: readonly Grade[],
): AsyncGenerator<string> {
  const titles = columns.map(({ exerciseId, title }) => `${title} (${exerciseId})`)
  const header = [
    ['Student', 'ID', 'SIS User ID', 'SIS Login ID', 'Section', ...titles],
    ['    Points Possible', '', '', '', '', ...columns.map(() => '100')],
  ]
  return inPieces(header, people, grades, ({ id, name, rosterId }, gradeOf) => {
    const scores = columns.map(({ exerciseId }) => {
      const grade = gradeOf(id, exerciseId)
      return grade ? scoreOf(grade) : ''
    })
    return [[name, '', '', rosterId ?? '', '', ...scores]]
  })
}

/**
 * One row per learner and exercise, with everything that is known of the best submission. Comes in
 * pieces.
 */
export function plainCsv(
  people: readonly Person[],
  columns: readonly Column[],
  grades: readonly Grade[],
): AsyncGenerator<string> {
  const header =
    'name,roster id,exercise,title,verdict,passed checks,checks,score,submitted,late,attempts'
  return inPieces([header.split(',')], people, grades, ({ id, name, rosterId }, gradeOf) =>
    columns.map(({ exerciseId, title }) => {
      const grade = gradeOf(id, exerciseId)
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
}

type Row = readonly (string | number)[]

/** A cell that a spreadsheet would take for a formula gets an apostrophe in front. */
const CSV = { record_delimiter: 'windows', escape_formulas: true } as const
/** So many rows take some milliseconds. */
const ROWS_IN_A_PIECE = 500

/** Between the pieces others have their turn: of 10,000 learners the whole takes seconds. */
async function* inPieces(
  header: readonly Row[],
  people: readonly Person[],
  grades: readonly Grade[],
  rowsOf: (
    person: Person,
    gradeOf: (learnerId: string, exerciseId: string) => Grade | undefined,
  ) => Row[],
): AsyncGenerator<string> {
  const known = new Map(grades.map((grade) => [`${grade.learnerId} ${grade.exerciseId}`, grade]))
  const gradeOf = (learnerId: string, exerciseId: string) => known.get(`${learnerId} ${exerciseId}`)
  yield stringify([...header], { ...CSV, bom: true })
  let piece: Row[] = []
  for (const person of people) {
    piece.push(...rowsOf(person, gradeOf))
    if (piece.length < ROWS_IN_A_PIECE) continue
    yield stringify(piece, CSV)
    piece = []
    await setImmediate()
  }
  yield stringify(piece, CSV)
}
