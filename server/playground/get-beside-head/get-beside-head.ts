import express, { Router, type Request } from 'express'
import type { Exchange, Printed } from '../../../grader/types/index.ts'
import { allowConnectionsTo, allowFramesOf } from '../../http/security/security-headers.ts'
import { createDrawnNames } from '../drawn-names.ts'
import {
  addressesOf,
  jsonFromOwnPage,
  playgroundApp,
  sendDocument,
  sendPlayground,
  sendNothing,
  type PlaygroundPlace,
} from '../playground-app.ts'
import { startRecordedServer } from '../recorded-server.ts'
import { isAhead } from './ahead-words.ts'
import { answerCatalogue, createCatalogue, LAMPS, type Catalogue } from './catalogue.ts'
import { differences, type Difference } from './compare-heads.ts'
import { aheadTimeline, comparedHeads, getBesideHeadPage } from './get-beside-head-page.ts'
import { isLampServer, lampServers, type LampServerName } from './lamp-servers.ts'

/** What is at `/3f9a2c/` on the recorded server: one of the servers for `/lamps`, or a catalogue. */
type Thing = { readonly server: LampServerName } | OpenCatalogue

interface OpenCatalogue {
  readonly catalogue: Catalogue
  readonly printed: Printed[]
  /** What a browser loads in advance has come, or was waited for long enough. */
  settled: boolean
}

/** A browser gets so long to load links in advance. They come right after the page. */
const AHEAD_MS = 3000

/**
 * The playground of the lesson on GET and HEAD: its page sends both methods to one of several
 * servers, all of them recorded at another origin, and shows a catalogue whose page asks browsers
 * to load its links in advance.
 */
export async function getBesideHead(
  place: PlaygroundPlace,
): Promise<express.Express & { close(): Promise<void> }> {
  const addresses = addressesOf(place)
  const { base } = addresses
  const things = createDrawnNames<Thing>()
  const recorded = await startRecordedServer((request, response) => {
    const name = /^\/([0-9a-f]{6})\//.exec(request.url ?? '')?.[1] ?? ''
    const thing = things.get(name)
    if (thing && 'catalogue' in thing)
      return answerCatalogue(request, response, {
        catalogue: thing.catalogue,
        base: `/${name}/`,
        framedBy: [addresses.origin(), ...place.framedBy],
        note: (lamp) => thing.printed.push({ at: recorded.now(), text: `${lamp} lamp deleted` }),
      })
    if (thing && request.url === `/${name}/lamps`)
      return lampServers[thing.server].answer(request, response)
    request.resume()
    response.writeHead(404, { 'Content-Length': 0 }).end()
  })
  const { url: origin } = recorded
  const exchangesOf = (name: string) =>
    recorded.exchanges().filter(({ request }) => request.target.startsWith(`/${name}/`))

  const own = Router()
  own.get(base, async (request, response) => {
    allowConnectionsTo(response, [origin])
    allowFramesOf(response, [origin])
    await sendPlayground(request, response, place, getBesideHeadPage)
  })
  own.use(`${base}open`, jsonFromOwnPage(addresses))
  own.post(`${base}open/lamps`, ({ body }: Request, response) => {
    const server: unknown = body?.server
    if (!isLampServer(server))
      return void response.status(400).json({ error: 'No server of this page is called so.' })
    response.json({ address: `${origin}/${things.add({ server })}/lamps` })
  })
  own.post(`${base}open/catalogue`, ({ body }: Request, response) => {
    const catalogue = createCatalogue({ postOnly: body?.postOnly === true })
    response.json({
      address: `${origin}/${things.add({ catalogue, printed: [], settled: false })}/`,
    })
  })
  own.get(`${base}:name/lamps`, async (request, response) => {
    const { name } = request.params
    const thing = things.get(name)
    const said = String(request.query['said'])
    const answers = exchangesOf(name)
    const get = answerTo('GET', answers)
    const head = answerTo('HEAD', answers)
    if (!thing || !('server' in thing) || !isDifference(said) || !get || !head)
      return sendNothing(response, 'GET and HEAD have not both been answered.')
    await sendDocument(response, comparedHeads({ get, head }, said, lampServers[thing.server]))
  })
  own.get(`${base}:name/timeline`, async (request, response) => {
    const { name } = request.params
    const thing = things.get(name)
    if (!thing || !('catalogue' in thing) || exchangesOf(name).length === 0)
      return sendNothing(response, 'Nobody has opened this catalogue.')
    if (!thing.settled) await recorded.until(() => hasAllAhead(exchangesOf(name)), AHEAD_MS)
    thing.settled = true
    await sendDocument(
      response,
      aheadTimeline({
        exchanges: exchangesOf(name),
        printed: thing.printed,
        left: thing.catalogue.lamps.size,
      }),
    )
  })

  return Object.assign(playgroundApp(place, { own }), { close: () => recorded.close() })
}

function answerTo(method: string, exchanges: readonly Exchange[]) {
  return exchanges.find(({ request, response }) => request.method === method && response?.complete)
    ?.response
}

function hasAllAhead(exchanges: readonly Exchange[]): boolean {
  const answered = exchanges.filter((each) => isAhead(each) && each.response?.complete)
  return answered.length >= LAMPS
}

function isDifference(said: string): said is Difference {
  return Object.hasOwn(differences, said)
}
