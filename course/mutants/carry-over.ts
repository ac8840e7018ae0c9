import { appliesInPlace } from './apply-strictly.ts'
import { mergeFinely } from './merge-finely.ts'
import { PatchError } from './patch-error.ts'
import { applyMutantPatch, formatMutantPatch, type ChangedFile, type MutantPatch } from './patch.ts'

/** Gives the text of a file of a solution, undefined when there is none. */
export type ReadFile = (path: string) => string | undefined

/** What becomes of a patch when its solution has changed. */
export type CarriedPatch =
  | { readonly outcome: 'unchanged' }
  /** The patch for the solution of now. */
  | { readonly outcome: 'carried'; readonly text: string }
  /** `files`: as far as it could be merged, conflicts marked; the solution where that is nothing. */
  | { readonly outcome: 'by-hand'; readonly why: string; readonly files: readonly ChangedFile[] }

/**
 * Carries a patch over to a changed solution: it is applied to the solution as it was committed,
 * and what has changed since is merged into that mutant, three ways. Without that base, only what
 * still applies is taken.
 */
export function carryOver(patch: MutantPatch, now: ReadFile, committed: ReadFile): CarriedPatch {
  if (patch.files.every((file) => inPlace(file, now))) return { outcome: 'unchanged' }
  const based = tryApply(patch, committed)
  const merged = based instanceof PatchError ? undefined : mergeFiles(based, now)
  if (merged?.conflicts === 0) return carried(patch, merged.files)
  const applied = tryApply(patch, now)
  if (!(applied instanceof PatchError)) return carried(patch, applied)
  return {
    outcome: 'by-hand',
    why: merged
      ? `solution and mutant change the same lines in ${merged.conflicts === 1 ? 'one place' : `${merged.conflicts} places`}`
      : applied.message.replace(/\.$/, ''),
    files:
      merged?.files ??
      patch.files.flatMap(({ path }) => {
        const solution = now(path)
        return solution === undefined ? [] : [{ path, solution, mutant: solution }]
      }),
  }
}

function carried(patch: MutantPatch, files: readonly ChangedFile[]): CarriedPatch {
  const same = files.find(({ solution, mutant }) => solution === mutant)
  return same
    ? { outcome: 'by-hand', why: `${same.path} no longer differs from the solution`, files }
    : { outcome: 'carried', text: formatMutantPatch(patch.misconception, files) }
}

function inPlace(file: MutantPatch['files'][number], now: ReadFile): boolean {
  const text = now(file.path)
  return text !== undefined && appliesInPlace(file, text) && canApply(file, text)
}

function canApply(file: MutantPatch['files'][number], text: string): boolean {
  const patch = { misconception: '', files: [file] }
  return !(tryApply(patch, () => text) instanceof PatchError)
}

function tryApply(patch: MutantPatch, read: ReadFile): ChangedFile[] | PatchError {
  try {
    return applyMutantPatch(patch, read)
  } catch (error) {
    if (error instanceof PatchError) return error
    throw error
  }
}

/** The solution's change since `based` was made, taken into each mutant. */
function mergeFiles(
  based: readonly ChangedFile[],
  now: ReadFile,
): { files: ChangedFile[]; conflicts: number } | undefined {
  const files: ChangedFile[] = []
  let conflicts = 0
  for (const { path, solution: base, mutant } of based) {
    const solution = now(path)
    if (solution === undefined) return undefined
    const merged = mergeFinely(mutant, base, solution)
    conflicts += merged.conflicts
    files.push({ path, solution, mutant: merged.text })
  }
  return { files, conflicts }
}
