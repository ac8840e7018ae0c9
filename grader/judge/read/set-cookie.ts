/**
 * One Set-Cookie line, read as a browser reads it (RFC 6265bis §5.6: split at semicolons, unknown
 * attributes ignored).
 */
export interface SetCookie {
  /** The field value as it crossed the wire. */
  readonly line: string
  readonly name: string
  readonly value: string
  readonly attributes: readonly CookieAttribute[]
  /** Seconds; undefined when absent or not a number. */
  readonly maxAge: number | undefined
  /** Milliseconds since the epoch; undefined when absent or not a date. */
  readonly expires: number | undefined
  readonly path: string | undefined
  readonly domain: string | undefined
  readonly secure: boolean
  readonly httpOnly: boolean
  readonly sameSite: string | undefined
}

export interface CookieAttribute {
  readonly name: string
  readonly value: string
  /** Where it stands in the line. */
  readonly start: number
  readonly end: number
}
