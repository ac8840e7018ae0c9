import { startOnPort } from '../../course/command-line.ts'
import { placeId, type Paths } from '../../course/paths.ts'
import { explainFileError } from '../../course/read/file-error.ts'
import { createApp, type AppOptions } from './create-app.ts'
import type { RefusedConnections } from './limit-connections.ts'
import { listenOnLoopback, PortTaken, type Listening } from './listen.ts'
import { portHolder } from './port-holder.ts'
import { roundtripAt } from './roundtrip-at.ts'

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

/** The server cannot start; the message says why and the remedy, for the person in the terminal. */
export class CannotStart extends Error {
  readonly remedy: string

  constructor(message: string, remedy: string) {
    super(message)
    this.name = 'CannotStart'
    this.remedy = remedy
  }
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
    if (error instanceof PortTaken) throw await explainTaken(port, paths)
    if ((error as NodeJS.ErrnoException).code === 'EACCES') {
      throw new CannotStart(
        `You may not listen on port ${port}.`,
        `Choose one above 1023: ${startOnPort(4321)}`,
      )
    }
    throw error
  }
}

async function explainTaken(port: number, paths: Paths): Promise<CannotStart> {
  const there = await roundtripAt(port)
  if (there?.place === placeId(paths))
    return new CannotStart(
      `This course is served already (${there.course}).`,
      `Read it at http://localhost:${port}, or end that server first.`,
    )
  const holder = there
    ? `another Roundtrip (${there.course}),\nwhich keeps its work and progress elsewhere`
    : ((await portHolder(port)) ?? 'another program')
  const free = await nextFreePort(port)
  return new CannotStart(
    `Port ${port} is taken by ${holder}.`,
    free === undefined
      ? 'End that program, then start again.'
      : `Start on the next free port: ${startOnPort(free)}`,
  )
}

async function nextFreePort(port: number): Promise<number | undefined> {
  for (let candidate = port + 1; candidate <= Math.min(port + 50, 65_535); candidate++) {
    try {
      const listening = await listenOnLoopback(() => {}, candidate)
      await listening.close()
      return candidate
    } catch (error) {
      if (!(error instanceof PortTaken)) return undefined
    }
  }
  return undefined
}
