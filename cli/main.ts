#!/usr/bin/env node
import { runCommand } from './run-command.ts'

// The only place that sets the exit code: 0 passed, 1 failed, 2 wrong usage, 3 the grader or the exercise erred.
process.exitCode = await runCommand(process.argv.slice(2))
