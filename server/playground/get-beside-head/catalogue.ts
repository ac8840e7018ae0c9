import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'

/** A catalogue of lamps, and links that delete them. */
export interface Catalogue {
  /** Whether only a POST deletes. */
  readonly postOnly: boolean
  readonly lamps: Set<string>
}

/** How many lamps a new one has, and so how many of its links a browser may load in advance. */
export const LAMPS = 3

export function createCatalogue({ postOnly }: { postOnly: boolean }): Catalogue {
  return { postOnly, lamps: new Set(['desk', 'floor', 'wall']) }
}

/**
 * Answers for a catalogue whose address is `base`, a path that ends in a slash. With `?ahead` its
 * page asks browsers to load its links in advance. `framedBy`: the origins that may show it in a
 * frame. `note` is called with the name of a lamp that was deleted.
 */
export function answerCatalogue(
  request: IncomingMessage,
  response: ServerResponse,
  {
    catalogue,
    base,
    framedBy,
    note,
  }: {
    catalogue: Catalogue
    base: string
    framedBy: readonly string[]
    note: (lamp: string) => void
  },
): void {
  const [path = '', query] = (request.url ?? '').split('?')
  request.resume()
  if (path.startsWith(`${base}delete/`)) {
    if (catalogue.postOnly && request.method !== 'POST')
      return void response.writeHead(405, { Allow: 'POST', 'Content-Length': 0 }).end()
    const lamp = path.slice(`${base}delete/`.length)
    if (catalogue.lamps.delete(lamp)) note(lamp)
  } else if (path !== base) {
    return void response.writeHead(404, { 'Content-Length': 0 }).end()
  }
  response.writeHead(200, {
    'Content-Type': 'text/html; charset=utf-8',
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    'Content-Security-Policy': [
      "default-src 'self'; script-src 'none'; base-uri 'none'; form-action 'self'",
      `style-src '${STYLE_HASH}'`,
      `frame-ancestors ${framedBy.join(' ')}`,
    ].join('; '),
  })
  response.end(pageOf(catalogue, base, query === 'ahead'))
}

function pageOf({ lamps, postOnly }: Catalogue, base: string, ahead: boolean): string {
  const links = [...lamps].map((lamp) => ({ lamp, href: `${base}delete/${lamp}` }))
  const items = links.map(({ lamp, href }) =>
    postOnly
      ? `<li>${lamp} lamp <form method="post" action="${href}"><button>delete</button></form></li>`
      : `<li>${lamp} lamp <a href="${href}">delete</a></li>`,
  )
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Catalogue</title>
<meta name="color-scheme" content="light dark">
<style>${STYLE}</style>
${ahead ? links.map(({ href }) => `<link rel="prefetch" href="${href}">\n`).join('') : ''}<h1>Catalogue</h1>
${items.length === 0 ? '<p>It’s empty.</p>' : `<ul>\n${items.join('\n')}\n</ul>`}
</html>
`
}

const STYLE = [
  'body{font:1rem/1.5 system-ui,sans-serif;margin:.6rem .9rem}',
  'h1{font-size:1rem;margin:0}',
  'ul,p{margin:.2rem 0;padding-left:1.2rem}',
  'p{padding:0}',
  'form{display:inline}',
].join('')
const STYLE_HASH = `sha256-${createHash('sha256').update(STYLE).digest('base64')}`
