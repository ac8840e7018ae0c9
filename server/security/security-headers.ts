import type { RequestHandler } from 'express'
import helmet from 'helmet'

/**
 * What every answer says about itself: scripts and styles from here alone and none inline, never framed, read by no other
 * origin. No upgrade to https, because the course is served on plain http to this machine alone.
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
