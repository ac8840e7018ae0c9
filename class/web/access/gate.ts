import { Router, type CookieOptions, type Request, type RequestHandler } from 'express'
import type { Response } from 'express'
import { guessLimits, ownPath, themeOf, type GuessLimits } from '../../../server/for-class.ts'
import { findByCode } from '../../people/roster.ts'
import { beginSession, endSession, SESSION_DAYS, visitorOfSession } from '../../people/sessions.ts'
import { setVisitor, visitorOf, type ClassContext } from '../class-context.ts'
import { loginPage } from '../pages/login-page.ts'
import { textField } from '../text-field.ts'

const COOKIE = 'roundtrip_session'

/**
 * A whole class often has one address, and thirty people mistype. Of 2^40 codes that is still next to
 * nothing.
 */
const FROM_ONE_ADDRESS = 100

/**
 * Lets in who has a code, and finds out who asks. Guesses are limited by the address they come
 * from, never by the code, so that nobody can lock somebody else out; every wrong code, used up,
 * revoked or never issued, gets the same answer.
 */
export function classGate({ pool, secret, origin }: ClassContext, guesses: GuessLimits): Router {
  const gate = Router()
  const cookie = cookieOf(origin)

  gate.post('/access', async (request: Request, response: Response) => {
    const next = ownPath(request.body?.next)
    const code = textField(request, 'code')
    const guess = await guesses.tryCode(request, code, () => findByCode(pool, code, secret))
    if (guess.kind === 'refused') {
      response.set('Retry-After', String(guess.retryAfterSeconds))
      return ask(response, 429, next, TOO_MANY_GUESSES)
    }
    if (guess.kind === 'wrong') return ask(response, 401, next, 'Invalid code')
    const token = await beginSession(pool, guess.opens.id)
    response.cookie(COOKIE, token, { ...cookie, maxAge: SESSION_DAYS * 86_400_000 })
    response.redirect(303, next)
  })

  gate.use(async (request, response, next) => {
    const token = sessionToken(request)
    const visitor = token === '' ? undefined : await visitorOfSession(pool, token)
    if (visitor) {
      setVisitor(request, visitor)
      return next()
    }
    if (request.path.startsWith('/api/'))
      return void response.status(401).set(CHALLENGE).json({ error: 'Access required' })
    ask(response, 401, request.method === 'GET' ? ownPath(request.originalUrl) : '/')
  })

  return gate
}

/** The limits on guessing codes, in the page and by programs together. */
export function codeGuesses(): GuessLimits {
  return guessLimits(FROM_ONE_ADDRESS)
}

export const TOO_MANY_GUESSES =
  'Too many wrong codes came from this network. Wait five minutes, then try again.'

/** Ends the visitor's session. Behind the gate and the check of tokens, as every change is. */
export function leaveRoutes({ pool, origin }: ClassContext): Router {
  return Router().post('/leave', async (request, response) => {
    await endSession(pool, sessionToken(request))
    response.clearCookie(COOKIE, cookieOf(origin)).redirect(303, '/')
  })
}

function cookieOf(origin: string): CookieOptions {
  return { httpOnly: true, sameSite: 'lax', path: '/', secure: origin.startsWith('https:') }
}

/** The session that a request belongs to; empty when it says none. */
export function sessionToken(request: Request): string {
  const value: unknown = request.cookies?.[COOKIE]
  return typeof value === 'string' && value.length <= 100 ? value : ''
}

/** For teachers alone; to everybody else there is nothing at these addresses. */
export const teachersOnly: RequestHandler = (request, _response, next) =>
  next(visitorOf(request).role === 'teacher' ? undefined : 'router')

/** A 401 has to name a scheme (RFC 9110 §15.5.2). Browsers know none for a form and show the page. */
const CHALLENGE = { 'WWW-Authenticate': 'Form realm="Roundtrip"', 'Cache-Control': 'no-store' }

function ask(response: Response, status: 401 | 429, next: string, error?: string): void {
  response
    .status(status)
    .set(status === 401 ? CHALLENGE : { 'Cache-Control': 'no-store' })
    .type('html')
    .send(String(loginPage({ next, error, theme: themeOf(response.req) })))
}
