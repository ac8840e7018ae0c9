import { damagedPackages } from './machine/damaged-packages.ts'
import { shortageOf } from './machine/shortage.ts'
import { BrowserDied, GraderError, InconclusiveObservation } from './types/errors.ts'

/** Why a scenario is run again, as a sentence for the learner; null when that would not help. */
export function reasonToRepeat(error: unknown): string | null {
  if (error instanceof InconclusiveObservation) return error.message
  if (error instanceof BrowserDied)
    return 'The browser died; your work was not judged. Running it again.'
  return null
}

/** What is said when a scenario could not be run, however often it was tried. */
export function gaveUp(error: Error): GraderError {
  return error instanceof BrowserDied
    ? new GraderError(
        'The browser died several times.',
        'npm run doctor tells whether it starts at all.',
        { cause: error },
      )
    : inconclusive(error)
}

function inconclusive(cause: Error): GraderError {
  const everyTime = cause instanceof InconclusiveObservation ? cause.everyTime : undefined
  return everyTime === undefined
    ? new GraderError(
        'This machine was too busy to time the program fairly, three times in a row.',
        'Close what keeps it busy and grade again.',
        { cause },
      )
    : new GraderError(everyTime, 'Grade again when that is over.', { cause })
}

/** Whatever was thrown, with a remedy. */
export function asGraderError(error: unknown): GraderError {
  if (error instanceof GraderError) return error
  const fault = damagedPackages(error) ?? shortageOf(error)
  if (fault) return fault
  if (error instanceof Error && 'remedy' in error && typeof error.remedy === 'string')
    return new GraderError(error.message, error.remedy, { cause: error })
  const message = error instanceof Error ? error.message : String(error)
  return new GraderError(
    `The grader failed: ${message}`,
    'This is a fault of ours, not of your program. npm run doctor may tell more.',
    { cause: error },
  )
}

/** What a report says of an error, and what to do. */
export function inWords({ message, remedy }: GraderError): string {
  return [message, remedy].join(/\n/.test(message + remedy) ? '\n' : ' ')
}
