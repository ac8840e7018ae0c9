import express, { Router, type Request } from 'express'
import {
  addressesOf,
  jsonFromOwnPage,
  playgroundApp,
  sendPlayground,
  type PlaygroundPlace,
} from '../playground-app.ts'
import { rule } from './ruling.ts'
import { statusPage } from './status-playground-page.ts'
import { createStatusShop, findCard, MOST_READ } from './status-shop.ts'
import { isStatus } from './statuses.ts'

/**
 * The playground of the lesson on 4xx: the learner chooses a status for a situation, a shop answers
 * a client in the page with it, and the client does what it may do after such an answer.
 */
export function statusPlayground(place: PlaygroundPlace): express.Express {
  const addresses = addressesOf(place)
  const { base } = addresses
  const shop = createStatusShop()

  const own = Router()
  own.get(base, (request, response) => {
    return sendPlayground(request, response, place, statusPage)
  })
  own.post(`${base}tries`, jsonFromOwnPage(addresses), ({ body }: Request, response) => {
    const card = findCard(body?.card)
    if (!card || !isStatus(body.status))
      return void response.status(400).json({ error: 'Choose one of the statuses.' })
    response.json({ name: shop.open(card, body.status) })
  })
  own.get(`${base}tries/:name`, (request, response) => {
    const found = shop.find(request.params.name)
    response.set('Cache-Control', 'no-store')
    if (!found) return void response.status(404).json({ error: 'Send your answer once more.' })
    response.json(rule(found.card, found.status))
  })
  own.all(
    `${base}shop/:name/*path`,
    express.text({ type: () => true, limit: MOST_READ }),
    (request: Request<{ name: string }>, response, next) => {
      const answer = shop.answer(request.params.name, {
        method: request.method,
        authorization: request.get('Authorization'),
        type: request.get('Content-Type'),
        content: typeof request.body === 'string' ? request.body : '',
      })
      if (!answer) return next()
      response
        .status(answer.status)
        .set({ 'Content-Type': 'application/json', 'Cache-Control': 'no-store', ...answer.fields })
        .send(answer.content)
    },
  )
  return playgroundApp(place, { own })
}
