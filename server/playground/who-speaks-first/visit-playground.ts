import express, { Router } from 'express'
import { visitPage, visitReplay } from './visit-playground-page.ts'
import {
  addressesOf,
  playgroundApp,
  sendDocument,
  sendPlayground,
  type PlaygroundPlace,
} from '../playground-app.ts'
import { recordVisit, type RecordedVisit } from './record-visit.ts'

/** So many of the small sites are open at once: the oldest makes way. */
const MOST_VISITS = 4

/**
 * The playground of the first lesson: a link opens the small site in a tab of its own, as a typed
 * address would, and the page replays what was recorded. The page names each visit beforehand, so
 * that it knows which one was its own.
 */
export function visitPlayground(
  place: PlaygroundPlace,
): express.Express & { close(): Promise<void> } {
  const { base } = addressesOf(place)
  const visits = new Map<string, Promise<RecordedVisit>>()
  const end = async (id: string) => {
    const visit = visits.get(id)
    visits.delete(id)
    await (await visit?.catch(() => undefined))?.close()
  }

  const own = Router()
  own.get(base, (request, response) => {
    return sendPlayground(request, response, place, visitPage)
  })
  own.get(`${base}visits/:id`, async (request, response) => {
    const { id } = request.params
    const site = request.get('Sec-Fetch-Site')
    if (site !== undefined && site !== 'same-origin')
      return void response
        .status(403)
        .type('text/plain')
        .send('Open the small site from the playground’s page.\n')
    if (!/^[0-9a-f]{8}$/.test(id))
      return void response
        .status(400)
        .type('text/plain')
        .send('A visit’s name has eight characters, 0 to 9 and a to f.\n')
    const starting = visits.get(id) ?? recordVisit()
    visits.set(id, starting)
    starting.catch(() => visits.delete(id))
    for (const old of [...visits.keys()].slice(0, -MOST_VISITS)) void end(old)
    response.set('Cache-Control', 'no-store').redirect(303, (await starting).url)
  })
  own.get(`${base}visits/:id/record`, async (request, response) => {
    const visit = visits.get(request.params.id)
    // Not yet: the tab takes a moment to open.
    if (!visit) return void response.set('Cache-Control', 'no-store').status(204).end()
    await sendDocument(response, visitReplay(await (await visit).recorded))
  })

  return Object.assign(playgroundApp(place, { own }), {
    close: async () => void (await Promise.all([...visits.keys()].map(end))),
  })
}
