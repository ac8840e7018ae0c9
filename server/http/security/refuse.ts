import type { Response } from 'express'
import { ownOrigin } from './own-origin.ts'
import { publicOrigin } from './public-origin.ts'

/**
 * Ends a request that another site, or a broken client, may have made. Plain text, kept by no
 * cache.
 */
export function refuse(response: Response, status: 400 | 403, reason: string): void {
  const { req: request } = response
  const origin = publicOrigin(request) ?? ownOrigin(request.socket.localPort ?? 0)
  response
    .status(status)
    .set({
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
      'Cross-Origin-Resource-Policy': 'same-origin',
    })
    .type('text/plain')
    .send(`${reason}\nRead the course at ${origin}\n`)
}
