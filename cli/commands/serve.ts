import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { resolvePaths, shownPath } from '../../course/paths.ts'
import { ensureWork } from '../../course/work-folder.ts'
import { nodeArguments, scrubbedEnvironment } from '../../grader/gather/learner-program.ts'
import { requireExercise } from '../find-exercise.ts'
import { loadEveryCourse } from '../other-courses.ts'
import type { ExitCode } from '../run-command.ts'

/** Runs the learner's program as the grader does, in the foreground, until Ctrl-C. */
export async function serve(id: string): Promise<ExitCode> {
  const { exercise } = requireExercise(await loadEveryCourse(), id)
  const { dir } = ensureWork(exercise)
  const port = process.env['PORT'] || '3000'
  const [entry] = exercise.files
  process.stdout.write(`${shownPath(join(dir, entry), resolvePaths().root)} runs with PORT=${port}: http://127.0.0.1:${port} (Ctrl-C ends it)\n`)
  const options = { cwd: dir, env: { ...scrubbedEnvironment(), PORT: port }, stdio: 'inherit' } as const
  const child = exercise.cmd === undefined ? spawn(process.execPath, [...nodeArguments(dir), join(dir, entry)], options) : spawn(exercise.cmd, { ...options, shell: true })
  // Ctrl-C reaches the program by itself; this process waits for its end.
  const ignore = () => {}
  process.on('SIGINT', ignore)
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve))
  process.off('SIGINT', ignore)
  return code === 0 || code === null ? 0 : 1
}
