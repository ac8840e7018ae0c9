import type { LearnerHome } from './learner-home.ts'
import {
  startCommand,
  type CommandOptions,
  type EndedCommand,
  type RunningCommand,
} from './run-command.ts'

export interface CourseServer {
  /** `http://localhost:43127` */
  readonly url: string
  readonly command: RunningCommand
  /** Ends it as Ctrl-C does. Safe to call again. */
  stop(): Promise<EndedCommand>
}

/** Starts the course as `npm start` does, on a free port, and waits until it says where to read. */
export async function startCourse(
  home: LearnerHome,
  options: CommandOptions = {},
): Promise<CourseServer> {
  const command = startCommand(home, ['start'], { ...options, env: { PORT: '0', ...options.env } })
  const [, url] = await command.printed(/^Read at (http:\S+)$/m)
  let stopping: Promise<EndedCommand> | undefined
  return {
    url: url!,
    command,
    stop() {
      if (!stopping) command.signal('SIGINT', 'group')
      stopping = command.ended
      return stopping
    },
  }
}
