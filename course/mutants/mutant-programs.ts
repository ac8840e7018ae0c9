import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Exercise } from '../types.ts'
import { readMutant, type MutantPlace } from './mutants.ts'

/** Mutants as folders of programs, until they are removed. */
export interface MutantPrograms {
  /**
   * The folder with the whole program of a mutant. That of a patch is made when it is first asked
   * for; the program has no line about the misconception. Throws FileError. @throws PatchError
   */
  folderOf(place: MutantPlace): string
  /** Removes what was made. */
  remove(): void
}

/** Makes programs of an exercise's mutants in a temporary folder. The caller removes them. */
export function openMutantPrograms(
  exercise: Pick<Exercise, 'id' | 'dir' | 'files'>,
): MutantPrograms {
  let temporary: string | undefined
  const made = new Map<string, string>()
  return {
    folderOf(place) {
      if (place.form === 'folder') return join(exercise.dir, place.path)
      const { files } = readMutant(exercise, place)
      const known = made.get(place.id)
      if (known !== undefined) return known
      temporary ??= realpathSync(mkdtempSync(join(tmpdir(), 'roundtrip-mutants-')))
      const folder = join(temporary, exercise.id, place.id)
      cpSync(join(exercise.dir, 'solution'), folder, { recursive: true })
      for (const { path, mutant } of files) {
        mkdirSync(dirname(join(folder, path)), { recursive: true })
        writeFileSync(join(folder, path), mutant)
      }
      made.set(place.id, folder)
      return folder
    },
    remove() {
      if (temporary !== undefined) rmSync(temporary, { recursive: true, force: true })
      made.clear()
      temporary = undefined
    },
  }
}
