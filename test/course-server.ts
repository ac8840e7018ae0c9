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
  /** Ends it as Ctrl-C does, with its exit code 130. Safe to call again. */
  stop(): Promise<EndedCommand>
}

/**
 * Starts the course as `npm start` does, on the learner's port, and waits until it says where to
 * read.
 */
export async function startCourse(
  home: LearnerHome,
  options: CommandOptions = {},
): Promise<CourseServer> {
  const command = startCommand(home, ['start'], options)
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
