import type { Records } from '../course/progress/progress.ts'
import { keepLearning, type Learning } from './learning.ts'
import type { SqlDatabase } from './sql.ts'
import { keepSubmissions, type Submissions } from './submissions.ts'

/**
 * What one learner has done. Several programs may write it at once. Every method throws StoreError.
 */
export interface Store extends Submissions, Learning {
  /** What `courseProgress` asks for. */
  records(): Promise<Records>
  /** Another text whenever something here was written since, by whichever program. */
  revision(): Promise<string>
}

/** The store of one learner, in whichever database. */
export function learnerStore(
  database: SqlDatabase,
  learnerId: string,
  revision: Store['revision'],
): Store {
  const submissions = keepSubmissions(database, learnerId)
  const learning = keepLearning(database, learnerId)
  return {
    ...submissions,
    ...learning,
    async records() {
      const [answers, verdicts, reads] = await Promise.all([
        learning.answers(),
        submissions.bestVerdicts(),
        learning.lessonReads(),
      ])
      return { answers, verdicts: [...verdicts.values()], reads }
    },
    revision,
  }
}
