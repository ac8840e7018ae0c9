import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { resolvePaths } from '../course/paths.ts'
import { closeBrowser, startBrowserAhead } from '../grader/record/browser/browser.ts'
import { interruptible } from './interrupt.ts'
import type { GradeEvent } from '../grader/index.ts'
import type { ExitCode } from './exit-code.ts'

/**
 * Runs a command that grades. Its browser starts while the command is still being loaded, and is
 * closed at the very end: a signal between the verdict and then leaves nothing behind either.
 * @throws Interrupted
 */
export function withBrowser(
  exercise: string | undefined,
  work: (signal: AbortSignal) => Promise<ExitCode>,
): Promise<ExitCode> {
  return interruptible(async (signal) => {
    try {
      if (exercise !== undefined && existsSync(join(resolvePaths().root, 'exercises', exercise)))
        startBrowserAhead()
      return await work(signal)
    } finally {
      await closeBrowser()
    }
  })
}

/**
 * Closes the browser as soon as a verdict is there, for the one grading of a command: what is left
 * of it needs none.
 */
export function endsWithVerdict(onEvent: (event: GradeEvent) => void): (event: GradeEvent) => void {
  return (event) => {
    onEvent(event)
    if (event.type === 'finished') void closeBrowser()
  }
}
