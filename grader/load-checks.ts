import { readdir, stat } from 'node:fs/promises'
import { registerHooks } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { npmRun } from '../course/command-line.ts'
import { explainFileError } from '../course/read/file-error.ts'
import { requireOrdinaryFile } from '../course/read/read-file.ts'
import type { Exercise } from '../course/types.ts'
import { shortageOf } from './machine/shortage.ts'
import { GraderError } from './types/errors.ts'
import { partsOf, type Given, type Scenario } from './scenario.ts'
import type { Checks } from './judge/run-checks.ts'
import type { Check } from './judge/check.ts'
import { isRule } from './judge/rule.ts'
import { START_ID } from './start-check.ts'

/**
 * Loads an exercise's checks. Their ids are the names they are exported under, in kebab-case:
 * `sentBefore` is `sent-before`.
 * @throws GraderError when the file does not load or exports something else: the author's mistake,
 * never the learner's. Throws FileError where there is a named pipe or the like instead of a file.
 */
export async function loadChecks(exercise: Exercise): Promise<Checks> {
  const name = `exercises/${exercise.id}/checks.ts`
  let exported: unknown
  await requireFiles(exercise)
  try {
    exported = (await load(exercise, 'checks.ts'))['default']
  } catch (cause) {
    const lacking = shortageOf(cause)
    if (lacking) throw lacking
    throw new GraderError(
      `${name} could not be loaded: ${(cause as Error).message}`,
      `Fix ${name}; ${npmRun('verify', [exercise.id])} tries it.`,
      { cause },
    )
  }
  if (
    typeof exported !== 'object' ||
    exported === null ||
    !Object.values(exported).every(isCheck) ||
    Object.keys(exported).length === 0
  ) {
    throw new GraderError(
      `${name} exports no checks.`,
      'End the file with `export default { firstCheck, secondCheck }`, each made by check().',
    )
  }
  const checks = new Map(
    Object.entries(exported).map(([key, check]) => [kebabCase(key), check as Check<any>]),
  )
  const starting = checks.get(START_ID)
  if (starting)
    throw new GraderError(
      `${name}: "${starting.title}" is exported as \`${START_ID}\`, which is the first check of every exercise.`,
      'Export it under another name.',
    )
  const known = new Set(checks.values())
  for (const { title, after, diagnose = {} } of checks.values()) {
    for (const [id, rule] of Object.entries(diagnose))
      if (!isRule(rule))
        throw new GraderError(
          `${name}: the diagnosis "${id}" of "${title}" was not made by rule().`,
          `Write '${id}': rule({ when: …, say: … }), with rule imported from '#grader'.`,
        )
    if (after && !known.has(after))
      throw new GraderError(
        `${name}: "${title}" comes after "${after.title}", which is not exported.`,
        'Add it to the default export.',
      )
  }
  return checks
}

/**
 * The scenarios that scenarios.ts exports, each the object that the checks have of it.
 * @throws what importing the file throws
 */
export async function loadScenarios(exercise: Exercise): Promise<Set<Scenario<any>>> {
  await requireFiles(exercise)
  const exported = Object.values(await load(exercise, 'scenarios.ts'))
  return new Set(exported.filter(isGiven).flatMap(partsOf))
}

async function load({ dir }: Exercise, name: string): Promise<Record<string, unknown>> {
  giveGraderToEveryFolder()
  const { href } = pathToFileURL(join(dir, name))
  return import(`${href}?${await timesOfChange(dir)}`)
}

/** To import a named pipe would take for ever. */
async function requireFiles({ id, dir }: Exercise): Promise<void> {
  for (const name of await moduleNames(dir).catch(() => [])) {
    try {
      requireOrdinaryFile(join(dir, name))
    } catch (error) {
      throw explainFileError(error, `read exercises/${id}/${name}`)
    }
  }
}

async function moduleNames(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((name) => name.endsWith('.ts')).toSorted()
}

/**
 * When checks.ts and the files beside it were changed. This is part of their addresses, so that a
 * long-lived server sees an edited file.
 */
async function timesOfChange(folder: string): Promise<string> {
  const names = await moduleNames(folder)
  const states = await Promise.all(names.map((name) => stat(join(folder, name))))
  return states.map(({ mtimeMs }) => mtimeMs).join('.')
}

/** A file beside the one that imports it, and an address that timesOfChange() is part of. */
const BESIDE = /^\.\/[^/]+\.ts$/
const VERSION = /\?[\d.]+$/

let given = false

/**
 * `#grader` is an import of this package; a course in another folder, with a package.json of its
 * own, means the same by it.
 */
function giveGraderToEveryFolder(): void {
  if (given) return
  given = true
  const authoring = new URL('authoring.ts', import.meta.url).href
  registerHooks({
    resolve(specifier, context, next) {
      if (specifier === '#grader') return { url: authoring, shortCircuit: true }
      const resolved = next(specifier, context)
      const [version] = VERSION.exec(context.parentURL ?? '') ?? []
      // Loaded again with the checks that import it.
      return BESIDE.test(specifier) && version !== undefined
        ? { ...resolved, url: resolved.url + version }
        : resolved
    },
  })
}

function isCheck(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    'verify' in value &&
    'given' in value &&
    'title' in value
  )
}

function isGiven(value: unknown): value is Given<any> {
  return typeof value === 'object' && value !== null && ('record' in value || 'parts' in value)
}

function kebabCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}
