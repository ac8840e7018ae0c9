import type { Exercise } from '../course/types.ts'
import type { Program } from './gather/learner-program.ts'

/** The program of an exercise whose files are in `dir`, under the name by which a person knows it: `work/cookies-max-age/server.ts`. */
export function programOf(exercise: Exercise, dir: string, label: string): Program {
  const [entry] = exercise.files
  return exercise.cmd === undefined ? { kind: 'files', dir, entry, label } : { kind: 'command', command: exercise.cmd, dir, label }
}
