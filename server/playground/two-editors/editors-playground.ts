import { randomBytes } from 'node:crypto'
import express, { Router } from 'express'
import type { Exchange } from '../../../grader/types/index.ts'
import { allowFramesOf } from '../../http/security/security-headers.ts'
import { themeOf } from '../../ui/theme.ts'
import { FRAMED_SITES, startFramedSite } from '../framed-site/framed-site.ts'
import {
  addressesOf,
  allowFrame,
  fromOwnPage,
  playgroundApp,
  sendDocument,
  type PlaygroundPlace,
} from '../playground-app.ts'
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
  const rounds = new Map<string, Promise<RecordedServer>>()
  const end = async (id: string) => {
    const round = rounds.get(id)
    rounds.delete(id)
    await (await round?.catch(() => undefined))?.close()
  }

  const own = Router()
  own.get(base, (request, response) => {
    const framed = allowFrame(request, response, place)
    allowFramesOf(response, [FRAMED_SITES])
    return sendDocument(response, editorsPage({ base, framed, theme: themeOf(request) }))
  })
  own.post(`${base}rounds`, fromOwnPage(addresses), async (_request, response) => {
    const id = randomBytes(4).toString('hex')
    const opening = startFramedSite({
      owner: origin(),
      framedBy: place.framedBy,
      site: createHours(),
    })
    rounds.set(id, opening)
    opening.catch(() => rounds.delete(id))
    for (const old of [...rounds.keys()].slice(0, -MOST_ROUNDS)) void end(old)
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

  return Object.assign(playgroundApp(place, { own }), {
    close: async () => void (await Promise.all([...rounds.keys()].map(end))),
  })
}

function isAboutHours({ request }: Exchange): boolean {
  return request.path === '/hours'
}
