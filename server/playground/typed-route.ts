import express, { Router, type ErrorRequestHandler } from 'express'
import type { Html } from '../ui/html.ts'
import { MOST_BYTES, typedBytes } from './typed-bytes.ts'

/** So many are tried at once; each holds a port for a moment. */
const MOST_AT_ONCE = 4

/**
 * Answers a page that sends `{ text }`, typed bytes: the HTML of what came of them as `{ html }`,
 * or an `{ error }` for the reader.
 */
export function answerTyped(tryOut: (bytes: Buffer) => Promise<Html>): Router {
  let underWay = 0
  const router = Router()
  router.use(express.json({ limit: '32kb' }), async (request, response) => {
    const bytes = typedBytes(request.body?.text)
    if (!bytes) return void response.status(400).json({ error: TOO_MUCH })
    if (underWay >= MOST_AT_ONCE)
      return void response
        .status(429)
        .json({ error: 'Several of these are under way. Wait a moment, then send it again.' })
    underWay++
    try {
      const html = String(await tryOut(bytes))
      response.set('Cache-Control', 'no-store').json({ html })
    } finally {
      underWay--
    }
  })
  return router.use(explain)
}

const TOO_MUCH = `What is sent here is text, and at most ${MOST_BYTES} bytes of it.`

const explain: ErrorRequestHandler = (error: { status?: number }, _request, response, next) => {
  if (response.headersSent) return next(error)
  const isTheirs = error.status === 400 || error.status === 413 || error.status === 415
  response
    .status(isTheirs ? error.status! : 500)
    .json({ error: isTheirs ? TOO_MUCH : 'The playground met a fault of its own. Send it again.' })
}
