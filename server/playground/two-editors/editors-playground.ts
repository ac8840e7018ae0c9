import express, { Router } from 'express'
import type { Exchange } from '../../../grader/types/index.ts'
import { allowFramesOf } from '../../http/security/security-headers.ts'
import { FRAMED_SITES, openedOrNot, startFramedSite } from '../framed-site/framed-site.ts'
import {
  addressesOf,
  fromOwnPage,
  playgroundApp,
  sendDocument,
  sendPlayground,
  type PlaygroundPlace,
} from '../playground-app.ts'
import { createDrawnNames } from '../drawn-names.ts'
import type { RecordedServer } from '../recorded-server.ts'
import { editorsPage, roundRecord } from './editors-page.ts'
import { createHours } from './hours.ts'

/** So many documents are open at once: the oldest makes way. */
const MOST_ROUNDS = 4

/**
 * The playground of the lesson on PUT: two people edit one document, each round a new one, at an
 * origin of its own.
 */
export function editorsPlayground(
  place: PlaygroundPlace,
): express.Express & { close(): Promise<void> } {
  const addresses = addressesOf(place)
  const { base, origin } = addresses
  const rounds = createDrawnNames<Promise<RecordedServer>>({
    most: MOST_ROUNDS,
    onLeave: async (round) => (await openedOrNot(round))?.close(),
  })

  const own = Router()
  own.get(base, (request, response) => {
    allowFramesOf(response, [FRAMED_SITES])
    return sendPlayground(request, response, place, editorsPage)
  })
  own.post(`${base}rounds`, fromOwnPage(addresses), async (_request, response) => {
    const opening = startFramedSite({
      owner: origin(),
      framedBy: place.framedBy,
      site: createHours(),
    })
    const id = rounds.add(opening)
    response.json({ id, shop: (await opening).url })
  })
  own.get(`${base}rounds/:id`, async (request, response) => {
    const round = await rounds.get(request.params.id)
    if (!round)
      return void response
        .set('Cache-Control', 'no-store')
        .status(404)
        .json({ error: 'This document is closed by now. Have both open the page once more.' })
    await sendDocument(response, roundRecord(round.exchanges().filter(isAboutHours)))
  })

  return Object.assign(playgroundApp(place, { own }), { close: rounds.close })
}

function isAboutHours({ request }: Exchange): boolean {
  return request.path === '/hours'
}
