// Preloaded into a process that is started before the program it will run is written: it waits
// here, with everything loaded that does not depend on the program, until it is told its
// environment. Nobody at the other end any more: it ends.
import { closeSync, readFileSync } from 'node:fs'
import { isMainThread } from 'node:worker_threads'
import 'node:http'

const GATE = 3

// A worker of the program is given the same preloads.
if (isMainThread) {
  const told = readFileSync(GATE, 'utf8')
  closeSync(GATE)
  if (told === '') process.exit(0)
  Object.assign(process.env, JSON.parse(told))
}
