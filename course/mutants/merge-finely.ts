import { diff3Merge } from 'node-diff3'

/**
 * Merges two changes of a text, three ways: by lines, and where both changed lines next to each
 * other or the same one, by words. So a name that one renamed and a number that the other changed
 * merge within a line. Where even the same words differ, both sides stay, each marked.
 */
export function mergeFinely(
  mutant: string,
  base: string,
  solution: string,
): { readonly text: string; readonly conflicts: number } {
  let conflicts = 0
  const lines = diff3Merge(mutant.split('\n'), base.split('\n'), solution.split('\n'), {
    excludeFalseConflicts: true,
  }).flatMap(({ ok, conflict }) => {
    if (ok) return ok
    if (!conflict) return []
    const merged = mergeWords(conflict.a, conflict.o, conflict.b)
    if (merged) return merged
    conflicts++
    return ['<<<<<<< the mutant', ...conflict.a, '=======', ...conflict.b, '>>>>>>> the solution']
  })
  return { text: lines.join('\n'), conflicts }
}

function mergeWords(
  mutant: readonly string[],
  base: readonly string[],
  solution: readonly string[],
): string[] | undefined {
  // What one side removed as a whole leaves no words to merge into.
  if (mutant.length === 0 || base.length === 0 || solution.length === 0) return undefined
  const words = (lines: readonly string[]) => lines.join('\n').match(/\w+|\n| +|[^\w\n ]/g) ?? []
  const merged: string[] = []
  for (const { ok, conflict } of diff3Merge(words(mutant), words(base), words(solution), {
    excludeFalseConflicts: true,
  })) {
    if (conflict) return undefined
    merged.push(...(ok ?? []))
  }
  return merged.join('').split('\n')
}
