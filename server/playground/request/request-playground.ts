import express, { Router } from 'express'
import { requestPage } from './request-playground-page.ts'
import { requestVerdicts } from './request-verdicts.ts'
import { judgeRequest } from './judge-request.ts'
import {
  addressesOf,
  fromOwnPage,
  playgroundApp,
  sendPlayground,
  type PlaygroundPlace,
} from '../playground-app.ts'
import { requestParts } from './request-parts.ts'
import { sendToNode } from './send-to-node.ts'
import { answerTyped } from '../typed-route.ts'

/**
 * The playground of the lesson on requests: shows the request that asked for its own page, part by
 * part; then sends what a reader typed to a plain node:http server made for that one time, and says
 * beside it what a reader does that follows RFC 9112 to the letter.
 */
export function requestPlayground(place: PlaygroundPlace): express.Express {
  const addresses = addressesOf(place)
  const { base } = addresses
  const own = Router()
  own.get(base, (request, response) => {
    return sendPlayground(request, response, place, (shown) =>
      requestPage({ ...shown, parts: requestParts(request) }),
    )
  })
  own.post(
    `${base}send`,
    fromOwnPage(addresses),
    answerTyped(async (bytes) =>
      requestVerdicts({ bytes, node: await sendToNode(bytes), strict: judgeRequest(bytes) }),
    ),
  )
  return playgroundApp(place, { own })
}
