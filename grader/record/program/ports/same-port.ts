import { InconclusiveObservation, StartupError } from '../../../types/errors.ts'
import { until } from '../../timing/deadline.ts'
import { canConnect } from '../start/wait-for-listen.ts'

const FREE_WITHIN_MS = 1000

/**
 * Waits until nobody listens on the port of a program that has ended.
 * @throws StartupError when somebody goes on listening: what the program started and left.
 */
export async function whenPortIsFree(port: number): Promise<void> {
  const isFree = async () => !(await canConnect('127.0.0.1', port)) || undefined
  if (await until(FREE_WITHIN_MS, isFree, 20)) return
  throw new StartupError(
    'port-busy',
    `Your program has ended, but something it started still listens on port ${port}, so it cannot be started again. What a program starts has to end with it.`,
    [],
    AGAIN,
  )
}

/**
 * Starts a program again on the port it had, and says whose fault it is when that fails.
 * @throws StartupError for what the program does. Throws InconclusiveObservation when another
 * program took the port meanwhile.
 */
export async function restartedOn<Started>(
  port: number,
  kind: 'files' | 'command',
  start: () => Promise<Started>,
): Promise<Started> {
  try {
    return await start()
  } catch (error) {
    if (!(error instanceof StartupError)) throw error
    if (error.id !== 'port-taken')
      throw new StartupError(
        error.id,
        `When it was started again: ${error.message}`,
        error.lines,
        AGAIN,
      )
    // Node takes a port over from connections that have ended; other runtimes have to ask for it.
    if (kind === 'files' || (await canConnect('127.0.0.1', port)))
      throw new InconclusiveObservation(
        `Another program took port ${port} while yours was being started again; running it again.`,
        'Another program took the port each time the grader started yours again.',
      )
    throw new StartupError(
      'port-busy',
      `When it was started again, your program could not listen on port ${port} (EADDRINUSE), although nobody listens there: connections that it closed keep the port for a minute. Set SO_REUSEADDR before it binds.`,
      error.lines,
      AGAIN,
    )
  }
}

const AGAIN = {
  expected: 'a server that starts again on its port',
  received: 'none',
}
