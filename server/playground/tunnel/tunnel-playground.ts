import express, { Router, type Request } from 'express'
import type { Exchange } from '../../../grader/types/index.ts'
import { allowFramesOf } from '../../http/security/security-headers.ts'
import {
  FRAMED_SITES,
  openedOrNot,
  startFramedSite,
  wasFromItsPage,
} from '../framed-site/framed-site.ts'
import {
  addressesOf,
  fromOwnPage,
  jsonFromOwnPage,
  playgroundApp,
  sendDocument,
  sendPlayground,
  type PlaygroundPlace,
} from '../playground-app.ts'
import { createDrawnNames } from '../drawn-names.ts'
import type { RecordedServer } from '../recorded-server.ts'
import { deliveriesOf } from './deliveries.ts'
import { createShop, type Shop } from './shop.ts'
import { paymentRecord, tunnelPage } from './tunnel-page.ts'

/** One lamp that somebody buys, in a shop of its own. */
interface Purchase {
  readonly shop: Shop
  readonly server: RecordedServer
  /** For each click on the button: how many payments had come before. */
  readonly clicks: number[]
}

/** So many shops are open at once: the oldest makes way. */
const MOST_PURCHASES = 4
/** Nobody presses the button more often for one lamp. */
const MOST_CLICKS = 20

/**
 * The playground of the lesson on POST. Each lamp is bought in a shop at an origin of its own, so
 * the page decides by which connection the payment goes, and nothing else is in the recording.
 */
export function tunnelPlayground(
  place: PlaygroundPlace,
): express.Express & { close(): Promise<void> } {
  const addresses = addressesOf(place)
  const { base, origin } = addresses
  const purchases = createDrawnNames<Promise<Purchase>>({
    most: MOST_PURCHASES,
    onLeave: async (purchase) => (await openedOrNot(purchase))?.server.close(),
  })
  const open = async (choice: Choice): Promise<Purchase> => {
    const shop = createShop({ cutsFirst: choice.cut })
    const server = await startFramedSite({
      owner: origin(),
      framedBy: place.framedBy,
      site: shop.site,
      keepsOpen: choice.connection === 'used',
    })
    return { shop, server, clicks: [] }
  }

  const own = Router()
  own.get(base, (request, response) => {
    allowFramesOf(response, [FRAMED_SITES])
    return sendPlayground(request, response, place, tunnelPage)
  })
  own.post(`${base}purchases`, jsonFromOwnPage(addresses), async (request: Request, response) => {
    const choice = choiceOf(request.body)
    if (!choice)
      return void response
        .status(400)
        .json({ error: 'A line is cut or not, and a connection is used or new.' })
    const opening = open(choice)
    const id = purchases.add(opening)
    response.json({ id, shop: (await opening).server.url })
  })
  own.post(
    `${base}purchases/:id/clicks`,
    fromOwnPage(addresses),
    async (request: Request<{ id: string }>, response) => {
      const purchase = await purchases.get(request.params.id)
      if (!purchase || purchase.clicks.length >= MOST_CLICKS)
        return void response.status(404).json({ error: CLOSED })
      purchase.clicks.push(purchase.shop.payments().length)
      response.status(204).end()
    },
  )
  own.get(`${base}purchases/:id`, async (request, response) => {
    const purchase = await purchases.get(request.params.id)
    if (!purchase)
      return void response.set('Cache-Control', 'no-store').status(404).json({ error: CLOSED })
    const { shop, server, clicks } = purchase
    const exchanges = server.exchanges()
    await sendDocument(
      response,
      paymentRecord({
        exchanges: exchanges.filter(isPayment),
        deliveries: deliveriesOf({ exchanges, payments: shop.payments(), clicks, isPayment }),
        clicks: clicks.length,
      }),
    )
  })

  return Object.assign(playgroundApp(place, { own }), { close: purchases.close })
}

const CLOSED = 'This shop has closed meanwhile. Change a setting, and begin with a new lamp.'

interface Choice {
  readonly cut: boolean
  readonly connection: 'used' | 'new'
}

function choiceOf(sent: unknown): Choice | undefined {
  if (typeof sent !== 'object' || sent === null) return undefined
  const { cut, connection } = sent as Record<string, unknown>
  if (typeof cut !== 'boolean' || (connection !== 'used' && connection !== 'new')) return undefined
  return { cut, connection }
}

function isPayment(exchange: Exchange): boolean {
  const { method, path } = exchange.request
  return method === 'POST' && path === '/payments' && wasFromItsPage(exchange)
}
