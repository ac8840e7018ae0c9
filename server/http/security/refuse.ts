import type { Response } from 'express'

/**
 * Ends a request that another site, or a broken client, may have made. Plain text, kept by no
 * cache.
 */
export function refuse(
  response: Response,
  status: 400 | 403,
  reason: string,
  origin: string,
): void {
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
