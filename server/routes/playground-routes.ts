import { Router } from 'express'
import { sendPage, siteFor, type AppContext } from '../app-context.ts'
import { PageError } from '../page-error.ts'
import type { Playgrounds } from '../playground/playgrounds.ts'
import { playgroundDoor } from '../views/playground-page.ts'

/** The door to the cookie playground. */
export function playgroundRoutes(context: AppContext, playgrounds: Playgrounds): Router {
  const router = Router()
  router.get('/playground/cookies', async (request, response) => {
    const site = request.get('Sec-Fetch-Site')
    // A link on another site makes nothing listen.
    if (site !== undefined && site !== 'same-origin' && site !== 'none') throw new PageError(403, 'Open the playground from the course.')
    await sendPage(response, playgroundDoor({ site: siteFor(context, request), address: await playgrounds.address('cookies') }))
  })
  return router
}
