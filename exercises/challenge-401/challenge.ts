import { fields, hasStatus, matching, type Exchange, type Expect } from '#grader'

/** A challenge of WWW-Authenticate (RFC 9110 §11.6.1); names are in small letters. */
export interface Challenge {
  readonly scheme: string
  /** As they were written, with their quotes. */
  readonly parameters: ReadonlyMap<string, string>
}

/** Scheme and parameter names ignore case, and so does the charset (RFC 7617 §2, §2.1). */
const asksForUsers = matching(
  'Basic realm="Vault", charset="UTF-8"',
  (value: string) => lackingIn(challengesIn(value).find(isBasic)) === null,
)

/** Claims that the answer is 401 with the challenge, the status last: a table shows that one. */
export function expectChallenge(of: Exchange | null, expect: Expect): void {
  if (hasStatus(401)(of)) {
    expect(of).toHaveHeader('WWW-Authenticate')
    expect(challengeField(of), 'WWW-Authenticate', of).toBe(asksForUsers)
  }
  expect(of).toHaveStatus(401)
}

/** All values of WWW-Authenticate, as one list. */
export function challengeField(of: Exchange | null): string {
  return fields(of, 'WWW-Authenticate').join(', ')
}

/** The Basic challenge of an answer; undefined where it has none. */
export function basicChallenge(of: Exchange | null): Challenge | undefined {
  return challengesIn(challengeField(of)).find(isBasic)
}

/** What a Basic challenge lacks for this vault; null where nothing is missing. */
export function lackingIn(challenge: Challenge | undefined): 'scheme' | 'realm' | 'charset' | null {
  if (!challenge) return 'scheme'
  if (challenge.parameters.get('realm') !== '"Vault"') return 'realm'
  const charset = challenge.parameters.get('charset') ?? ''
  return /^(utf-8|"utf-8")$/i.test(charset) ? null : 'charset'
}

/**
 * The challenges of a list (RFC 9110 §11.6.1): each begins with a scheme, and what follows it are
 * `name=value` or a token68. A part that is none of these makes a challenge of its own, which has
 * no scheme that anybody knows.
 */
function challengesIn(list: string): Challenge[] {
  const challenges: { scheme: string; parameters: Map<string, string> }[] = []
  for (const part of list.match(PART) ?? []) {
    const [, name = '', value] = PARAMETER.exec(part) ?? []
    if (value !== undefined) {
      challenges.at(-1)?.parameters.set(name.toLowerCase(), value)
      continue
    }
    const [, scheme = '', rest = ''] = /^\s*(\S*)\s*(.*)$/s.exec(part) ?? []
    if (scheme === '') continue
    const [, first = '', firstValue] = PARAMETER.exec(rest) ?? []
    const parameters = new Map<string, string>()
    if (firstValue !== undefined) parameters.set(first.toLowerCase(), firstValue)
    challenges.push({ scheme: scheme.toLowerCase(), parameters })
  }
  return challenges
}

/** What stands between commas, where a comma within quotes is none. */
const PART = /(?:"(?:\\.|[^"\\])*"|[^",])+/gs

const PARAMETER = /^\s*([!#$%&'*+.^_`|~\w-]+)\s*=\s*("(?:\\.|[^"\\])*"|[!#$%&'*+.^_`|~\w-]+)\s*$/s

function isBasic({ scheme }: Challenge): boolean {
  return scheme === 'basic'
}
