import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { resolvePaths } from '../../../../course/paths.ts'

const SETPRIV = '/usr/bin/setpriv'

/**
 * What starts a program so that the system ends it when its grader ends, however that ends: Linux
 * with util-linux can; elsewhere it is nothing.
 */
export const diesWithGrader: readonly string[] =
  process.platform === 'linux' && existsSync(SETPRIV) ? [SETPRIV, '--pdeathsig', 'KILL', '--'] : []

/**
 * Where it is noted which programs run, for the next grading to end those whose grader was killed;
 * null where the system ends them.
 */
export function notesOfPrograms(): string | null {
  return diesWithGrader.length > 0 ? null : join(resolvePaths().state, 'programs')
}
