// Preloaded, before all else, by a program in an enclosure (enclosure.ts): it says that the program
// begins, before a line of it has run, and with which code it ends itself. Its exit code alone does
// not tell that from a signal.
import { writeSync } from 'node:fs'
import { isMainThread } from 'node:worker_threads'

/** STATUS_FD of enclosure-status.ts. */
const STATUS = 4

// A worker of the program is given the same preloads.
if (isMainThread) {
  report('begun')
  process.on('exit', (code) => report(`exit ${code}`))
}

function report(line) {
  try {
    writeSync(STATUS, `${line}\n`)
  } catch {
    // The grader is gone, or the program has closed it.
  }
}
