// Preloaded into a process that is started before the program it will run is written: it waits here, with everything loaded that does not depend
// on the program, until it is told the port. Nobody at the other end any more: it ends.
import { closeSync, readSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { isMainThread } from 'node:worker_threads'
import 'node:http'

const GATE = 3

// A worker of the program is given the same preloads.
if (isMainThread) {
  stripTypeScriptTypes('')
  const told = Buffer.alloc(16)
  const length = readSync(GATE, told)
  closeSync(GATE)
  if (length === 0) process.exit(0)
  process.env.PORT = told.toString('latin1', 0, length)
}
