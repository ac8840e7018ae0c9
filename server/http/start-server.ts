import { startOnPort } from '../../course/command-line.ts'
import type { Paths } from '../../course/paths.ts'
import { explainFileError } from '../../course/read/file-error.ts'
import { createApp, type AppOptions } from './create-app.ts'
import { explainListening } from './explain-listening.ts'
import type { RefusedConnections } from './limit-connections.ts'
import { listenOnLoopback, type Listening } from './listen.ts'

export interface ServerOptions extends AppOptions {
  /** 0 draws a free one. */
  readonly port: number
  /** Is called, at most once a minute, when more connect at once than may. */
  readonly onRefused?: (refused: RefusedConnections) => void
}

export interface RunningServer {
  /** Where to read: `http://localhost:4321`. */
  readonly url: string
  readonly port: number
  /** Stops the gradings that are under way, then frees the port. */
  close(): Promise<void>
}

/**
 * Serves a course on this machine's own addresses. Throws CannotStart, and FileError when the state
 * folder cannot be written.
 */
export async function startServer({
  port,
  onRefused,
  ...options
}: ServerOptions): Promise<RunningServer> {
  const app = createAppExplained(options)
  const listening = await listenExplained(app, port, options.paths, onRefused)
  return {
    url: `http://localhost${listening.port === 80 ? '' : `:${listening.port}`}`,
    port: listening.port,
    async close() {
      await app.close()
      await listening.close()
    },
  }
}

function createAppExplained(options: AppOptions) {
  try {
    return createApp(options)
  } catch (error) {
    throw explainFileError(error, `write in ${options.paths.state}`)
  }
}

async function listenExplained(
  app: ReturnType<typeof createApp>,
  port: number,
  paths: Paths,
  onRefused: ServerOptions['onRefused'],
): Promise<Listening> {
  try {
    return await listenOnLoopback(app, port, onRefused)
  } catch (error) {
    throw await explainListening(error, port, paths, startOnPort)
  }
}
