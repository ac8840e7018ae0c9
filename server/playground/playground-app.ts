import cookieParser from 'cookie-parser'
import express, {
  Router,
  type NextFunction,
  type Request,
  type RequestHandler,
  type Response,
} from 'express'
import type { PageObservation } from '../../grader/index.ts'
import { serveAssets } from '../http/assets.ts'
import { allowFramingBy, securityHeaders } from '../http/security/security-headers.ts'
import type { Html } from '../ui/html.ts'
import { themeOf } from '../ui/theme.ts'
import type { ShownPlayground } from './playground-page.ts'

/** What playgrounds need of the rest. */
export interface PlaygroundTools {
  /** Opens an address in Chromium, where one is at hand. */
  readonly look: (address: string) => Promise<PageObservation | null>
}

/** Where a playground is. */
export interface PlaygroundPlace {
  /** The folder all of it is in. */
  readonly key: string
  readonly port: () => number
  /** The origins whose pages may show it in a frame. */
  readonly framedBy: ReadonlySet<string>
}

/** A playground's addresses under its two names, which to a browser are two sites. */
export interface PlaygroundAddresses {
  /** The path all of it lies below. */
  readonly base: string
  /** Where its page is, on the course's site. */
  origin(): string
  /** The same server under the name 127.0.0.1, another site. */
  stranger(): string
}

export function addressesOf({ key, port }: PlaygroundPlace): PlaygroundAddresses {
  return {
    base: `/${key}/`,
    origin: () => `http://localhost:${port()}`,
    stranger: () => `http://127.0.0.1:${port()}`,
  }
}

/**
 * What every playground is: a server with a page on localhost and, where it needs one, another site
 * under the name 127.0.0.1. It answers under no other name, says the course's strict policy, and
 * everything lies below a path nobody knows beforehand.
 */
export function playgroundApp(
  { key, port }: PlaygroundPlace,
  sites: { readonly own: Router; readonly elsewhere?: Router },
): express.Express {
  const app = express()
  app.disable('x-powered-by')
  app.set('query parser', 'simple')
  app.use(securityHeaders(), cookieParser())
  const siteOf = (host: string | undefined) => {
    if (host === `localhost:${port()}`) return sites.own
    return host === `127.0.0.1:${port()}` ? (sites.elsewhere ?? Router()) : undefined
  }
  app.use(({ headers: { host } }, response, next) => {
    if (siteOf(host)) return next()
    return response
      .status(403)
      .type('text/plain')
      .send('This server does not answer under that name.\n')
  })
  app.get('/static/:file', serveAssets()).get(`/${key}/here`, keepOpen)
  app.use((request, response, next) => siteOf(request.headers.host)!(request, response, next))
  app.use(
    (_request, response) =>
      void response
        .status(404)
        .type('text/plain')
        .send('There is nothing at this address. Open the playground from the course again.\n'),
  )
  app.use(answerError)
  return app
}

/**
 * A stream without events. A page keeps it open for as long as it is open itself (see presence.js),
 * and so the server goes on listening (see on-demand.ts).
 */
function keepOpen(_request: Request, response: Response): void {
  response.set({ 'Cache-Control': 'no-store', 'Content-Type': 'text/event-stream' })
  response.flushHeaders()
}

function answerError(
  error: { status?: number },
  _request: Request,
  response: Response,
  next: NextFunction,
): void {
  if (response.headersSent) return next(error)
  const { status = 500 } = error
  response
    .status(status)
    .type('text/plain')
    .send('This request cannot be answered. Open the playground from the course again.\n')
}

/** Sends the playground's page, and lets the course show it in a frame where a lesson asks for it so. */
export async function sendPlayground(
  request: Request,
  response: Response,
  place: PlaygroundPlace,
  page: (shown: ShownPlayground) => Html | Promise<Html>,
): Promise<void> {
  const framed = request.query['framed'] !== undefined
  if (framed) allowFramingBy(response, [...place.framedBy].join(' ') || "'none'")
  const { base } = addressesOf(place)
  await sendDocument(response, await page({ base, framed, theme: themeOf(request) }))
}

/** Lets through only what the playground's own page sent. */
export function fromOwnPage({ origin }: PlaygroundAddresses): RequestHandler {
  return (request, response, next) => {
    const site = request.get('Sec-Fetch-Site')
    if (request.get('Origin') === origin() && (site === undefined || site === 'same-origin'))
      return next()
    return void response
      .status(403)
      .type('text/plain')
      .send('This request did not come from the playground’s page.\n')
  }
}

/** The same for JSON, which is read. */
export function jsonFromOwnPage(addresses: PlaygroundAddresses): RequestHandler {
  return Router().use(fromOwnPage(addresses), express.json({ limit: '4kb' }))
}

/** 404 with a sentence for the reader. */
export function sendNothing(response: Response, words: string): void {
  response.set('Cache-Control', 'no-store').status(404).type('text/plain').send(words)
}

export async function sendDocument(response: Response, page: Html): Promise<void> {
  const text = String(await page)
  response.set('Cache-Control', 'no-store').type('html').send(text)
}
