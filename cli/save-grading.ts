import { resolvePaths } from '../course/paths.ts'
import type { WorkFile } from '../course/work/work-folder.ts'
import { encodeEvidence, type Grading } from '../grader/index.ts'

/**
 * Keeps a run's report, evidence and files, so that its page can be opened. Gives the sentence to
 * tell when that was not possible: the verdict stands without it.
 */
export async function saveGrading(
  grading: Grading,
  files: readonly WorkFile[],
): Promise<string | null> {
  const { saveRun } = await import('../store/runs.ts')
  try {
    saveRun(resolvePaths().runs, {
      report: grading.report,
      evidence: encodeEvidence(grading.evidence),
      files,
    })
    return null
  } catch (error) {
    if (!(error instanceof Error) || !('remedy' in error)) throw error
    return `The run was not kept: ${error.message} ${String(error.remedy)}`
  }
}
