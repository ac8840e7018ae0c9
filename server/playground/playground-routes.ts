import { Router } from 'express'
import { nearest } from '../../course/find.ts'
import { playgrounds as known, type PlaygroundName } from '../../course/playgrounds.ts'
import { sendPage, siteFor, type AppContext } from '../http/app-context.ts'
import { notFound, PageError } from '../http/page-error.ts'
import type { Playgrounds } from './playgrounds.ts'
import { playgroundDoor } from '../lessons/playground-door.ts'

/** The doors to the playgrounds. */
export function playgroundRoutes(context: AppContext, playgrounds: Playgrounds): Router {
  const router = Router()
  router.get('/playground/:name', async (request, response) => {
    const { name } = request.params
    if (!isKnown(name)) {
      const suggestion = nearest(name, Object.keys(known))
      throw notFound(
        `There is no playground “${name}”.${suggestion === undefined ? '' : ` Did you mean “${suggestion}”?`}`,
      )
    }
    const site = request.get('Sec-Fetch-Site')
    // A link on another site makes nothing listen.
    if (site !== undefined && site !== 'same-origin' && site !== 'none')
      throw new PageError(403, 'Open the playground from the course.')
    await sendPage(
      response,
      playgroundDoor({
        name,
        site: siteFor(context, request),
        address: await playgrounds.address(name),
      }),
    )
  })
  return router
}

function isKnown(name: string): name is PlaygroundName {
  return Object.hasOwn(known, name)
}
