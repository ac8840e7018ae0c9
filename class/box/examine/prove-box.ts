import { preparedBox, type PreparedBox } from '../prepare-box.ts'
import { gradeInBox } from '../run-in-box.ts'
import { trialJob } from '../trial/trial.ts'
import { examineBox, type BoxExamination } from './examine-box.ts'

/**
 * What a worker asks before it takes work: that the boxes hold, and that a grading in them gives the
 * right verdict. What is compiled for that is kept for the gradings that follow.
 */
export async function proveBox(
  examine: () => Promise<BoxExamination> = examineBox,
  prepare: () => Promise<PreparedBox> = preparedBox,
): Promise<BoxExamination> {
  const examined = await examine()
  if (!examined.good) return examined
  try {
    const box = await prepare()
    const places = { ...box.places, fillsCache: true }
    const outcome = await gradeInBox(trialJob(), { box: { ...box, places } })
    if (outcome.kind === 'failed')
      return wrong(`A trial grading failed in the box: ${outcome.message}`)
    const { verdict, checks } = outcome.grading.report
    if (verdict === 'passed') return examined
    const failed = checks.find(({ outcome: each }) => each === 'failed')
    const why = failed?.diagnosis?.say ?? failed?.title ?? verdict
    return wrong(`A right program did not pass a trial grading in the box: ${why}`)
  } catch (error) {
    if (!(error instanceof Error && 'remedy' in error)) throw error
    return { good: false, says: error.message, remedy: String(error.remedy).split('\n') }
  }
}

function wrong(says: string): BoxExamination {
  return {
    good: false,
    says,
    remedy: ['See whether gradings work without a box:', '  npm run doctor'],
  }
}
