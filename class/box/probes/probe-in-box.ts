// In the place of the grader: starts the probes in the inner box, as a learner's program is started.
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { resolvePaths } from '../../../course/paths.ts'
import { inInnerBox } from '../inner-box.ts'

const dir = join(resolvePaths().work, 'probe')
const scripts = ['probe.ts', 'try-files.ts', 'try-system.ts', 'try-limits.ts']
mkdirSync(dir, { recursive: true })
for (const name of scripts) copyFileSync(join(import.meta.dirname, name), join(dir, name))
const line = [process.execPath, join(dir, 'probe.ts'), process.argv[2]!]
const [command, ...args] = inInnerBox(line, {
  dir,
  reads: [
    join(resolvePaths().project, 'node_modules'),
    join(resolvePaths().project, 'package.json'),
  ],
}) as [string, ...string[]]
const { status } = spawnSync(command, args, {
  stdio: 'inherit',
  env: { PATH: process.env['PATH'], HOME: '/tmp' },
})
process.exitCode = status ?? 1
