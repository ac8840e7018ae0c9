import { Router, type Request } from 'express'
import { nearest } from '../../course/find.ts'
import { playgrounds as known, type PlaygroundName } from '../../course/lessons/playgrounds.ts'
import { sendPage, siteFor, wantsJson, type AppContext } from '../http/app-context.ts'
import { notFound, PageError } from '../http/page-error.ts'
import { ownOrigin } from '../http/security/own-origin.ts'
import { allowFormsTo, PLAYGROUND_ORIGINS } from '../http/security/security-headers.ts'
import type { Playgrounds } from './playgrounds.ts'
import { playgroundDoor } from '../lessons/playground-door.ts'

/**
 * The pages that lead to the playgrounds, and what makes one listen: a POST of a page of this
 * server. A GET makes nothing listen, because any site can cause one.
 */
export function playgroundRoutes(
  context: AppContext,
  playgrounds: Playgrounds | undefined,
): Router {
  const router = Router()
  const requireHere = (): Playgrounds => {
    if (playgrounds) return playgrounds
    throw new PageError(
      404,
      'A playground listens on ports of your own machine. Start the course there to use it: npm start',
    )
  }
  router.get('/playground/:name', async (request, response) => {
    const name = playgroundName(request.params.name)
    requireHere()
    allowFormsTo(response, [PLAYGROUND_ORIGINS])
    await sendPage(response, playgroundDoor({ name, site: siteFor(context, request) }))
  })
  router.post('/playground/:name', async (request: Request<{ name: string }>, response) => {
    const name = playgroundName(request.params.name)
    const playgrounds = requireHere()
    response.set('Cache-Control', 'no-store')
    if (!wantsJson(request)) return response.redirect(303, await playgrounds.address(name))
    const address =
      request.body?.framed === true
        ? await playgrounds.frame(name, ownOrigin(request.socket.localPort ?? 0))
        : await playgrounds.address(name)
    return void response.json({ address })
  })
  return router
}

/** Throws a PageError that suggests a name when no playground is called so. */
function playgroundName(name: string): PlaygroundName {
  if (isKnown(name)) return name
  const suggestion = nearest(name, Object.keys(known))
  throw notFound(
    `No playground is called “${name}”.${suggestion === undefined ? '' : ` Did you mean “${suggestion}”?`}`,
  )
}

function isKnown(name: string): name is PlaygroundName {
  return Object.hasOwn(known, name)
}
