import type { Pool } from 'pg'
import { allWork } from '../../../class/export/all-work.ts'
import { exportPerson } from '../../../class/export/export-person.ts'
import { canvasCsv, plainCsv } from '../../../class/gradebook/gradebook-csv.ts'
import { readGrades } from '../../../class/gradebook/gradebook.ts'
import { listPeople } from '../../../class/people/roster.ts'
import { npmRun } from '../../../course/command-line.ts'
import { allExercises, explainUnknownExercise, findExercise } from '../../../course/find.ts'
import type { Course } from '../../../course/types.ts'
import type { ExitCode } from '../../exit-code.ts'
import { UsageError } from '../../explain-error.ts'
import { loadOwnCourse } from '../../options/find-exercise.ts'
import { openOut } from './write-out.ts'
import { withClass } from './with-class.ts'

export interface ExportOptions {
  readonly plain?: boolean
  readonly person?: string
  readonly work?: string
  readonly out?: string
}

/**
 * Writes the gradebook, everything that is kept of a person, or everybody's work on an exercise.
 * @throws UsageError, FileError, StoreError
 */
export async function exportClass(options: ExportOptions): Promise<ExitCode> {
  const { person, work, out, plain = false } = options
  const course = await loadOwnCourse()
  if (work !== undefined) requireArchive(course, work, out)
  const document = openOut(out)
  return withClass(async (pool) => {
    if (person !== undefined) document.write(await personJson(pool, person))
    else if (work !== undefined) document.write(await allWork(pool, work))
    else document.write(await gradebook(pool, course, plain))
    if (out !== undefined) process.stderr.write(`Written: ${out}\n`)
    return 0
  })
}

function requireArchive(course: Course, exercise: string, out: string | undefined): void {
  if (!findExercise(course, exercise))
    throw new UsageError(explainUnknownExercise(course, exercise))
  if (out === undefined && process.stdout.isTTY)
    throw new UsageError(
      `An archive is not for a terminal. Name a file: ${npmRun('class', ['export', '--work', exercise, '--out', `${exercise}.tar.gz`])}`,
    )
}

async function gradebook(pool: Pool, course: Course, plain: boolean): Promise<string> {
  const people = (await listPeople(pool)).filter(({ role }) => role === 'learner')
  const columns = allExercises(course).map(({ exercise: { id, title } }) => ({
    exerciseId: id,
    title,
  }))
  const write = plain ? plainCsv : canvasCsv
  let csv = ''
  for await (const piece of write(people, columns, await readGrades(pool))) csv += piece
  return csv
}

async function personJson(pool: Pool, wanted: string): Promise<string> {
  const people = await listPeople(pool)
  const person =
    people.find(({ rosterId }) => rosterId === wanted) ?? people.find(({ id }) => id === wanted)
  if (!person) {
    const named = people.filter(({ name }) => name.toLowerCase() === wanted.toLowerCase())
    const ids = named.map(({ rosterId, id }) => rosterId ?? id).join(', ')
    throw new UsageError(
      `Nobody in the class has the identifier ${JSON.stringify(wanted)}.${ids === '' ? '' : ` Somebody of that name has: ${ids}`}`,
    )
  }
  return `${JSON.stringify(await exportPerson(pool, person.id), null, 2)}\n`
}
