import { UsageError } from '../explain-error.ts'

/**
 * So many days ROUNDTRIP_RETENTION_DAYS keeps what counts for nothing (see
 * class/retention/remove-old.ts); undefined, and then all is kept, when it isn't set.
 * @throws UsageError
 */
export function chosenRetentionDays(environment = process.env): number | undefined {
  const text = environment['ROUNDTRIP_RETENTION_DAYS']?.trim()
  if (!text) return undefined
  const days = /^\d{1,4}$/.test(text) ? Number(text) : 0
  if (days >= 1) return days
  throw new UsageError(
    `ROUNDTRIP_RETENTION_DAYS is ${JSON.stringify(text)}. It takes a number of days from 1 to 9999: ROUNDTRIP_RETENTION_DAYS=180`,
  )
}

/** What the terminal says about it when the class starts. */
export function retentionText(days: number | undefined): string {
  return days === undefined
    ? 'All runs are kept. ROUNDTRIP_RETENTION_DAYS=180 removes those after 180 days that were not submitted.'
    : `Runs that were not submitted, events and sessions are removed after ${days === 1 ? '1 day' : `${days} days`}. Submissions stay.`
}
