/**
 * Reads a cookie's Expires date the way browsers do (RFC 6265bis §5.1.1): parts in any order,
 * always UTC, whatever zone is written. Gives milliseconds since the epoch; undefined when it is no
 * date to a browser, whatever JavaScript's Date makes of it.
 */
export function parseCookieDate(text: string): number | undefined {
  let time: number[] | undefined
  let day: number | undefined
  let month: number | undefined
  let year: number | undefined
  for (const token of text.split(DELIMITERS)) {
    const clock = /^(\d{1,2}):(\d{1,2}):(\d{1,2})$/.exec(token)
    const name = MONTHS.indexOf(token.slice(0, 3).toLowerCase())
    if (!time && clock) time = clock.slice(1).map(Number)
    else if (day === undefined && /^\d{1,2}$/.test(token)) day = Number(token)
    else if (month === undefined && name !== -1) month = name
    else if (year === undefined && /^\d{2,4}$/.test(token)) year = withCentury(Number(token))
  }
  if (!time || day === undefined || month === undefined || year === undefined) return undefined
  const [hours, minutes, seconds] = time as [number, number, number]
  if (year < 1601 || hours > 23 || minutes > 59 || seconds > 59) return undefined
  const date = new Date(Date.UTC(year, month, day, hours, minutes, seconds))
  return date.getUTCDate() === day ? date.getTime() : undefined
}

const DELIMITERS = /[\t\x20-\x2f\x3b-\x40\x5b-\x60\x7b-\x7e]+/
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

function withCentury(year: number): number {
  if (year > 99) return year
  return year + (year >= 70 ? 1900 : 2000)
}
