import { globSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { dirname, join, resolve, sep } from 'node:path'
import type { Exercise } from '../../course/types.ts'
import { scenariosOf } from '../../grader/judge/run-checks.ts'
import { loadChecks, loadScenarios } from '../../grader/load-checks.ts'

/** The modules that checks.ts is made of, as a fingerprint has to know them. */
export interface ExerciseModules {
  /** Names of those beside checks.ts that have no part in what is recorded; it may be one. */
  readonly judging: ReadonlySet<string>
  /** Absolute paths of files outside the exercise's folder that are imported. */
  readonly outside: readonly string[]
}

/**
 * Tells the modules that only judge from those that record. Where every scenario that a check is
 * given is one that scenarios.ts exports, what scenarios.ts does not import has no part in
 * recording. Where that is not certain, every module counts as recording: what a function does
 * cannot be told from its text.
 */
export async function exerciseModules(exercise: Exercise): Promise<ExerciseModules> {
  const dir = realpathSync(exercise.dir)
  const names = globSync('*.ts', { cwd: dir })
  const pathOf = (name: string) => realpathSync(join(dir, name))
  const imported = importedBy(names.map(pathOf))
  const outside = [...imported].filter((path) => !path.startsWith(dir + sep)).toSorted()
  if (!(await takesAllFromScenarios(exercise))) return { judging: new Set(), outside }
  const recording = importedBy([pathOf('scenarios.ts')])
  const judging = names.filter((name) => !recording.has(pathOf(name)))
  return { judging: new Set(mayImportMore(recording) ? [] : judging), outside }
}

async function takesAllFromScenarios(exercise: Exercise): Promise<boolean> {
  try {
    const given = scenariosOf(await loadChecks(exercise))
    return given.isSubsetOf(await loadScenarios(exercise))
  } catch {
    return false
  }
}

/** A path in quotes is taken for an import, whichever way it is one. */
const RELATIVE = /(['"`])(\.\.?\/[^'"`\n]+)\1/g
const COMPUTED = /\b(?:import|require)\s*\(\s*(?!(['"])[^'"\n]+\1\s*[,)])/

/** The files and everything that they import, however far, packages excepted. */
function importedBy(files: readonly string[]): Set<string> {
  const found = new Set(files)
  for (const file of found)
    for (const [, , path] of readFileSync(file, 'utf8').matchAll(RELATIVE)) {
      const imported = resolve(dirname(file), path!)
      if (statSync(imported, { throwIfNoEntry: false })?.isFile()) found.add(realpathSync(imported))
    }
  return found
}

function mayImportMore(files: ReadonlySet<string>): boolean {
  return [...files].some((file) => COMPUTED.test(readFileSync(file, 'utf8')))
}
