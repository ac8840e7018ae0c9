import { setTimeout as wait } from 'node:timers/promises'
import type { FoundExercise } from '../../course/find.ts'
import type { Exercise } from '../../course/types.ts'
import type { Claim } from '../queue/claim.ts'
import type { EventWriter } from '../queue/event-writer.ts'
import { finishErred, finishJudged, giveBack, type Judged } from '../queue/finish.ts'
import type { Queues } from '../queue/queues.ts'
import { isPassing } from '../../store/postgres/trouble-of.ts'
import { ClaimLost } from './fetch-loop.ts'
import type { GradeSubmission } from './grade-job.ts'
import type { Reach } from './reach.ts'

export interface Settling {
  readonly queues: Queues
  readonly writer: EventWriter
  readonly grade: GradeSubmission
  readonly find: (exerciseId: string) => Pick<FoundExercise, 'exercise' | 'lesson'> | undefined
  readonly versionOf: (exercise: Exercise) => Promise<string>
  readonly say: (sentence: string) => void
  readonly reach: Reach
}

type Outcome =
  | { readonly type: 'judged'; readonly judged: Judged }
  | { readonly type: 'erred'; readonly reason: string }
  | { readonly type: 'ended' }

const AGAIN_MS = 300

/** Grades what was claimed and keeps what that came to, or gives it back. Never rejects. */
export async function settleClaim(
  claim: Claim,
  signal: AbortSignal,
  settling: Settling,
): Promise<void> {
  const { say, reach } = settling
  const startedAt = performance.now()
  const found = await gradeClaim(claim, signal, settling)
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
  try {
    say(`${nameOf(claim)} ${inWords(await keepOutcome(claim, found, signal, settling))}`)
  } catch (error) {
    // Its claim lapses, and another worker takes it.
    reach.failed(error as Error)
  }

  function inWords(kept: Outcome | null): string {
    if (!kept) return 'is another worker’s now; what this one found is dropped.'
    if (kept.type === 'judged') return `${kept.judged.report.verdict} after ${seconds} s.`
    if (kept.type === 'ended') return 'goes back in line.'
    const next = claim.erredBefore ? 'The teacher is told.' : 'It is graded once more.'
    return `could not be graded: ${kept.reason} ${next}`
  }
}

async function gradeClaim(
  claim: Claim,
  signal: AbortSignal,
  { writer, grade, find, versionOf, say }: Settling,
): Promise<Outcome> {
  try {
    const found = find(claim.exerciseId)
    if (!found) return erred(`The worker’s course has no exercise “${claim.exerciseId}”.`)
    const version = await versionOf(found.exercise)
    if (claim.regrade !== undefined && claim.regrade !== version)
      return erred('The worker has other checks than those that are wanted. Update its course.')
    signal.throwIfAborted()
    if (claim.attempt > 1) say(`${nameOf(claim)} is graded again (attempt ${claim.attempt}).`)
    const { report, evidenceGz } = await grade(
      { exercise: found.exercise, lesson: found.lesson, run: claim.submission, files: claim.files },
      {
        // A regrade is nobody's to watch.
        onEvent: (event) => claim.regrade === undefined && writer.add(claim, event),
        signal,
      },
    )
    if (report.verdict === 'errored') return erred(report.error ?? 'The grader gave no reason.')
    return { type: 'judged', judged: { report, evidenceGz, checksVersion: version } }
  } catch (error) {
    if (signal.aborted) return { type: 'ended' }
    return erred(error instanceof Error ? error.message : String(error))
  }
}

function erred(reason: string): Outcome {
  return { type: 'erred', reason: /[.!?]$/.test(reason) ? reason : `${reason}.` }
}

/**
 * Tries until the database takes it. Gives what was kept, or null when the claim was lost, however
 * that came.
 */
async function keepOutcome(
  claim: Claim,
  found: Outcome,
  signal: AbortSignal,
  { queues, writer, reach }: Settling,
): Promise<Outcome | null> {
  const events = await writer.take(claim)
  for (let outcome = found; ;) {
    try {
      const isKept = await keepOnce(outcome)
      reach.reached()
      return isKept ? outcome : null
    } catch (error) {
      if (isPassing(error) && !signal.aborted) {
        reach.failed(error as Error)
        await wait(AGAIN_MS)
      } else if (!isPassing(error) && outcome.type === 'judged') {
        outcome = erred(`Its verdict could not be kept: ${wordsOf(error)}`)
      } else throw error
    }
  }

  function keepOnce(outcome: Outcome): Promise<boolean> {
    if (outcome.type === 'judged') return finishJudged(queues, claim, outcome.judged, events)
    if (outcome.type === 'erred') return finishErred(queues, claim, outcome.reason, events)
    if (signal.reason instanceof ClaimLost) return Promise.resolve(false)
    return giveBack(queues, claim)
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function nameOf({ submission, exerciseId, regrade }: Claim): string {
  return `${regrade === undefined ? 'Submission' : 'The regrade of'} ${submission} (${exerciseId})`
}
