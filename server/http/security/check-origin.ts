import type { Request, RequestHandler } from 'express'
import { ownOrigin } from './own-origin.ts'
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
    const judgement = judgeOrigin(request, ownOrigin(request.socket.localPort ?? 0))
    if (judgement === 'own') return next()
    if (judgement === 'malformed')
      return refuse(response, 400, 'The Origin field of this request is malformed.')
    return refuse(response, 403, 'This request did not come from a page of this server.')
  }
}

function judgeOrigin(request: Request, here: string): 'own' | 'foreign' | 'malformed' {
  const origin = request.headers.origin
  const site = request.headers['sec-fetch-site']
  if (origin !== undefined && origin !== 'null' && !wellFormed.test(origin)) return 'malformed'
  if (site !== undefined && site !== 'same-origin') return 'foreign'
  const owns = new Set([here, publicOrigin(request)])
  const isOwn = (each: string | null) => each !== null && owns.has(each)
  const own = (is: boolean) => (is ? 'own' : 'foreign')
  if (origin !== undefined && origin !== 'null') return own(isOwn(origin))
  // A browser leaves Origin out of same-origin reads and blanks it under some referrer policies. No
  // page can set Sec-Fetch-Site.
  if (site !== undefined) return own(site === 'same-origin')
  // By plain http under another name than localhost, browsers leave that out, too
  // (https://www.w3.org/TR/fetch-metadata/#framework). A page can leave Referer out, and not choose it.
  return own(origin === undefined && isOwn(originOf(request.headers.referer)))
}

function originOf(url: string | undefined): string | null {
  return url !== undefined && URL.canParse(url) ? new URL(url).origin : null
}

const wellFormed = /^[a-z][a-z0-9+.-]*:\/\/[^\s/?#@]+$/i
