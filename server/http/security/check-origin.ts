import type { Request, RequestHandler } from 'express'
import { ownOrigin } from './check-host.ts'
import { publicOrigin } from './public-origin.ts'
import { refuse } from './refuse.ts'

/** Lets through what only reads, and of the rest what a page of this server sent. */
export function checkOriginOfChanges(): RequestHandler {
  const check = checkOrigin()
  return (request, response, next) => {
    if (request.method === 'GET' || request.method === 'HEAD') return next()
    return check(request, response, next)
  }
}

/**
 * Lets a request through only when a page of this server sent it. A request that does not say where
 * it comes from is refused.
 */
export function checkOrigin(): RequestHandler {
  return (request, response, next) => {
    const here = ownOrigin(request.socket.localPort ?? 0)
    const judgement = judgeOrigin(request, here)
    if (judgement === 'own') return next()
    if (judgement === 'malformed')
      return refuse(response, 400, 'The Origin field of this request is malformed.', here)
    return refuse(response, 403, 'This request did not come from a page of this server.', here)
  }
}

function judgeOrigin(request: Request, here: string): 'own' | 'foreign' | 'malformed' {
  const origin = request.headers.origin
  const site = request.headers['sec-fetch-site']
  if (origin !== undefined && origin !== 'null' && !wellFormed.test(origin)) return 'malformed'
  if (site !== undefined && site !== 'same-origin') return 'foreign'
  // A browser leaves Origin out of same-origin reads and blanks it under some referrer policies. No
  // page can set Sec-Fetch-Site.
  if (origin === undefined || origin === 'null') return site === 'same-origin' ? 'own' : 'foreign'
  return origin === here || origin === publicOrigin(request) ? 'own' : 'foreign'
}

const wellFormed = /^[a-z][a-z0-9+.-]*:\/\/[^\s/?#@]+$/i
