import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { resolvePaths } from '../course/paths.ts'
import { openMutantPrograms, type MutantPrograms } from '../course/mutants/mutant-programs.ts'
import { listMutants } from '../course/mutants/mutants.ts'

const opened = new Map<string, MutantPrograms>()
process.on('exit', removeAuthorsPrograms)

/** Removes what was made of patches. A worker of the tests is ended without an exit. */
export function removeAuthorsPrograms(): void {
  opened.forEach((programs) => programs.remove())
  opened.clear()
}

/**
 * The folder of a program an author wrote: `solution`, `stub` or `mutants/milliseconds`. `exercise`
 * is an id of this course, or the folder of an exercise. That of a patch is made in the temporary
 * folder and removed when this process ends.
 */
export function authorsFolder(exercise: string, variant: string): string {
  const dir = exercise.includes('/') ? exercise : join(resolvePaths({}).root, 'exercises', exercise)
  const [folder, id] = variant.split('/')
  if (folder !== 'mutants') return join(dir, variant)
  const place = listMutants({ dir }).find((each) => each.id === id)
  if (place === undefined) throw new Error(`${dir} has no mutant ${id}`)
  const programs =
    opened.get(dir) ?? openMutantPrograms({ id: basename(dir), dir, files: ['server.ts'] })
  opened.set(dir, programs)
  return programs.folderOf(place)
}

/** Its server.ts. */
export function authorsFile(exercise: string, variant: string): string {
  return readFileSync(join(authorsFolder(exercise, variant), 'server.ts'), 'utf8')
}
