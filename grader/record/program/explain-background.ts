import { StartupError } from '../../types/errors.ts'
import type { ProcessGroup } from './process-group.ts'
import type { StartedByCommand, StartedProcess } from './processes/started-by-command.ts'

const TO_APPEAR_MS = 1000
const LONGEST_COMMAND = 60
const IN_FOREGROUND =
  'Start it in the foreground, where the grader sees it run: without &, nohup, setsid -f, --daemon or -d.'

/**
 * What a command is told that ended without a complaint and left its server to others, or null when
 * it left none. `answers` looks whether the port does.
 */
export async function explainBackground(
  group: ProcessGroup,
  port: number,
  started: StartedByCommand,
  answers: () => Promise<boolean>,
): Promise<StartupError | null> {
  if (group.exit()?.code !== 0) return null
  const deadline = performance.now() + TO_APPEAR_MS
  do {
    const running = started.running()
    if (running.length > 0)
      return new StartupError(
        'background',
        `Your command went into the background: it ended with code 0 and left ${inWords(running)} running, which the grader ended. ${IN_FOREGROUND}`,
        group.log.lastLines(5),
      )
    if (await answers())
      return new StartupError(
        'background',
        `Your command ended with code 0, and what listens on port ${port} now is not a process of its own (a container, a service). It was left running: end it. ${IN_FOREGROUND}`,
        group.log.lastLines(5),
      )
    await new Promise((resolve) => setTimeout(resolve, 50))
  } while (performance.now() < deadline)
  return null
}

function inWords([first, ...others]: readonly StartedProcess[]): string {
  const command = first!.command
  const cut =
    command.length > LONGEST_COMMAND ? `${command.slice(0, LONGEST_COMMAND - 1)}…` : command
  const more = others.length === 0 ? '' : ` and ${others.length} more`
  return `${cut} (process ${first!.pid})${more}`
}
