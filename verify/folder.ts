import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { npmRun } from '../course/command-line.ts'
import { listMutants, mutantIds } from '../course/mutants/mutants.ts'
import type { Exercise } from '../course/types.ts'

/**
 * What is wrong with an exercise's folder and front matter, before anything is run. One sentence
 * each, with the remedy.
 */
export function folderProblems(exercise: Exercise): string[] {
  return [...hintProblems(exercise), ...mutantProblems(exercise), ...strayFiles(exercise)]
}

const HINTS = 3

function hintProblems({ hints: all }: Exercise): string[] {
  const hints = all.map(({ text }) => text)
  // One about a check comes on top of the three, or is one of them.
  const general = all.filter(({ check }) => check === undefined).length
  const normal = hints.map((hint) =>
    hint
      .toLowerCase()
      .replace(/[^\p{Letter}\p{Number}]+/gu, ' ')
      .trim(),
  )
  const twice = normal.findIndex((hint, index) => normal.indexOf(hint) < index)
  return [
    ...(hints.length >= HINTS && general <= HINTS
      ? []
      : [
          `has ${hints.length} ${hints.length === 1 ? 'hint' : 'hints'}; give it ${HINTS}: the idea, the mechanism, nearly the line`,
        ]),
    ...(twice === -1
      ? []
      : [
          `hint ${twice + 1} says the same as hint ${normal.indexOf(normal[twice]!) + 1}; each goes further than the one before`,
        ]),
    ...hints.flatMap((hint, index) =>
      hint.includes('TODO') ? [`hint ${index + 1} is still a TODO`] : [],
    ),
  ]
}

function mutantProblems(exercise: Exercise): string[] {
  return mutantIds(exercise).length > 0
    ? []
    : [
        `has no mutant; add a wrong solution for each diagnosis, named for it: ${npmRun('mutant', [exercise.id, '<diagnosis-id>'])}`,
      ]
}

function strayFiles(exercise: Exercise): string[] {
  const mutants = listMutants(exercise)
  const known = new Set([
    'exercise.md',
    'checks.ts',
    'scenarios.ts',
    ...importedBeside(exercise.dir),
    ...(exercise.kind === 'page' ? ['index.html'] : []),
    // With which an editor finds beside a program what is given.
    ...(exercise.given ? ['tsconfig.json'] : []),
    ...['stub', ...mutantIds(exercise)].map((name) => `feedback/${name}.txt`),
    ...mutants.filter(({ form }) => form === 'patch').map(({ path }) => path),
  ])
  const solution = new Set(everyFile(join(exercise.dir, 'solution')))
  const belongs = (path: string) => {
    const [folder, ...rest] = path.split('/')
    const file = rest.join('/')
    if (known.has(path)) return true
    if (folder === 'solution') return !isForeign(file)
    // What is started and what it needs stands in the solution too; a file that does not is left
    // over.
    if (folder === 'given') return exercise.given?.includes(file) ?? false
    if (folder === 'stub') return exercise.files.includes(file)
    if (folder === 'mutants' || folder === 'right')
      return rest.length > 1 && solution.has(rest.slice(1).join('/'))
    return false
  }
  return everyFile(exercise.dir)
    .filter((path) => !belongs(path))
    .map((path) => `${path} isn't part of an exercise; remove it`)
}

/** The files beside checks.ts and scenarios.ts that they import, and those import: `answers.ts`. */
function importedBeside(folder: string): Set<string> {
  const found = new Set<string>()
  const look = (name: string) => {
    const path = join(folder, name)
    if (!existsSync(path)) return
    for (const [, imported] of readFileSync(path, 'utf8').matchAll(/ from '\.\/([^/']+\.ts)'/g)) {
      if (imported === undefined || found.has(imported)) continue
      found.add(imported)
      look(imported)
    }
  }
  look('checks.ts')
  look('scenarios.ts')
  return found
}

/** Hidden files and installed packages. */
function isForeign(file: string): boolean {
  return file.split('/').some((part) => part.startsWith('.') || part === 'node_modules')
}

/** Relative to the folder, hidden files too, in order; of a folder with packages the name alone. */
function everyFile(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true })
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) =>
      entry.isDirectory() && entry.name !== 'node_modules'
        ? everyFile(join(folder, entry.name)).map((file) => `${entry.name}/${file}`)
        : [entry.name],
    )
}
