import { formatMutantPatch } from '../../course/mutants/patch.ts'

/** A mutant of one file, as an entry of an exercise's files. */
export function mutantPatch(
  id: string,
  misconception: string,
  path: string,
  solution: string,
  mutant: string,
): Record<string, string> {
  return {
    [`mutants/${id}.patch`]: formatMutantPatch(misconception, [{ path, solution, mutant }]),
  }
}
