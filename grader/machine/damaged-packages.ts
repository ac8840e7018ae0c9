import { isAbsolute } from 'node:path'
import { fileURLToPath } from 'node:url'
import { resolvePaths, shownPath } from '../../course/paths.ts'
import { GraderError } from '../types/errors.ts'

export const REINSTALL = 'Install the packages again, then run this again:\n  npm ci'

const NOT_FOUND = ['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND', 'ENOENT']

/**
 * What an error says of the packages in the project's `node_modules`, or null when it is about
 * something else: a file is missing, after an interrupted `npm ci` or for a virus scanner.
 */
export function damagedPackages(
  error: unknown,
  project = resolvePaths().project,
): GraderError | null {
  if (!(error instanceof Error)) return null
  if (!NOT_FOUND.includes(String((error as NodeJS.ErrnoException).code))) return null
  const place = missingPlace(error)
  if (place === undefined) return null
  const shown = isAbsolute(place) ? shownPath(place, project) : `node_modules/${place}`
  if (!shown.startsWith('node_modules/')) return null
  return new GraderError(`A file of the packages is missing: ${shown}`, REINSTALL, { cause: error })
}

/** The path of a file, or the name of a package. */
function missingPlace(error: Error): string | undefined {
  const { url, path } = error as Error & { url?: string; path?: string }
  if (url !== undefined) return fileURLToPath(url)
  const [, file, name] =
    /Cannot find (?:module '([^']+)'|package '([^']+)')/.exec(error.message) ?? []
  // A package that is looked for by name is one of ours only when one of our files looks for it.
  if (
    name !== undefined &&
    !/imported from .*\/(bin|cli|course|grader|node_modules|server|store)\//.test(error.message)
  )
    return undefined
  return file ?? name ?? path
}
