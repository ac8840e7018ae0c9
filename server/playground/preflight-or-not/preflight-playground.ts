import express, { Router, type Request } from 'express'
import { allowConnectionsTo } from '../../http/security/security-headers.ts'
import { preflightPage, tryResult } from './preflight-playground-page.ts'
import {
  addressesOf,
  jsonFromOwnPage,
  playgroundApp,
  sendDocument,
  sendPlayground,
  sendNothing,
  type PlaygroundPlace,
} from '../playground-app.ts'
import { startRecordedServer } from '../recorded-server.ts'
import { createPartner, permissions } from './partner.ts'

/**
 * The playground of the lesson on CORS: its page sends requests to the partner, a recorded server
 * at another origin, and shows what came there. The partner's is the one other origin the page's
 * policy lets it connect to.
 */
export async function preflightPlayground(
  place: PlaygroundPlace,
): Promise<express.Express & { close(): Promise<void> }> {
  const addresses = addressesOf(place)
  const { base } = addresses
  const partner = createPartner(addresses.origin)
  const { url: origin, exchanges, close } = await startRecordedServer(partner.answer)

  const own = Router()
  own.get(base, (request, response) => {
    allowConnectionsTo(response, [origin])
    return sendPlayground(request, response, place, (shown) =>
      preflightPage({ ...shown, partner: origin }),
    )
  })
  own.post(`${base}tries`, jsonFromOwnPage(addresses), (request: Request, response) => {
    const permission = permissions.find((each) => each === request.body?.permission)
    if (!permission)
      return void response
        .status(400)
        .json({ error: 'The partner lets this page read, or anybody, or nobody.' })
    response.json({ address: `${origin}${partner.open(permission)}` })
  })
  own.get(`${base}tries/:name`, async (request, response) => {
    const found = exchanges().filter(
      (exchange) => exchange.request.target === `/things/${request.params.name}`,
    )
    if (found.length === 0) return sendNothing(response, 'No such request came to the partner.\n')
    await sendDocument(response, tryResult(found))
  })

  return Object.assign(playgroundApp(place, { own }), { close })
}
