import { randomBytes } from 'node:crypto'
import express, { Router, type Request, type RequestHandler } from 'express'
import { serveAssets } from '../assets.ts'
import { securityHeaders } from '../security/security-headers.ts'
import { arrivalPage, elsewherePage, playgroundPage } from '../views/playground-page.ts'
import type { Html } from '../views/html.ts'
import { cookieChoice, cookieLine, endingLines } from './cookie-line.ts'

/**
 * The playground of the cookie lesson: a page on 127.0.0.1 and a server that sets one cookie and tells what comes back. Everything
 * lies below a path nobody knows beforehand, so that no cookie of it reaches a learner's program or another page. Under the name
 * localhost, which is another site to a browser, it has one page: the door from elsewhere.
 */
export function playgroundApp(key: string, port: () => number): express.Express {
  const base = `/${key}/`
  const here = () => `http://127.0.0.1:${port()}${base}`
  const app = express()
  app.disable('x-powered-by')
  app.set('query parser', 'simple')
  app.use(securityHeaders())

  const elsewhere = Router()
  elsewhere.get(`${base}elsewhere`, (_request, response) => send(response, elsewherePage(`${here()}account/arrive`)))
  elsewhere.get('/static/:file', serveAssets())

  const own = Router()
  own.get('/static/:file', serveAssets())
  own.get(base, (_request, response) => send(response, playgroundPage({ base, elsewhere: `http://localhost:${port()}${base}elsewhere` })))
  own.get([`${base}account/arrive`], (request, response) => send(response, arrivalPage({ base, cookie: request.headers.cookie, site: request.get('Sec-Fetch-Site'), method: 'GET' })))
  own.get([`${base}account`, `${base}shop`], (request, response) => {
    response.set('Cache-Control', 'no-store').json({ cookie: request.headers.cookie ?? null })
  })
  own.post(`${base}set`, fromThisPage(() => `http://127.0.0.1:${port()}`), express.json({ limit: '4kb' }), (request: Request, response) => {
    const choice = cookieChoice(request.body)
    if (!choice) return void response.status(400).json({ error: 'Max-Age is a whole number from 0 to 60, or nothing.' })
    const line = cookieLine(randomBytes(3).toString('hex'), choice, base)
    response.append('Set-Cookie', line).json({ line })
  })
  own.post(`${base}end`, fromThisPage(() => `http://127.0.0.1:${port()}`), (_request, response) => {
    for (const line of endingLines(base)) response.append('Set-Cookie', line)
    response.status(204).end()
  })

  app.use((request, response, next) => {
    const { host } = request.headers
    if (host === `127.0.0.1:${port()}`) return own(request, response, next)
    if (host === `localhost:${port()}`) return elsewhere(request, response, next)
    return response.status(403).type('text/plain').send('This server does not answer under that name.\n')
  })
  app.use((_request, response) => void response.status(404).type('text/plain').send('There is nothing at this address. Open the playground from the course anew.\n'))
  return app
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
