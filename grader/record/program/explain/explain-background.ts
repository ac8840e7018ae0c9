import { StartupError } from '../../../types/errors.ts'
import { until } from '../../timing/deadline.ts'
import type { ProcessGroup } from '../processes/process-group.ts'
import type { StartedByCommand, StartedProcess } from '../processes/started-by-command.ts'

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
  const look = async () => {
    const running = started.running()
    if (running.length > 0)
      return `Your command went into the background: it ended with code 0 and left ${inWords(running)} running, which the grader ended.`
    if (await answers())
      return `Your command ended with code 0, and what listens on port ${port} now is not a process of its own (a container, a service). It was left running: end it.`
    return undefined
  }
  const found = await until(TO_APPEAR_MS, look, 50)
  if (found === undefined) return null
  return new StartupError('background', `${found} ${IN_FOREGROUND}`, group.log.lastLines(5))
}

function inWords([first, ...others]: readonly StartedProcess[]): string {
  const command = first!.command
  const cut =
    command.length > LONGEST_COMMAND ? `${command.slice(0, LONGEST_COMMAND - 1)}…` : command
  const more = others.length === 0 ? '' : ` and ${others.length} more`
  return `${cut} (process ${first!.pid})${more}`
}
