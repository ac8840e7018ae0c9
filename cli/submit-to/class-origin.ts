import { UsageError } from '../explain-error.ts'

/**
 * Where a class reads, of the address that a person gave: that of one of its pages will do.
 * @throws UsageError
 */
export function classOrigin(typed: string): string {
  const text = typed.trim()
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '')
    throw new UsageError(
      `--to takes the address of your class, as it is on your card: https://course.example, not ${JSON.stringify(typed)}.`,
    )
  return url.origin
}

/** Whether others on the way can read along. */
export function isReadOnTheWay(origin: string): boolean {
  const { protocol, hostname } = new URL(origin)
  return protocol === 'http:' && !/^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname)
}
