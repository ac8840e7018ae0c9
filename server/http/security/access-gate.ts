import { createHmac, timingSafeEqual } from 'node:crypto'
import { Router, type Request, type RequestHandler, type Response } from 'express'
import { themeOf } from '../../ui/theme.ts'
import { gatePage } from './access-page.ts'
import { guessLimits } from './guess-limits.ts'
import { ownPath } from './own-path.ts'

/**
 * Asks once for an access code and keeps the answer in a signed cookie. Guessing is limited (see
 * guess-limits.ts), and every wrong code gets the same answer. Needs cookie-parser in front of it.
 */
export function accessGate(code: string, secret: string): Router {
  const gate = Router()
  const pass = createHmac('sha256', secret).update(`access ${code}`).digest('base64url')
  const isIn = (request: Request) => sameText(visitorOf(request), pass, secret)
  const guesses = guessLimits()
  const whoIsInStaysIn: RequestHandler = (request, response, next) =>
    isIn(request) ? response.redirect(303, ownPath(request.body?.next)) : next()
  gate.post('/access', whoIsInStaysIn, async (request: Request, response: Response) => {
    const given: unknown = request.body?.code
    const typed = typeof given === 'string' ? given : ''
    const next = ownPath(request.body?.next)
    const guess = await guesses.tryCode(request, typed, () =>
      sameText(typed, code, secret) ? pass : undefined,
    )
    if (guess.kind === 'refused') return refuseGuess(response, next, guess.retryAfterSeconds)
    if (guess.kind === 'wrong') return ask(response, next, 'Invalid code')
    response.cookie(cookieName, guess.opens, {
      signed: true,
      httpOnly: true,
      sameSite: 'lax',
      path: '/',
      maxAge: 30 * 86_400_000,
    })
    response.redirect(303, next)
  })
  gate.use((request, response, next) => {
    if (isIn(request)) return next()
    if (request.path.startsWith('/api/'))
      return void response.status(401).set(challenge).json({ error: 'Access required' })
    ask(response, request.method === 'GET' ? ownPath(request.originalUrl) : '/')
  })
  return gate
}

/**
 * What tells this visitor's pages from another's: the access cookie, or nothing where there is no
 * gate.
 */
export function visitorOf(request: Request): string {
  const value: unknown = request.signedCookies?.[cookieName]
  return typeof value === 'string' ? value : ''
}

const cookieName = 'roundtrip_access'
/**
 * A 401 has to name a scheme (RFC 9110 §15.5.2). Browsers know none for a form and show the page.
 */
const challenge = { 'WWW-Authenticate': 'Form realm="Roundtrip"', 'Cache-Control': 'no-store' }

function ask(response: Response, next: string, error?: string): void {
  response
    .status(401)
    .set(challenge)
    .type('html')
    .send(String(gatePage({ next, error, theme: themeOf(response.req) })))
}

function refuseGuess(response: Response, next: string, retryAfterSeconds: number): void {
  const error = 'Too many codes were tried. Wait five minutes, then try again.'
  response
    .status(429)
    .set({ 'Cache-Control': 'no-store', 'Retry-After': String(retryAfterSeconds) })
    .type('html')
    .send(String(gatePage({ next, error, theme: themeOf(response.req) })))
}

function sameText(a: string, b: string, secret: string): boolean {
  const digest = (text: string) => createHmac('sha256', secret).update(text).digest()
  return timingSafeEqual(digest(a), digest(b))
}
