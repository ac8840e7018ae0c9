/**
 * Reads a cookie's Expires date the way Chromium 153 does (RFC 6265bis §5.1.1, and measured where
 * it differs): parts in any order, always UTC, whatever zone is written; a day of one or two
 * digits, a year of one to five, times of any number of digits. Gives milliseconds since the epoch;
 * undefined when it is not a date to Chromium, whatever JavaScript's Date makes of it.
 */
export function parseCookieDate(text: string): number | undefined {
  let time: number[] | undefined
  let day: number | undefined
  let month: number | undefined
  let year: number | undefined
  for (const token of text.split(DELIMITERS)) {
    const clock = /^(\d+):(\d+):(\d+)$/.exec(token)
    const name = MONTHS.indexOf(token.slice(0, 3).toLowerCase())
    if (clock) time ??= clock.slice(1).map(Number)
    else if (day === undefined && /^\d{1,2}$/.test(token)) day = Number(token)
    else if (year === undefined && /^\d{1,5}$/.test(token)) year = withCentury(Number(token))
    else if (name !== -1) month ??= name
  }
  if (!time || day === undefined || month === undefined || year === undefined) return undefined
  const [hours, minutes, seconds] = time as [number, number, number]
  if (hours > 23 || minutes > 59 || seconds > 59) return undefined
  const date = new Date(Date.UTC(year, month, day, hours, minutes, seconds))
  return date.getUTCDate() === day ? date.getTime() : undefined
}

const DELIMITERS = /[\t\x20-\x2f\x3b-\x40\x5b-\x60\x7b-\x7e]+/
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

function withCentury(year: number): number {
  if (year > 99) return year
  return year + (year >= 70 ? 1900 : 2000)
}
