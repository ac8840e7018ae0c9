import { gunzipSync } from 'node:zlib'
import { decodeEvidence, type GradeEvent, type Grading } from '../../grader/index.ts'
import { LIMITS } from './limits.ts'
import { boxLine, type BoxJob, type BoxLine } from './protocol.ts'
import { report as reportSchema } from './schemas.ts'

export type BoxOutcome =
  | {
      readonly kind: 'graded'
      readonly grading: Grading
      /** The same evidence as encodeEvidence() gives it, gzipped. */
      readonly evidenceGz: Buffer
    }
  | { readonly kind: 'failed'; readonly why: BoxFailure; readonly message: string }

/**
 * Why there is no verdict. Never the learner's fault, but for `refused`.
 * - `broken`: the box did not start, or ended by itself
 * - `timeout`: ended after twice the exercise's time and half a minute
 * - `forged`: it wrote what the program inside never writes
 * - `oversized`: it wrote more than a grading may
 * - `erred`: the grader or the exercise erred; the message is the report's
 * - `refused`: files that are none of a submission's
 */
export type BoxFailure = 'broken' | 'timeout' | 'forged' | 'oversized' | 'erred' | 'refused'

/**
 * Gives what reads the lines of a box. Its result is undefined until the line that decides it; what
 * comes after that is not read.
 */
export function readBox(
  job: BoxJob,
  onEvent: (event: GradeEvent) => void,
): (text: string) => BoxOutcome | undefined {
  const result = createResult(job)
  let outcome: BoxOutcome | undefined
  return (text) => {
    if (outcome) return outcome
    const line = parsed(text)
    if (line === null) outcome = failed('forged', `It wrote ${JSON.stringify(text.slice(0, 200))}`)
    else if ('event' in line) onEvent(line.event)
    else if ('broken' in line) outcome = failed('broken', line.broken)
    else if ('part' in line) result.add(line)
    else outcome = result.whole(line)
    return outcome
  }
}

export function failed(why: BoxFailure, message: string): BoxOutcome {
  return { kind: 'failed', why, message }
}

function parsed(text: string): BoxLine | null {
  try {
    return boxLine.parse(JSON.parse(text))
  } catch {
    return null
  }
}

/** Puts the pieces of a result together. */
function createResult({ exercise, run }: BoxJob) {
  const pieces: Record<'report' | 'evidence', Buffer[]> = { report: [], evidence: [] }
  const bytesOf = (part: 'report' | 'evidence') => Buffer.concat(pieces[part])
  return {
    add: ({ part, base64 }: Extract<BoxLine, { part: unknown }>) =>
      void pieces[part].push(Buffer.from(base64, 'base64')),
    whole({ end }: Extract<BoxLine, { end: unknown }>): BoxOutcome {
      const [reportGz, evidenceGz] = [bytesOf('report'), bytesOf('evidence')]
      if (reportGz.length !== end.report || evidenceGz.length !== end.evidence)
        return failed('forged', 'Its result is not whole.')
      try {
        const report = reportSchema.parse(JSON.parse(unpacked(reportGz)))
        if (report.exercise !== exercise.id || (run !== undefined && report.run !== run))
          return failed('forged', 'Its result is of another grading.')
        if (report.verdict === 'errored')
          return failed('erred', report.error ?? erredCheck(report) ?? 'A check erred.')
        const evidence = decodeEvidence(unpacked(evidenceGz))
        return { kind: 'graded', grading: { report, evidence }, evidenceGz }
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE')
          return failed('oversized', 'Its result is larger than a grading may give.')
        return failed(
          'forged',
          `Its result cannot be read: ${(error as Error).message.slice(0, 200)}`,
        )
      }
    },
  }
}

function erredCheck({ checks }: Grading['report']): string | undefined {
  return checks.find(({ outcome }) => outcome === 'errored')?.error
}

function unpacked(bytes: Buffer): string {
  return gunzipSync(bytes, { maxOutputLength: LIMITS.unpackedBytes }).toString('utf8')
}
