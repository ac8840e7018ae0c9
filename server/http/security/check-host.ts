import type { RequestHandler } from 'express'
import { hostOf, ownOrigin } from './own-origin.ts'
import { publicOrigin } from './public-origin.ts'
import { refuse } from './refuse.ts'

/**
 * Lets a request through only when its Host field is exactly this server's name, or the name under
 * which it is forwarded. Any other name may
 * be a page that had its own name point here (DNS rebinding). `127.0.0.1` and `[::1]` are led to
 * `localhost`: cookies know no ports, so the course keeps to one name and the learners' programs to
 * the other.
 */
export function checkHost(): RequestHandler {
  return (request, response, next) => {
    const port = request.socket.localPort ?? 0
    const host = request.headers.host
    const here = ownOrigin(port)
    if (host === undefined || hostFields(request.rawHeaders) !== 1 || !wellFormed.test(host)) {
      return refuse(response, 400, 'The Host field of this request is missing or malformed.')
    }
    if (!request.url.startsWith('/')) {
      return refuse(response, 400, 'The target of this request isn’t a path.')
    }
    const name = host.toLowerCase()
    const forwarded = publicOrigin(request)
    if (name === hostOf('localhost', port)) return next()
    if (forwarded !== undefined && name === new URL(forwarded).host) return next()
    if (name !== hostOf('127.0.0.1', port) && name !== hostOf('[::1]', port)) {
      return refuse(response, 403, 'This server does not answer under that name.')
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return refuse(response, 403, 'This server changes nothing for a request under that name.')
    }
    response.set('Cache-Control', 'no-store').redirect(307, here + request.url)
  }
}

const wellFormed = /^([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:\d{1,5})?$/

function hostFields(rawHeaders: readonly string[]): number {
  return rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'host').length
}
