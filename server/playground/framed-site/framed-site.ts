import express, { type NextFunction, type Request, type Response, type Router } from 'express'
import { asset, serveAssets } from '../../http/assets.ts'
import { allowFramingBy, securityHeaders } from '../../http/security/security-headers.ts'
import type { Exchange } from '../../../grader/types/index.ts'
import { html } from '../../ui/html.ts'
import { sendDocument } from '../playground-app.ts'
import { startRecordedServer, type RecordedServer } from '../recorded-server.ts'

/** Where the sites of playgrounds are: each on a port that is drawn when it starts. */
export const FRAMED_SITES = 'http://127.0.0.1:*'

interface FramedSiteOptions {
  /** The origin of the playground's page, which alone may have its page send something. */
  readonly owner: string
  /** The origins whose pages show the playground's page in a frame. */
  readonly framedBy: ReadonlySet<string>
  /** What it answers besides. */
  readonly site: Router
  /** Whether the connections that its page came over stay open. True when left out. */
  readonly keepsOpen?: boolean
}

/**
 * A recorded server with a page of its own. A playground shows that page in a frame that nobody
 * sees, and has it send requests (see framed-site.js): they go to the page's own origin, so they
 * may have any field, and no preflight comes first. Nobody was at that origin before: the browser
 * has no connection to it, and nothing of it in a cache.
 */
export async function startFramedSite({
  owner,
  framedBy,
  site,
  keepsOpen = true,
}: FramedSiteOptions): Promise<RecordedServer> {
  const app = express()
  app.disable('x-powered-by').disable('etag')
  const page = express.Router()
  page.use((_request, response, next) => {
    if (!keepsOpen) response.set('Connection', 'close')
    next()
  })
  page.get('/', securityHeaders(), (_request, response) => {
    allowFramingBy(response, [owner, ...framedBy].join(' '))
    return sendDocument(response, framedPage(owner))
  })
  page.get('/static/:file', serveAssets())
  app.use(site, page, (_request: Request, response: Response) => void response.status(404).end())
  app.use(answerError)
  return startRecordedServer(app)
}

/**
 * Whether the site's own page sent a request, and no page of another origin. Browsers name the
 * origin with every method but GET and HEAD (Fetch, "append a request Origin header").
 */
export function isFromItsPage(request: Request): boolean {
  return request.get('Origin') === `http://${request.get('Host')}`
}

/** The same of what was recorded. */
export function wasFromItsPage({ request }: Exchange): boolean {
  const field = (wanted: string) =>
    request.headers.find(([name]) => name.toLowerCase() === wanted)?.[1]
  return field('origin') === `http://${field('host')}`
}

/** What a start gave; undefined where it failed, and so left nothing to close. */
export function openedOrNot<Thing>(opening: Promise<Thing>): Promise<Thing | undefined> {
  return opening.catch(() => undefined)
}

function answerError(
  error: { status?: number },
  _request: Request,
  response: Response,
  next: NextFunction,
): void {
  if (response.headersSent) return next(error)
  response.status(error.status ?? 500).end()
}

function framedPage(owner: string) {
  return html`<!doctype html>
<html lang="en" data-owner="${owner}">
<head>
<meta charset="utf-8">
<title>The site</title>
<link rel="icon" href="data:,">
<script type="module" src="${asset('sender.js')}"></script>
</head>
<body></body>
</html>
`
}
