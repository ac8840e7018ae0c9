import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { explainFileError } from '../../course/read/file-error.ts'
import { resolvePaths, shownPath } from '../../course/paths.ts'
import { loadOwnCourse } from '../options/find-exercise.ts'
import type { ExitCode } from '../exit-code.ts'
import { invocationDirectory } from '../options/invocation-directory.ts'

/**
 * Writes the course as one HTML file, to be read and printed without the server. @throws
 * CourseProblems, FileError
 */
export async function book(options: { out?: string }): Promise<ExitCode> {
  const { root } = resolvePaths()
  const course = await loadOwnCourse()
  const { renderBook } = await import('../../server/index.ts')
  const file =
    options.out === undefined
      ? join(root, 'book', `${course.id}.html`)
      : resolve(invocationDirectory(), options.out)
  const text = await renderBook(course)
  try {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  } catch (error) {
    throw explainFileError(error, `write ${file}`)
  }
  process.stdout.write(
    `${shownPath(file, root)} holds the whole course (${Math.ceil(text.length / 1024)} kB). Open it in any browser; print it from there.\n`,
  )
  return 0
}
