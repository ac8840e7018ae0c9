import { ENDING_SIGNALS, signalExitCode, type EndingSignal } from './exit-code.ts'
import { Interrupted } from './explain-error.ts'

/**
 * One Ctrl-C comes again when a process between the terminal and this one passes it on: npm does,
 * and bin/roundtrip.mjs where it starts another Node. So long, in milliseconds, a second signal
 * counts as the first.
 */
const SAME_PRESS_MS = 1000

/**
 * Runs `work` with a signal that is aborted by Ctrl-C and its like; what was started is cleaned up
 * before this settles. Asked again, it does not wait for that: the process exits, and what it
 * started is killed.
 * @throws Interrupted
 */
export async function interruptible<Result>(
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController()
  let askedAt = 0
  const onSignal = (signal: EndingSignal) => {
    if (!controller.signal.aborted) {
      askedAt = performance.now()
      controller.abort(new Interrupted(signal))
    } else if (performance.now() - askedAt > SAME_PRESS_MS) process.exit(signalExitCode(signal))
  }
  for (const signal of ENDING_SIGNALS) process.on(signal, onSignal)
  try {
    return await work(controller.signal)
  } finally {
    for (const signal of ENDING_SIGNALS) process.off(signal, onSignal)
  }
}

/** Settles when a signal is aborted, with what ended the work. */
export function interrupted(signal: AbortSignal): Promise<Interrupted> {
  return new Promise((resolve) => {
    const settle = () => resolve(signal.reason as Interrupted)
    if (signal.aborted) settle()
    else signal.addEventListener('abort', settle, { once: true })
  })
}
