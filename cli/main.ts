#!/usr/bin/env node
import { watchOutput } from './broken-output.ts'
import { runCommand } from './run-command.ts'

const output = watchOutput()
const exitCode = await runCommand(process.argv.slice(2))
// The only place that sets the exit code: 0 passed, 1 failed, 2 wrong usage, 3 the grader or the exercise erred.
process.exitCode = output.failed() ? 3 : exitCode
