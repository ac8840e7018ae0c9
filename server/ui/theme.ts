import { Router, type Request } from 'express'
import { PageError } from '../http/page-error.ts'
import { ownPath } from '../http/security/own-path.ts'

/** The colours a reader chose; `system` leaves the choice to the browser. */
export type Theme = (typeof themes)[number]

export const themes = ['system', 'light', 'dark'] as const

/**
 * The choice, from its cookie: the server writes it into the page, so no page is ever first shown
 * in the wrong colours.
 */
export function themeOf(request: Request): Theme {
  const kept: unknown = request.cookies?.[cookieName]
  return isTheme(kept) ? kept : 'system'
}

/**
 * Keeps a choice that a form sends, and goes back to where it was made. With a script, the page
 * sets the same cookie by itself.
 */
export function themeRoutes(): Router {
  const router = Router()
  router.post('/theme', (request, response) => {
    const theme: unknown = request.body?.theme
    if (!isTheme(theme)) throw new PageError(400, 'The colours are system, light or dark.')
    // Readable by the page's script, which it is written for: `HttpOnly` would protect nothing
    // here.
    const attributes = { path: '/', sameSite: 'lax' } as const
    if (theme === 'system') response.clearCookie(cookieName, attributes)
    else response.cookie(cookieName, theme, { ...attributes, maxAge: 365 * 86_400_000 })
    response.redirect(303, whereFrom(request))
  })
  return router
}

const cookieName = 'theme'

function isTheme(value: unknown): value is Theme {
  return themes.some((theme) => theme === value)
}

function whereFrom(request: Request): string {
  const referrer = request.get('Referer')
  if (referrer === undefined || !URL.canParse(referrer)) return '/'
  const { pathname, search } = new URL(referrer)
  return ownPath(pathname + search)
}
