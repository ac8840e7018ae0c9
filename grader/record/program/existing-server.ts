import { StartupError } from '../../types/errors.ts'
import type { RunningProgram } from './learner-program.ts'
import { canConnect } from './start/wait-for-listen.ts'

/**
 * A server that somebody else started: its output, its end and its load are unseen.
 * @throws StartupError when nothing listens there
 */
export async function existingServer(url: string): Promise<RunningProgram> {
  const { hostname, port, protocol } = new URL(url)
  const host = hostname.replace(/^\[|\]$/g, '')
  const startedAt = performance.now()
  const number = Number(port || (protocol === 'https:' ? 443 : 80))
  if (!(await canConnect(host, number))) {
    throw new StartupError(
      'nothing-listens',
      `Nothing listens at ${url}. Start your server first, then grade it.`,
    )
  }
  return {
    host,
    port: number,
    readyMs: performance.now() - startedAt,
    log: () => '',
    printed: () => [],
    exit: () => null,
    isBusy: async () => false,
    end: async () => false,
  }
}
