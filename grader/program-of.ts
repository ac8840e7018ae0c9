import { join } from 'node:path'
import type { Exercise } from '../course/types.ts'
import type { Program } from './record/program/learner-program.ts'

/**
 * The program of an exercise whose files are in `dir`, under the name by which a person knows it:
 * `work/cookies-max-age/server.ts`. `entry`: the file that is started, when it has another name
 * than the exercise's.
 */
export function programOf(
  exercise: Exercise,
  dir: string,
  label: string,
  entry: string = exercise.files[0],
): Program {
  if (exercise.cmd !== undefined)
    return { kind: 'command', command: exercise.cmd.replace(exercise.files[0], entry), dir, label }
  if (exercise.kind === 'page')
    return { kind: 'page', dir, entry, label, html: join(exercise.dir, 'index.html') }
  return { kind: exercise.kind === 'client' ? 'client' : 'files', dir, entry, label }
}
