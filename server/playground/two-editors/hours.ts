import express, { Router } from 'express'
import { isFromItsPage } from '../framed-site/framed-site.ts'

/** Who edits the page with the opening hours. */
export const editors = ['Ada', 'Ben'] as const

export type Editor = (typeof editors)[number]

/** What is there before anybody saves. */
const FIRST = 'Mon-Fri 9-18'
/** So many requests are answered for one document; what is drawn of them stays short. */
const MOST_REQUESTS = 24
/** Bytes of a text. */
const MOST_BYTES = 1000

/**
 * The opening hours of the lesson on PUT, for one round: each state has a tag, a save with If-Match
 * is stored only if it names the current one, and a save without it always is. Who sends a request
 * says so in the field Editor, which no page of another origin can set.
 */
export function createHours(): Router {
  const versions = [FIRST]
  const tag = () => `"${versions.length}"`
  let requests = 0
  const site = Router()
  site.use('/hours', (request, response, next) => {
    const isOwn =
      isEditor(request.get('Editor')) && (request.method === 'GET' || isFromItsPage(request))
    if (!isOwn || ++requests > MOST_REQUESTS) return void response.status(403).end()
    // Each page is to ask for itself, and not to get what the browser kept of the other one's.
    response.set('Cache-Control', 'no-store')
    next()
  })
  site.put('/hours', express.text({ type: () => true, limit: MOST_BYTES }), (request, response) => {
    const known = request.get('If-Match') ?? tag()
    if (known === tag()) versions.push(String(request.body ?? ''))
    else response.status(412)
    response.type('text').set('ETag', tag()).end(versions.at(-1))
  })
  site.get('/hours', (_request, response) => {
    response.type('text').set('ETag', tag()).end(versions.at(-1))
  })
  return site
}

export function isEditor(name: unknown): name is Editor {
  return editors.some((each) => each === name)
}
