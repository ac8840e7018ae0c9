#!/usr/bin/env node
import { watchOutput } from './terminal/broken-output.ts'
import { runCommand } from './run-command.ts'

const output = watchOutput()
const exitCode = await runCommand(process.argv.slice(2))
await output.written()
// Sets the exit code: 0 passed, 1 failed, 2 wrong usage, 3 the grader or the exercise erred, 128
// and its number for a signal. Only whoever presses Ctrl-C again does not wait for it
// (interrupt.ts). Exits by itself, for a library may go on waiting: Puppeteer holds the process for
// 30 seconds for a tab that was being opened when its browser was closed.
process.exit(output.failed() ? 3 : exitCode)
