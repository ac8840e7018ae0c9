import { basename, dirname, join } from 'node:path'
import { npmRun } from '../course/command-line.ts'
import { resolvePaths, shownPath } from '../course/paths.ts'
import type { Exercise } from '../course/types.ts'
import { workFolder } from '../course/work/work-folder.ts'
import type { Program } from './record/program/learner-program.ts'
import type { ReproduceWith } from './judge/reproduce.ts'

/**
 * How a person starts a program again as it was graded; null for one that is called, and has no
 * address.
 */
export function startByHand(exercise: Exercise, program: Program): ReproduceWith | null {
  const address = 'http://127.0.0.1:3000'
  if (program.kind === 'client') return null
  if (program.kind === 'url') return { start: null, address: program.url.replace(/\/$/, '') }
  return {
    start: npmRun('serve', [exercise.id, ...elsewhere(exercise, program)]),
    address,
    page: program.kind === 'page',
  }
}

/** The options that name a program which is not the learner's own copy. */
function elsewhere(
  exercise: Exercise,
  program: Exclude<Program, { kind: 'url' | 'client' }>,
): string[] {
  const { dir } = program
  if (dir === workFolder(exercise)) return []
  // From the project's folder, where all commands of a report can be typed.
  const typed = (path: string) => shownPath(path, resolvePaths().project)
  if (program.kind === 'command' && program.label === undefined)
    return ['--cmd', program.command, '--dir', typed(dir)]
  const file = join(dir, program.kind === 'command' ? basename(program.label!) : program.entry)
  return exercise.files.length > 1 ? ['--dir', typed(dirname(file))] : ['--file', typed(file)]
}
