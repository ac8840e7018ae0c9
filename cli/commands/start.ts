import { startOnPort } from '../../course/command-line.ts'
import { resolvePaths } from '../../course/paths.ts'
import { chosenPort } from '../options/chosen-port.ts'
import { chosenPublicOrigin } from '../options/public-origin.ts'
import { loadOwnCourse } from '../options/find-exercise.ts'
import { loadOtherCourses, rememberCourses } from '../reading/other-courses.ts'
import { noteReadingPort } from '../reading/reading-port.ts'
import type { ExitCode } from '../exit-code.ts'

/**
 * Serves the project's course, and those in `folders` beside it, until Ctrl-C, on the port in PORT
 * or 4321. Ends the gradings that are under way, and the browser.
 * @throws UsageError, CourseProblems, StoreError, FileError, CannotStart
 */
export async function start(folders: readonly string[] = []): Promise<ExitCode> {
  const port = chosenPort(4321, (port) => startOnPort(port))
  const publicOrigin = chosenPublicOrigin()
  const paths = resolvePaths()
  const course = await loadOwnCourse()
  const others = await loadOtherCourses(folders, paths)
  const [{ openStore }, { pruneRuns }, { startServer }, { closeBrowser, gradeExercise }] =
    await Promise.all([
      import('../../store/open-store.ts'),
      import('../../store/runs.ts'),
      import('../../server/index.ts'),
      import('../../grader/index.ts'),
    ])
  const store = openStore(paths.store)
  // Before anything is said: who reads where the course is may end it in the same moment.
  const asked = interrupted()
  try {
    pruneRuns(paths.runs, store.submittedRuns())
    const accessCode = process.env['ACCESS_CODE']
    rememberCourses(others, paths)
    const server = await startServer({
      course,
      others,
      store,
      paths,
      grade: gradeExercise,
      port,
      ...(accessCode && { accessCode }),
      ...(publicOrigin && { publicOrigin }),
    })
    const forget = noteReadingPort(paths, server.port)
    process.stdout.write(
      `Read at ${publicOrigin ?? server.url}\n${[course, ...others].map(({ title }) => title).join(', ')}. Ctrl-C ends it.\n`,
    )
    await asked
    forget()
    await server.close()
  } finally {
    await closeBrowser()
    store.close()
  }
  process.stdout.write('Stopped.\n')
  return 0
}

/**
 * Settles when the person, or the system, asks this process to end. Asked a second time, it does
 * not wait for the clean-up.
 */
function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    let asked = false
    const onSignal = () => {
      if (asked) process.exit(130)
      asked = true
      resolve()
    }
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal)
  })
}
