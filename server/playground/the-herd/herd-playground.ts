import type { Express, Request } from 'express'
import { Router } from 'express'
import {
  addressesOf,
  playgroundApp,
  sendDocument,
  sendPlayground,
  type PlaygroundPlace,
} from '../playground-app.ts'
import { playHerd, triesOffered, waits, type Setting } from './herd-model.ts'
import { herdPage, herdResult } from './herd-playground-page.ts'
import { kinds, rulingOn, type Kind } from './herd-words.ts'

/**
 * The playground of the lesson on 5xx: fifty clients and a server that comes back after a failure.
 * It is a model and sends nothing, because a browser queues what goes beyond a few connections.
 */
export function herdPlayground(place: PlaygroundPlace): Express {
  const { base } = addressesOf(place)
  const own = Router()
  own.get(base, (request, response) => {
    return sendPlayground(request, response, place, herdPage)
  })
  own.get(`${base}run`, async (request, response) => {
    const setting = settingOf(request)
    const predicted = (Object.keys(kinds) as Kind[]).find(
      (kind) => kind === request.query['prediction'],
    )
    if (!setting || !predicted)
      return void response
        .status(400)
        .type('text/plain')
        .send('The model has no such setting. Choose one of those on the page.\n')
    const run = playHerd(setting)
    await sendDocument(response, herdResult(run, rulingOn(predicted, run)))
  })
  return playgroundApp(place, { own })
}

/** The chosen setting, or undefined where a part of it is not one of those on the page. */
function settingOf({ query }: Request): Setting | undefined {
  const wait = waits.find((each) => each === query['wait'])
  const tries = triesOffered.find((each) => String(each) === query['tries'])
  const jitter = ['on', 'off'].find((each) => each === query['jitter'])
  return wait && tries && jitter ? { wait, jitter: jitter === 'on', tries } : undefined
}
