import compression from 'compression'
import cookieParser from 'cookie-parser'
import express, { type Express, type Request, type RequestHandler, type Router } from 'express'
import type { Site } from '../ui/layout.ts'
import { themeRoutes } from '../ui/theme.ts'
import { serveAssets } from './assets.ts'
import { answerErrors, answerUnknown } from './error-answers.ts'
import { checkHost } from './security/check-host.ts'
import { checkOriginOfChanges } from './security/check-origin.ts'
import type { PageTokens } from './security/page-token.ts'
import { setPublicOrigin } from './security/public-origin.ts'
import { securityHeaders } from './security/security-headers.ts'
import { refuseWrongMethods } from './wrong-method.ts'

export interface ShellOptions {
  /** Signs cookies. */
  readonly secret: string
  readonly tokens: PageTokens
  /** Answer under this origin, too (see security/public-origin.ts). */
  readonly publicOrigin: string | undefined
  /** What programs may ask, who show a token of their own instead of a page's. */
  readonly api?: RequestHandler | undefined
  /** Lets through who may read. */
  readonly gate: RequestHandler | undefined
  /** Whose addresses are answered 405 under other methods than theirs. */
  readonly known: readonly Router[]
  /** How long a form may be. */
  readonly formLimit?: string
  /** Everything behind the checks. */
  readonly routes: RequestHandler | RequestHandler[]
  /** What an error of the database says, where that is not the store's. */
  explainError?(error: unknown): unknown
  /** What the page of an error needs; undefined for a visitor who has not come in. */
  siteOf(request: Request): Site | undefined
}

/** What is around the pages: which requests are let through, assets, colours, errors as pages. */
export function createShell(options: ShellOptions): Express {
  const {
    secret,
    tokens,
    publicOrigin,
    api,
    gate,
    formLimit = '16kb',
    known,
    routes,
    siteOf,
    explainError,
  } = options
  const themes = themeRoutes()
  const app = express()
  app.disable('x-powered-by')
  app.set('query parser', 'simple')
  setPublicOrigin(app, publicOrigin)

  app.use(checkHost(), securityHeaders(), compression())
  app.get('/static/:file', serveAssets())
  if (api) app.use(api)
  app.use(cookieParser(secret), refuseWrongMethods([themes, ...known]), checkOriginOfChanges())
  app.use(
    express.urlencoded({ extended: false, limit: formLimit }),
    express.json({ limit: '256kb' }),
  )
  if (gate) app.use(gate)
  app.use(tokens.check)
  app.use(themes, routes)
  app.use(answerUnknown(), answerErrors(siteOf, explainError))
  return app
}
