import { startOnPort } from '../../course/command-line.ts'
import { resolvePaths } from '../../course/paths.ts'
import { requireLoopback } from '../../grader/machine/loopback.ts'
import { chosenPort } from '../options/chosen-port.ts'
import { chosenPublicOrigin } from '../options/public-origin.ts'
import { loadOwnCourse, tellLeftOut } from '../options/find-exercise.ts'
import { loadOtherCourses, rememberCourses } from '../reading/other-courses.ts'
import { noteReadingPort } from '../reading/reading-port.ts'
import { signalExitCode, type ExitCode } from '../exit-code.ts'
import { interrupted, interruptible } from '../interrupt.ts'

/**
 * Serves the project's course, and those in `folders` beside it, until Ctrl-C, on the port in PORT
 * or 4321. Ends the gradings that are under way, and the browser. Gives the code of the signal that
 * ended it.
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
  await requireLoopback()
  const code = await interruptible(async (signal) => {
    const store = openStore(paths.store)
    try {
      pruneRuns(paths.runs, await store.submittedRuns())
      const accessCode = process.env['ACCESS_CODE']
      rememberCourses(others, paths)
      const server = await startServer({
        course,
        others,
        store,
        paths,
        grade: gradeExercise,
        port,
        onRefused: ({ most, openFiles }) =>
          process.stderr.write(
            `More than ${most} connections at once were refused, because this process may hold ${openFiles}\nfiles open. Raise the limit in a new terminal, and start again:\n  ulimit -n 1024\n`,
          ),
        ...(accessCode && { accessCode }),
        ...(publicOrigin && { publicOrigin }),
      })
      const forget = noteReadingPort(paths, server.port)
      process.stdout.write(
        `Read at ${publicOrigin ?? server.url}\n${[course, ...others].map(({ title }) => title).join(', ')}. Ctrl-C ends it.\n`,
      )
      tellLeftOut([course, ...others])
      const reason = await interrupted(signal)
      forget()
      await server.close()
      return signalExitCode(reason.signal)
    } finally {
      await closeBrowser()
      store.close()
    }
  })
  process.stdout.write('Stopped.\n')
  return code
}
