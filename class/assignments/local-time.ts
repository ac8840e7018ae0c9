/**
 * A time for `<input type="datetime-local">`, which knows no time zone: as the server's clock shows
 * it, `2026-11-29T14:05`. Empty for null.
 */
export function toLocalInput(iso: string | null): string {
  if (iso === null) return ''
  const date = new Date(iso)
  const two = (value: number) => String(value).padStart(2, '0')
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-')
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}`
}

/** What such an input sent, as ISO 8601; null when it is empty, undefined when it is no time. */
export function fromLocalInput(text: string): string | null | undefined {
  if (text.trim() === '') return null
  const parts = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::\d\d(?:\.\d+)?)?$/.exec(text.trim())
  if (!parts) return undefined
  const [year, month, day, hours, minutes] = parts.slice(1).map(Number)
  const date = new Date(year!, month! - 1, day!, hours!, minutes!)
  // 31 February becomes 3 March, and an hour that the clocks leave out becomes the next one.
  const isThatDay = date.getMonth() === month! - 1 && date.getDate() === day!
  return isThatDay && hours! < 24 && minutes! < 60 ? date.toISOString() : undefined
}

/** The server's time zone as a person knows it: `Europe/Berlin`. */
export function serverTimeZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone
}
