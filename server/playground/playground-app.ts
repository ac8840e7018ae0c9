import { randomBytes } from 'node:crypto'
import cookieParser from 'cookie-parser'
import express, { Router, type Request, type RequestHandler } from 'express'
import { serveAssets } from '../assets.ts'
import { allowFramingBy, securityHeaders } from '../security/security-headers.ts'
import { themeOf } from '../theme.ts'
import { arrivalPage, elsewherePage, playgroundPage } from '../views/playground-page.ts'
import type { Html } from '../views/html.ts'
import { cookieChoice, cookieLine, cookieName, endingLines } from './cookie-line.ts'

export interface PlaygroundOptions {
  /** The folder all of it is in. */
  readonly key: string
  readonly port: () => number
  /** The origins whose pages may show it in a frame. */
  readonly framedBy: ReadonlySet<string>
}

/**
 * The playground of the cookie lesson: a page on localhost and a server that sets one cookie and tells what comes back. Everything
 * lies below a path nobody knows beforehand, so that no cookie of it reaches another page. Under the name 127.0.0.1, which is
 * another site to a browser, it has one page: the door from elsewhere.
 */
export function playgroundApp({ key, port, framedBy }: PlaygroundOptions): express.Express {
  const base = `/${key}/`
  const origin = () => `http://localhost:${port()}`
  const stranger = () => `http://127.0.0.1:${port()}`
  const app = express()
  app.disable('x-powered-by')
  app.set('query parser', 'simple')
  app.use(securityHeaders(), cookieParser())

  const elsewhere = Router()
  elsewhere.get(`${base}elsewhere`, (_request, response) => send(response, elsewherePage(`${origin()}${base}account/arrive`)))
  elsewhere.get('/static/:file', serveAssets())

  const own = Router()
  own.get('/static/:file', serveAssets())
  own.get(base, (request, response) => {
    const framed = request.query['framed'] !== undefined
    if (framed) allowFramingBy(response, [...framedBy].join(' ') || "'none'")
    return send(response, playgroundPage({ base, elsewhere: `${stranger()}${base}elsewhere`, framed, theme: themeOf(request) }))
  })
  own.get([`${base}account/arrive`], (request, response) => send(response, arrivalPage({ base, cookie: ownCookies(request), site: request.get('Sec-Fetch-Site'), method: 'GET' })))
  own.get([`${base}account`, `${base}shop`], (request, response) => {
    response.set('Cache-Control', 'no-store').json({ cookie: ownCookies(request) ?? null })
  })
  own.post(`${base}set`, fromThisPage(origin), express.json({ limit: '4kb' }), (request: Request, response) => {
    const choice = cookieChoice(request.body)
    if (!choice) return void response.status(400).json({ error: 'Max-Age is a whole number from 0 to 60, or nothing.' })
    const line = cookieLine(randomBytes(3).toString('hex'), choice, base)
    response.append('Set-Cookie', line).json({ line })
  })
  own.post(`${base}end`, fromThisPage(origin), (_request, response) => {
    for (const line of endingLines(base)) response.append('Set-Cookie', line)
    response.status(204).end()
  })

  app.use((request, response, next) => {
    const { host } = request.headers
    if (host === `localhost:${port()}`) return own(request, response, next)
    if (host === `127.0.0.1:${port()}`) return elsewhere(request, response, next)
    return response.status(403).type('text/plain').send('This server does not answer under that name.\n')
  })
  app.use((_request, response) => void response.status(404).type('text/plain').send('There is nothing at this address. Open the playground from the course anew.\n'))
  return app
}

/** What the Cookie field said of the playground's cookie. Cookies know no ports: the course's own come along, and are nobody's business here. */
function ownCookies({ headers }: Request): string | undefined {
  const pairs = (headers.cookie ?? '').split('; ').filter((pair) => pair.startsWith(`${cookieName}=`))
  return pairs.length === 0 ? undefined : pairs.join('; ')
}

/** Only the playground's own page sets its cookies. */
function fromThisPage(origin: () => string): RequestHandler {
  return (request, response, next) => {
    if (request.get('Origin') === origin() && request.get('Sec-Fetch-Site') !== 'cross-site') return next()
    return void response.status(403).type('text/plain').send('This request did not come from the playground’s page.\n')
  }
}

async function send(response: express.Response, page: Html): Promise<void> {
  const text = String(await page)
  response.set('Cache-Control', 'no-store').type('html').send(text)
}
