import { Interrupted } from './explain-error.ts'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Runs `work` with a signal that is aborted by Ctrl-C and its like; what was started is cleaned up
 * before this settles. A second Ctrl-C does not wait for that.
 * @throws Interrupted
 */
export async function interruptible<Result>(
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController()
  const onSignal = (signal: NodeJS.Signals) => {
    if (controller.signal.aborted) process.exit(130)
    controller.abort(new Interrupted(signal))
  }
  SIGNALS.forEach((signal) => process.on(signal, onSignal))
  try {
    return await work(controller.signal)
  } finally {
    SIGNALS.forEach((signal) => process.off(signal, onSignal))
  }
}
