// Runs in the outer box, in the grader's place: starts look.ts in the inner one, as a grading starts a
// learner's program. What that prints goes out.
import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { resolvePaths } from '../../../course/paths.ts'
import { inInnerBox } from '../inner-box.ts'

const dir = join(resolvePaths().work, 'look')
mkdirSync(dir)
const script = join(import.meta.dirname, 'look.ts')
const [command, ...args] = inInnerBox([process.execPath, script, ...process.argv.slice(2)], {
  dir,
  reads: [script],
}) as [string, ...string[]]
const { status } = spawnSync(command, args, { stdio: 'inherit' })
process.exitCode = status ?? 1
