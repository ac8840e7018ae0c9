import { resolvePaths, type Paths } from '../course/paths.ts'
import type { WorkFile } from '../course/work/work-folder.ts'
import { encodeEvidence, type Grading } from '../grader/index.ts'

/**
 * Keeps a run's report, evidence and files, so that its page can be opened. Gives the sentence to
 * tell when that was not possible: the verdict stands without it. Old runs are removed now and
 * then.
 */
export async function saveGrading(
  grading: Grading,
  files: readonly WorkFile[],
): Promise<string | null> {
  const { saveRun } = await import('../store/runs.ts')
  const paths = resolvePaths()
  try {
    saveRun(paths.runs, {
      report: grading.report,
      evidence: encodeEvidence(grading.evidence),
      files,
    })
    await pruneOldRuns(paths)
    return null
  } catch (error) {
    if (!(error instanceof Error) || !('remedy' in error)) throw error
    return `The run was not kept: ${error.message} ${String(error.remedy)}`
  }
}

/** So many gradings pass before one opens the progress file to see which runs were submitted. */
const SLACK = 20

/** Says nothing when it fails, because the next grading tries again, and so does npm start. */
async function pruneOldRuns({ runs, store: file }: Paths): Promise<void> {
  const { countRuns, pruneRuns, RUNS_KEPT } = await import('../store/runs.ts')
  try {
    if (countRuns(runs) < RUNS_KEPT + SLACK) return
    const { openStore } = await import('../store/open-store.ts')
    const store = openStore(file)
    try {
      pruneRuns(runs, await store.submittedRuns())
    } finally {
      store.close()
    }
  } catch {
    // A progress file that cannot be read says nothing of what was submitted.
  }
}
