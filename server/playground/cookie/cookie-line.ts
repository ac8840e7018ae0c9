/** What the controls of the playground say about its cookie. */
export interface CookieChoice {
  /** Null: no Max-Age, a cookie of this session. */
  readonly maxAge: number | null
  readonly path: PathChoice
  readonly httpOnly: boolean
  readonly secure: boolean
  readonly sameSite: SameSiteChoice
}

export const pathChoices = ['all', 'account', 'unsaid'] as const
export const sameSiteChoices = ['unsaid', 'Strict', 'Lax', 'None'] as const

type PathChoice = (typeof pathChoices)[number]
type SameSiteChoice = (typeof sameSiteChoices)[number]

/** The choice that a form or a script sent; undefined when what it sent isn't one. */
export function cookieChoice(sent: unknown): CookieChoice | undefined {
  if (typeof sent !== 'object' || sent === null) return undefined
  const { maxAge, path, httpOnly, secure, sameSite } = sent as Record<string, unknown>
  const seconds = maxAge === '' || maxAge === null || maxAge === undefined ? null : Number(maxAge)
  if (seconds !== null && (!Number.isInteger(seconds) || seconds < 0 || seconds > 60))
    return undefined
  if (!isOneOf(pathChoices, path) || !isOneOf(sameSiteChoices, sameSite)) return undefined
  return { maxAge: seconds, path, httpOnly: httpOnly === true, secure: secure === true, sameSite }
}

/**
 * The value of the Set-Cookie field for a choice. Everything lies below `base`: a playground's
 * cookie goes nowhere else on this machine.
 */
export function cookieLine(
  value: string,
  { maxAge, path, httpOnly, secure, sameSite }: CookieChoice,
  base: string,
): string {
  return [
    `${cookieName}=${value}`,
    maxAge !== null && `Max-Age=${maxAge}`,
    path !== 'unsaid' && `Path=${path === 'all' ? base : `${base}account`}`,
    httpOnly && 'HttpOnly',
    secure && 'Secure',
    sameSite !== 'unsaid' && `SameSite=${sameSite}`,
  ]
    .filter(Boolean)
    .join('; ')
}

/** The lines that end the cookie of an earlier try, wherever it was kept. */
export function endingLines(base: string): string[] {
  return [base, `${base}account`, base.replace(/\/$/, '')].map(
    (path) => `${cookieName}=; Max-Age=0; Path=${path}`,
  )
}

/**
 * No name an exercise uses: cookies know no ports, and those of a learner's programs may come here
 * as well.
 */
export const cookieName = 'play'

function isOneOf<Choice extends string>(
  choices: readonly Choice[],
  value: unknown,
): value is Choice {
  return choices.some((choice) => choice === value)
}
