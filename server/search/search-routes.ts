import { Router, type Request } from 'express'
import { searchIndex } from '../../course/lessons/search-index.ts'
import { sendPage, siteFor, type AppContext } from '../http/app-context.ts'
import { paletteEntries } from './palette-entries.ts'
import { addressOf, searchPage } from './search-page.ts'

/**
 * Search over lessons and exercises: a page, and the same as data for the palette, with everything
 * one can go to.
 */
export function searchRoutes(context: AppContext): Router {
  const router = Router()
  const find = (words: string, limit?: number) => searchIndex(context.course).search(words, limit)

  router.get('/search', async (request, response) => {
    const words = wordsOf(request)
    await sendPage(
      response,
      searchPage({ site: siteFor(context, request), words, found: find(words) }),
    )
  })

  router.get('/api/search', (request, response) => {
    const found = find(wordsOf(request), 8)
    response
      .set('Cache-Control', 'private, no-cache')
      .json(found.map((each) => ({ ...each, address: addressOf(each) })))
  })

  router.get('/api/palette', async (_request, response) => {
    response.set('Cache-Control', 'private, no-cache').json(await paletteEntries(context))
  })

  return router
}

function wordsOf(request: Request): string {
  const words: unknown = request.query['q']
  return typeof words === 'string' ? words.slice(0, 200).trim() : ''
}
