import type { RequestHandler, Response } from 'express'
import helmet from 'helmet'

/**
 * What every answer says about itself: scripts and styles from here alone and none inline, never
 * framed, read by no other origin. No upgrade to https, because the course is served on plain http
 * to this machine alone.
 */
export function securityHeaders(): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'"],
        connectSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    // Not `no-referrer`: a form of this page would then be sent with `Origin: null`.
    referrerPolicy: { policy: 'same-origin' },
    frameguard: { action: 'deny' },
    strictTransportSecurity: false,
  }) as RequestHandler
}

/**
 * Where playgrounds are: each on a port that is drawn when somebody opens it, so no page can name
 * it beforehand.
 */
export const PLAYGROUND_ORIGINS = 'http://localhost:*'

/** Lets this page show pages of these origins in frames. */
export function allowFramesOf(response: Response, origins: readonly string[]): void {
  changePolicy(response, (policy) => `${policy};frame-src ${origins.join(' ')}`)
}

/** Lets forms of this page lead to these origins, besides its own. */
export function allowFormsTo(response: Response, origins: readonly string[]): void {
  changePolicy(response, (policy) =>
    policy.replace("form-action 'self'", `form-action 'self' ${origins.join(' ')}`),
  )
}

/** Lets scripts of this page send requests to these origins, besides its own. */
export function allowConnectionsTo(response: Response, origins: readonly string[]): void {
  changePolicy(response, (policy) =>
    policy.replace("connect-src 'self'", `connect-src 'self' ${origins.join(' ')}`),
  )
}

/** Lets this page play sounds of these origins. */
export function allowMediaOf(response: Response, origins: readonly string[]): void {
  changePolicy(response, (policy) => `${policy};media-src ${origins.join(' ')}`)
}

/** Lets pages of this origin, and of no other, show this page in a frame. */
export function allowFramingBy(response: Response, origin: string): void {
  response.removeHeader('X-Frame-Options')
  changePolicy(response, (policy) =>
    policy.replace("frame-ancestors 'none'", `frame-ancestors ${origin}`),
  )
}

function changePolicy(response: Response, change: (policy: string) => string): void {
  response.set('Content-Security-Policy', change(String(response.get('Content-Security-Policy'))))
}
