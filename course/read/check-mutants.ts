import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { listMutants } from '../mutants/mutants.ts'
import { idPattern } from './schemas.ts'

type Report = (where: string, message: string, remedy: string) => void

/**
 * What is missing or misnamed in an exercise's `mutants/`. What a patch says is not read here: a
 * course with a patch that does not apply can be learned with, and verify --update has to load it.
 */
export function checkMutants(
  dir: string,
  folder: string,
  started: string | undefined,
  report: Report,
): void {
  const mutants = listMutants({ dir })
  if (mutants.length === 0) {
    const remedy =
      'Add a wrong solution for each diagnosis, named for the diagnosis: mutants/<diagnosis-id>.patch.'
    report(`${folder}/mutants`, 'There is no mutant.', remedy)
  }
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
