import { join } from 'node:path'
import { listFilesBelow, listFolder, readText } from '../read/course-files.ts'
import type { Exercise } from '../types.ts'
import { splitMisconception } from './misconception-line.ts'
import { applyMutantPatch, type ChangedFile } from './patch.ts'
import { readMutantPatch } from './patch-file.ts'

/** Where an exercise keeps a mutant. */
export interface MutantPlace {
  /** Id of the diagnosis it has to earn. */
  readonly id: string
  /** folder: a whole program, of which the first line is a comment with the misconception. */
  readonly form: 'patch' | 'folder'
  /** Relative to the exercise's folder: `mutants/milliseconds.patch`, `mutants/milliseconds`. */
  readonly path: string
}

/** A mutant as it was read. */
export interface Mutant extends MutantPlace {
  readonly misconception: string
  /** The files in which it differs from the solution, the one that is started first. */
  readonly files: readonly ChangedFile[]
}

type Folder = Pick<Exercise, 'dir'>

/** The mutants of an exercise by id. What else is in the folder is left out. Throws FileError. */
export function listMutants({ dir }: Folder): MutantPlace[] {
  const { folders, files } = listFolder(join(dir, 'mutants'))
  const places: MutantPlace[] = [
    ...folders.map((id) => ({ id, form: 'folder' as const, path: `mutants/${id}` })),
    ...files
      .filter((file) => file.endsWith('.patch'))
      .map((file) => ({
        id: file.slice(0, -'.patch'.length),
        form: 'patch' as const,
        path: `mutants/${file}`,
      })),
  ]
  return places.toSorted((a, b) => (a.id < b.id ? -1 : 1))
}

/** The ids of the diagnoses that have a mutant, each once. Throws FileError. */
export function mutantIds(exercise: Folder): string[] {
  return [...new Set(listMutants(exercise).map(({ id }) => id))]
}

/**
 * A mutant as its author wrote it. Of a folder without a misconception that one is empty. Throws
 * FileError. @throws PatchError
 */
export function readMutant(
  exercise: Pick<Exercise, 'dir' | 'files'>,
  place: MutantPlace,
  solutionFile: (path: string) => string | undefined = (path) => solutionText(exercise, path),
): Mutant {
  if (place.form === 'patch') {
    const patch = readMutantPatch(join(exercise.dir, place.path))
    const files = applyMutantPatch(patch, solutionFile)
    return { ...place, misconception: patch.misconception, files: startedFirst(exercise, files) }
  }
  const [started] = exercise.files
  const folder = join(exercise.dir, place.path)
  const read = listFilesBelow(folder).map((path) => {
    const text = readText(join(folder, path)) ?? ''
    return {
      path,
      ...(path === started ? splitMisconception(text) : { misconception: undefined, text }),
    }
  })
  const misconception = read.find(({ path }) => path === started)?.misconception ?? ''
  const files = read
    .map(({ path, text }) => ({ path, solution: solutionFile(path) ?? '', mutant: text }))
    .filter(({ solution, mutant }) => solution !== mutant)
  return { ...place, misconception, files: startedFirst(exercise, files) }
}

/** The text of a file of the solution, undefined when there is none. Throws FileError. */
export function solutionText({ dir }: Folder, path: string): string | undefined {
  return readText(join(dir, 'solution', path))
}

function startedFirst({ files: [started] }: Pick<Exercise, 'files'>, files: ChangedFile[]) {
  return files.toSorted((a, b) => Number(b.path === started) - Number(a.path === started))
}
