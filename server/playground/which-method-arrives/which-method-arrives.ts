import express, { Router, type Request } from 'express'
import { createDrawnNames } from '../drawn-names.ts'
import {
  addressesOf,
  jsonFromOwnPage,
  playgroundApp,
  sendPlayground,
  sendNothing,
  type PlaygroundPlace,
} from '../playground-app.ts'
import { inShort, ruleOnRedirect, sumUp, type Guess } from './redirect-words.ts'
import {
  cellOf,
  isRedirect,
  methods,
  type Arrival,
  type Cell,
  type RedirectedMethod,
  type RedirectStatus,
} from './redirects.ts'
import { arrivedCells, ruledOn, whichMethodArrivesPage } from './which-method-arrives-page.ts'

/** One status, tried out with all methods. Each method has an old and a new address of its own. */
interface Try {
  readonly status: RedirectStatus
  readonly arrivals: Map<RedirectedMethod, Arrival[]>
}

/** A browser sends two requests for each visit, and visits twice. More is not kept. */
const MOST_ARRIVALS = 10

/**
 * The playground of the lesson on redirects: its page sends each method twice to an old address,
 * which redirects to a new one, and shows with which method it arrived there. The addresses are on
 * the page's own origin, because a browser asks before it sends a PUT to another one.
 */
export function whichMethodArrives(place: PlaygroundPlace): express.Express {
  const addresses = addressesOf(place)
  const { base } = addresses
  const tries = createDrawnNames<Try>()
  const cellsOf = ({ arrivals }: Try): Cell[] =>
    methods.map((method) => cellOf(method, arrivals.get(method) ?? []))

  const own = Router()
  own.get(base, (request, response) => {
    return sendPlayground(request, response, place, whichMethodArrivesPage)
  })
  own.post(`${base}tries`, jsonFromOwnPage(addresses), ({ body }: Request, response) => {
    const status: unknown = body?.status
    if (!isRedirect(status))
      return void response.status(400).json({ error: 'The status is not one of the five.' })
    response.json({ name: tries.add({ status, arrivals: new Map() }) })
  })
  own.all(
    `${base}:name/:at/:method`,
    express.text({ type: () => true, limit: '1kb' }),
    (request, response, next) => {
      const { name, at, method } = request.params
      const found = tries.get(name)
      if (!found || (at !== 'old' && at !== 'new') || !isMethod(method)) return next()
      const arrivals = found.arrivals.get(method) ?? []
      found.arrivals.set(method, arrivals)
      const content = typeof request.body === 'string' ? request.body : ''
      if (arrivals.length < MOST_ARRIVALS) arrivals.push({ at, method: request.method, content })
      // Without a word about caching: what a browser remembers by itself is what this is about.
      if (at === 'old')
        return void response.status(found.status).location(`${base}${name}/new/${method}`).end()
      response.set('Cache-Control', 'no-store').type('text/plain').send('Arrived.\n')
    },
  )
  own.get(`${base}:name/row`, async (request, response) => {
    const found = tries.get(request.params.name)
    if (!found) return sendNothing(response, 'Nothing was sent under this name.')
    const { status } = found
    const cells = cellsOf(found)
    const guess = guessOf(request.query)
    const rulings = guess && ruleOnRedirect(status, cells, guess)
    response.set('Cache-Control', 'no-store').json({
      row: String(await arrivedCells(status, cells)),
      ...(rulings && {
        say: inShort(status, rulings),
        result: String(await ruledOn(status, rulings)),
      }),
    })
  })
  own.get(`${base}sum`, (request, response) => {
    const names = String(request.query['names'] ?? '').split(',')
    const rows = new Map(
      names.flatMap((name) => {
        const found = tries.get(name)
        return found ? [[found.status, cellsOf(found)] as const] : []
      }),
    )
    response.set('Cache-Control', 'no-store').type('text/plain').send(sumUp(rows))
  })
  return playgroundApp(place, { own })
}

function guessOf({ post, put, second }: Request['query']): Guess | undefined {
  if (post !== 'same' && post !== 'get') return undefined
  if (put !== 'same' && put !== 'get') return undefined
  return second === 'asked' || second === 'skipped' ? { post, put, second } : undefined
}

function isMethod(method: string | undefined): method is RedirectedMethod {
  return (methods as readonly unknown[]).includes(method)
}
