import { randomBytes } from 'node:crypto'
import express, { Router } from 'express'
import { allowFramesOf, allowFramingBy } from '../../http/security/security-headers.ts'
import { probePage, responsePage } from './response-playground-page.ts'
import { responseVerdicts } from './response-verdicts.ts'
import { judgeResponse } from './judge-response.ts'
import {
  addressesOf,
  fromOwnPage,
  playgroundApp,
  sendDocument,
  sendPlayground,
  type PlaygroundPlace,
} from '../playground-app.ts'
import type { PlaygroundTools } from '../playground-app.ts'
import { answerTyped } from '../typed-route.ts'

/** So many answers are kept to be asked for; the oldest goes first. */
const MOST_KEPT = 16

/** A script that learns of the end in the same moment as of the bytes would never see these. */
const CLOSES_AFTER_MS = 150

/**
 * The playground of the lesson on responses: what a reader typed is sent, byte for byte, as the
 * answer to a GET. It is asked for by a script in the reader's own browser, by Chromium, and read
 * by a strict reader. Such answers are on the other site, 127.0.0.1, so that nothing in them meets
 * a page of the course or of the playground.
 */
export function responsePlayground(
  place: PlaygroundPlace,
  { look }: PlaygroundTools,
): express.Express {
  const addresses = addressesOf(place)
  const { base, origin, stranger } = addresses
  const answers = new Map<string, Buffer>()
  const keep = (bytes: Buffer): string => {
    const id = randomBytes(8).toString('hex')
    answers.set(id, bytes)
    if (answers.size > MOST_KEPT) answers.delete(answers.keys().next().value!)
    return id
  }

  const own = Router()
  own.get(base, (request, response) => {
    allowFramesOf(response, [stranger()])
    return sendPlayground(request, response, place, (shown) =>
      responsePage({ ...shown, stranger: stranger() }),
    )
  })
  own.post(
    `${base}serve`,
    fromOwnPage(addresses),
    answerTyped(async (bytes) => {
      const id = keep(bytes)
      const address = `${stranger()}${base}answers/${id}`
      return responseVerdicts({
        bytes,
        address,
        probe: `${stranger()}${base}probe/${id}`,
        look: await look(address),
        strict: judgeResponse(bytes),
      })
    }),
  )

  const elsewhere = Router()
  elsewhere.get(`${base}probe/:id`, (request, response) => {
    allowFramingBy(response, [origin(), ...place.framedBy].join(' '))
    return sendDocument(
      response,
      probePage({ address: `${base}answers/${request.params.id}`, owner: origin() }),
    )
  })
  elsewhere.get(`${base}answers/:id`, (request, _response, next) => {
    const bytes = answers.get(request.params.id)
    if (!bytes) return next()
    const { socket } = request
    socket.write(bytes)
    setTimeout(() => socket.end(), CLOSES_AFTER_MS).unref()
  })
  return playgroundApp(place, { own, elsewhere })
}
