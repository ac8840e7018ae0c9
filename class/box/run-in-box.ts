import { join } from 'node:path'
import type { GradeEvent } from '../../grader/index.ts'
import { startBox } from './box-process.ts'
import { wallLimitMs } from './limits.ts'
import { boxEnvironment, inOuterBox } from './outer-box.ts'
import { preparedBox, type PreparedBox } from './prepare-box.ts'
import { faultOfFiles, sentJob, type BoxJob } from './protocol.ts'
import { failed, readBox, type BoxOutcome } from './read-box.ts'

export interface BoxOptions {
  /** Called for every event, in order; `finished` comes when the box is over. */
  readonly onEvent?: (event: GradeEvent) => void
  /** Aborting ends the box at once. */
  readonly signal?: AbortSignal
  /** Another box than this machine's. */
  readonly box?: PreparedBox
  /** Milliseconds; twice the exercise's time and half a minute when left out. */
  readonly wallMs?: number
}

const PROGRAM = join(import.meta.dirname, 'grade-in-box.ts')
const NODE_OPTIONS = ['--disable-warning=ExperimentalWarning']

/**
 * Grades a learner's files in a box of their own. Settles when no process of the box is left, on
 * every path; its files were in memory and went with it. Rejects with the signal's reason when that
 * was aborted, with what onEvent throws, and with a GraderError where this machine has no box.
 */
export async function gradeInBox(job: BoxJob, options: BoxOptions = {}): Promise<BoxOutcome> {
  const { onEvent = () => {}, signal, wallMs = wallLimitMs(job.exercise.gradingSeconds) } = options
  signal?.throwIfAborted()
  const fault = faultOfFiles(job.files)
  if (fault !== null) return failed('refused', fault)
  const box = options.box ?? (await preparedBox())
  signal?.throwIfAborted()

  let outcome: BoxOutcome | undefined
  const settle = (settled: BoxOutcome | undefined) => {
    outcome ??= settled
    // What is left in there is of no use to anybody.
    if (outcome) running.kill()
  }
  const read = readBox(job, onEvent)
  let thrown: { error: unknown } | undefined
  const onLine = (line: string) => {
    if (outcome ?? thrown) return
    try {
      settle(read(line))
    } catch (error) {
      thrown = { error }
      running.kill()
    }
  }
  const running = startBox({
    line: inOuterBox([process.execPath, ...NODE_OPTIONS, PROGRAM], job.exercise, box.places),
    env: boxEnvironment(box.places),
    user: box.user,
    input: JSON.stringify(sentJob(job)),
    onLine,
    onFlood: () => settle(failed('oversized', 'It wrote more than a grading may.')),
  })
  const tooLate = () => settle(failed('timeout', `It was not over after ${wallMs / 1000} s.`))
  const timer = setTimeout(tooLate, wallMs)
  signal?.addEventListener('abort', running.kill)
  const end = await running.over
  clearTimeout(timer)
  signal?.removeEventListener('abort', running.kill)
  signal?.throwIfAborted()
  if (thrown) throw thrown.error
  outcome ??= failed('broken', end.complaint || `It ended with exit code ${end.code}.`)
  if (outcome.kind === 'graded') onEvent({ type: 'finished', report: outcome.grading.report })
  return outcome
}
