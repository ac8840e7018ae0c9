import { statSync } from 'node:fs'
import { nearestExisting } from '../../course/files/nearest-existing.ts'
import { resolvePaths } from '../../course/paths.ts'
import { MachineError } from '../explain-error.ts'

/**
 * Refuses a state or work folder that is a file, or would lie in one: much of what lies there is
 * only looked for, and would seem not to exist yet.
 * @throws MachineError
 */
export function requireFolders(env: NodeJS.ProcessEnv = process.env): void {
  const { state, work } = resolvePaths(env)
  for (const [variable, folder] of [
    ['ROUNDTRIP_HOME', state],
    ['ROUNDTRIP_WORK', work],
  ] as const) {
    const file = nearestExisting(folder)
    if (statSync(file).isDirectory()) continue
    const chosen = env[variable] ? ` (${variable})` : ''
    const where = file === folder ? 'is a file' : `is in ${file}, which is a file`
    throw new MachineError(
      `A folder is needed, but ${folder}${chosen} ${where}.`,
      `Rename that file, or set ${variable} to a folder, then run this again.`,
    )
  }
}
