import {
  publishRegrade,
  regrade,
  regradeTable,
  type RegradeRow,
  type Score,
  type Which,
} from '../../../class/queue/regrade.ts'
import { openQueues } from '../../../class/queue/queues.ts'
import { npmRun } from '../../../course/command-line.ts'
import { printable } from '../../../grader/report/index.ts'
import type { ExitCode } from '../../exit-code.ts'
import { loadOwnCourse, requireExercise } from '../../options/find-exercise.ts'
import { withClass } from './with-class.ts'

export interface RegradeOptions {
  readonly latest?: boolean
  readonly publish?: boolean
}

/**
 * Judges what was submitted by the checks as they are now, and shows what would change. What counts
 * changes with `--publish` alone, and only once every new verdict is there. Gives 3 while some are
 * not.
 * @throws UsageError, StoreError, GraderError (the checks do not load)
 */
export async function regradeClass(id: string, options: RegradeOptions): Promise<ExitCode> {
  const found = requireExercise(await loadOwnCourse(), id)
  const which: Which = options.latest ? 'latest' : 'best'
  const again = (...words: string[]) =>
    npmRun('class', ['regrade', id, ...(options.latest ? ['--latest'] : []), ...words])
  return withClass(async (pool) => {
    const queues = await openQueues(pool, () => {})
    try {
      const { checksVersion } = await regrade(queues, found, which)
      const rows = await regradeTable(queues, id, checksVersion, which)
      const waiting = rows.filter(({ after }) => after === null).length
      tell(tableOf(rows))
      if (rows.length === 0) return 0
      if (waiting > 0) {
        tell(
          `${waiting} of ${rows.length} need to be graded again, and are in line for the workers. Nothing has changed for anybody yet.\nRun this again when they are done: ${again(...(options.publish ? ['--publish'] : []))}`,
        )
        return 3
      }
      if (!options.publish) {
        tell(
          `Nothing has changed for anybody yet. To let the new verdicts count: ${again('--publish')}`,
        )
        return 0
      }
      const changed = await publishRegrade(queues, id, checksVersion)
      tell(
        `${changed === 1 ? '1 verdict counts' : `${changed} verdicts count`} now. The ones of before are kept.`,
      )
      return 0
    } finally {
      await queues.close()
    }
  })
}

function tableOf(rows: readonly RegradeRow[]): string {
  if (rows.length === 0) return 'Nobody has submitted this exercise yet.'
  const changed = rows.filter(({ before, after }) => after !== null && !isSame(before, after))
  const lines = changed.map(
    ({ learner, before, after }) =>
      `  ${printable(learner)}: ${scoreText(before)} → ${scoreText(after!)}`,
  )
  const judged = rows.filter(({ after }) => after !== null).length
  return [...lines, `${judged} judged again, ${changed.length} of them differently.`].join('\n')
}

function isSame(before: Score, after: Score): boolean {
  return before.verdict === after.verdict && before.passedChecks === after.passedChecks
}

function scoreText({ verdict, passedChecks, totalChecks }: Score): string {
  return verdict === 'errored' ? 'could not be judged' : `${verdict} ${passedChecks}/${totalChecks}`
}

function tell(text: string): void {
  process.stdout.write(`${text}\n`)
}
