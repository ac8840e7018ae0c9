import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { listMutants } from '../mutants/mutants.ts'
import { idPattern } from './schemas.ts'

type Report = (where: string, message: string, remedy: string) => void

/**
 * What is misnamed in an exercise's `mutants/`. Neither what a patch says nor whether there is one
 * is looked at here: such a course can be learned with, verify --update has to load it, and so has
 * the command that makes the first mutant.
 */
export function checkMutants(
  dir: string,
  folder: string,
  started: string | undefined,
  report: Report,
): void {
  const mutants = listMutants({ dir })
  for (const { id, form, path } of mutants) {
    const where = `${folder}/${path}`
    if (!idPattern.test(id)) {
      report(
        where,
        `The mutant's name "${id}" is not in kebab-case.`,
        'It is the id of the diagnosis it must earn.',
      )
    }
    if (form === 'patch') continue
    if (started !== undefined && !existsSync(join(dir, path, started))) {
      report(
        where,
        `This mutant has no ${started}.`,
        'Add the wrong solution, or remove the folder.',
      )
    }
    if (mutants.some((other) => other.id === id && other.form === 'patch')) {
      report(
        where,
        `The mutant ${id} is here twice, as a folder and as ${id}.patch.`,
        'Remove the one that is out of date.',
      )
    }
  }
}
