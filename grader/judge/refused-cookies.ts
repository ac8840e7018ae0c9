/**
 * Chromium's own reasons for not keeping a cookie (CDP Network.SetCookieBlockedReason) and the
 * attribute each is about.
 */
const REASONS: Record<string, { attribute: string; say: string }> = {
  SecureOnly: { attribute: 'secure', say: 'Secure on an address without https' },
  SameSiteStrict: {
    attribute: 'samesite',
    say: 'SameSite=Strict, and the answer belongs to a request from another site',
  },
  SameSiteLax: {
    attribute: 'samesite',
    say: 'SameSite=Lax, and the answer belongs to a request from another site',
  },
  SameSiteUnspecifiedTreatedAsLax: {
    attribute: 'samesite',
    say: 'no SameSite, which counts as Lax, and the request came from another site',
  },
  SameSiteNoneInsecure: { attribute: 'samesite', say: 'SameSite=None without Secure' },
  UserPreferences: { attribute: '', say: 'the browser is set to refuse it' },
  ThirdPartyPhaseout: { attribute: '', say: 'it belongs to another site than the page' },
  SyntaxError: { attribute: '', say: "the line isn't a valid Set-Cookie" },
  SchemeNotSupported: { attribute: '', say: 'the scheme of the address has no cookies' },
  OverwriteSecure: {
    attribute: '',
    say: 'a Secure cookie of that name is already there and may not be replaced from http',
  },
  InvalidDomain: { attribute: 'domain', say: 'the Domain is not the host the browser asked' },
  InvalidPrefix: {
    attribute: '',
    say: 'the name begins with __Host- or __Secure- and the attributes that go with it are missing',
  },
  NameValuePairExceedsMaxSize: { attribute: '', say: 'name and value are longer than 4096 bytes' },
  DisallowedCharacter: { attribute: '', say: 'a control character stands in it' },
  NoCookieContent: { attribute: '', say: 'neither name nor value is there' },
}

/** `Chromium refused it: the Domain is not the host the browser asked (InvalidDomain)` */
export function explainRefusal(reasons: readonly string[]): string {
  const said = reasons.map(
    (reason) => `${REASONS[reason]?.say ?? 'a reason of its own'} (${reason})`,
  )
  return `Chromium refused it: ${said.join('; ')}`
}

/**
 * The attribute, in lower case, that a refusal is about; an empty string when it is about the whole
 * line.
 */
export function blame(reasons: readonly string[]): string {
  return reasons.map((reason) => REASONS[reason]?.attribute).find(Boolean) ?? ''
}
