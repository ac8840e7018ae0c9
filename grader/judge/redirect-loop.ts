import type { Diagnosis, Evidence, Exchange } from '../types/index.ts'
import { header } from '../types/helpers/header-fields.ts'

/**
 * Chromium follows twenty redirects and gives up. Many redirects from one address alone prove no
 * loop: a form that is sent five times is redirected five times.
 */
export function redirectLoop({ exchanges }: Evidence, failedOn: Exchange): Diagnosis | undefined {
  const isRedirect = ({ response }: Exchange) =>
    response !== null && response.status >= 300 && response.status < 400 && response.status !== 304
  if (!isRedirect(failedOn)) return undefined
  const redirects = exchanges.filter(isRedirect)
  const { target } = failedOn.request
  if (redirects.filter(({ request }) => request.target === target).length < 5) return undefined
  const targets = circleFrom(failedOn, redirects)
  if (targets === undefined) return undefined
  return {
    id: 'redirect-loop',
    say:
      targets.length === 1
        ? `${target} redirects to itself.`
        : `The redirects lead in a circle: ${[...targets.slice(0, 4), target].join(' → ')}.`,
  }
}

/** The targets that redirects lead along until they are back; undefined where they are not. */
function circleFrom(first: Exchange, redirects: readonly Exchange[]): string[] | undefined {
  const path = new Set<Exchange>()
  for (let at: Exchange | undefined = first; at && !path.has(at);) {
    path.add(at)
    const next = redirectsTo(at)
    if (next === addressOf(first)) return Array.from(path, ({ request }) => request.target)
    at = redirects.find((each) => addressOf(each) === next)
  }
  return undefined
}

function addressOf({ request, site, security }: Exchange): string | undefined {
  const host = header(request.headers, 'Host') ?? 'localhost'
  const server = site ?? `${security ? 'https' : 'http'}://${host}`
  return URL.parse(request.target, server)?.href
}

function redirectsTo(exchange: Exchange): string | undefined {
  const location = header(exchange.response?.headers ?? [], 'Location')
  return location === undefined ? undefined : URL.parse(location, addressOf(exchange))?.href
}
