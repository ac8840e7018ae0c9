import { randomBytes } from 'node:crypto'
import express, { Router, type Request } from 'express'
import { arrivalPage, elsewherePage, cookiePage } from './cookie-page.ts'
import { cookieChoice, cookieLine, cookieName, endingLines } from './cookie-line.ts'
import {
  addressesOf,
  fromOwnPage,
  jsonFromOwnPage,
  playgroundApp,
  sendDocument,
  sendPlayground,
  type PlaygroundPlace,
} from '../playground-app.ts'

/**
 * The playground of the cookie lesson: a page on localhost and a server that sets one cookie and
 * tells what comes back. Everything lies below a path nobody knows beforehand, so that no cookie of
 * it reaches another page. Under the name 127.0.0.1, which is another site to a browser, it has one
 * page: the door from elsewhere.
 */
export function cookiePlayground(place: PlaygroundPlace): express.Express {
  const addresses = addressesOf(place)
  const { base, origin, stranger } = addresses

  const elsewhere = Router()
  elsewhere.get(`${base}elsewhere`, (_request, response) =>
    sendDocument(response, elsewherePage(`${origin()}${base}account/arrive`)),
  )

  const own = Router()
  own.get(base, (request, response) =>
    sendPlayground(request, response, place, (shown) =>
      cookiePage({ ...shown, elsewhere: `${stranger()}${base}elsewhere` }),
    ),
  )
  own.get([`${base}account/arrive`], (request, response) =>
    sendDocument(
      response,
      arrivalPage({
        base,
        cookie: ownCookies(request),
        site: request.get('Sec-Fetch-Site'),
        method: 'GET',
      }),
    ),
  )
  own.get([`${base}account`, `${base}shop`], (request, response) => {
    response.set('Cache-Control', 'no-store').json({ cookie: ownCookies(request) ?? null })
  })
  own.post(`${base}set`, jsonFromOwnPage(addresses), (request: Request, response) => {
    const choice = cookieChoice(request.body)
    if (!choice)
      return void response
        .status(400)
        .json({ error: 'Max-Age is a whole number from 0 to 60, or nothing.' })
    const line = cookieLine(randomBytes(3).toString('hex'), choice, base)
    response.append('Set-Cookie', line).json({ line })
  })
  own.post(`${base}end`, fromOwnPage(addresses), (_request, response) => {
    for (const line of endingLines(base)) response.append('Set-Cookie', line)
    response.status(204).end()
  })
  return playgroundApp(place, { own, elsewhere })
}

/**
 * What the Cookie field said of the playground's cookie. Cookies know no ports: the course's own
 * come along, and are nobody's business here.
 */
function ownCookies({ headers }: Request): string | undefined {
  const pairs = (headers.cookie ?? '')
    .split('; ')
    .filter((pair) => pair.startsWith(`${cookieName}=`))
  return pairs.length === 0 ? undefined : pairs.join('; ')
}
