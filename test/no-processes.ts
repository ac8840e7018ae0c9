/**
 * Preloaded into the unit tests: none of them starts a process, so that they take seconds. A test
 * that has to goes into STARTS_PROCESSES of vitest.config.ts.
 */
import childProcess from 'node:child_process'
import { syncBuiltinESMExports } from 'node:module'

for (const name of ['spawn', 'spawnSync', 'exec', 'execSync', 'execFile', 'execFileSync', 'fork']) {
  Object.assign(childProcess, {
    [name]: (command: unknown) => {
      throw new Error(
        `A unit test started a process (${String(command)}). Name its file in vitest.config.ts.`,
      )
    },
  })
}
syncBuiltinESMExports()
