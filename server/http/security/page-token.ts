import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Request, RequestHandler } from 'express'
import { PageError } from '../page-error.ts'

export interface PageTokens {
  /** The token a page carries in its forms and its `<meta name="token">`. */
  issue(visitor: string): string
  /** The same for the visitor of this request. */
  issueFor(request: Request): string
  /**
   * Refuses a change whose `token` field or `X-Roundtrip-Token` header is not one of ours for this
   * visitor.
   */
  readonly check: RequestHandler
}

/**
 * Tokens that tie a change to a page this server made: signed, for one visitor, good for a week.
 * They outlive a restart of the server, so that a page which stayed open can go on.
 */
export function pageTokens(
  secret: string,
  visitorOf: (request: Request) => string,
  now = Date.now,
): PageTokens {
  const sign = (day: number, visitor: string) =>
    `${day}.${createHmac('sha256', secret).update(`page ${day} ${visitor}`).digest('base64url')}`
  let issued = { day: -1, visitor: '', token: '' }
  const today = () => Math.floor(now() / 86_400_000)
  const isOurs = (token: string, visitor: string) => {
    const day = Number(/^(\d+)\./.exec(token)?.[1] ?? Number.NaN)
    return day <= today() && today() - day <= 7 && equal(token, sign(day, visitor))
  }
  const issue = (visitor: string) => {
    const day = today()
    if (issued.day !== day || issued.visitor !== visitor)
      issued = { day, visitor, token: sign(day, visitor) }
    return issued.token
  }
  return {
    issue,
    issueFor: (request) => issue(visitorOf(request)),
    check(request, _response, next) {
      if (request.method === 'GET' || request.method === 'HEAD') return next()
      if (isOurs(tokenOf(request), visitorOf(request))) return next()
      next(
        new PageError(
          403,
          'This page is older than the server accepts. Reload it, then try again.',
        ),
      )
    },
  }
}

function tokenOf(request: Request): string {
  const fromHeader = request.get('X-Roundtrip-Token')
  const fromForm: unknown = request.body?.token
  return fromHeader ?? (typeof fromForm === 'string' ? fromForm : '')
}

function equal(a: string, b: string): boolean {
  const [bytesA, bytesB] = [Buffer.from(a), Buffer.from(b)]
  return bytesA.length === bytesB.length && timingSafeEqual(bytesA, bytesB)
}
