import type { RequestHandler, Router } from 'express'
import { wantsJson } from './app-context.ts'
import { themeOf } from '../ui/theme.ts'
import { messagePage } from '../ui/message-page.ts'

/**
 * Answers 405 for an address these routers know under other methods, and names those (RFC 9110
 * §15.5.6). Stands in front of the checks for what changes something: nothing is changed here, and
 * who asks wrongly learns the reason and no other.
 */
export function refuseWrongMethods(routers: readonly Router[]): RequestHandler {
  // The routes stay as they are, and most requests are for the same few addresses.
  const known = new Map<string, readonly string[]>()
  const methodsOf = (path: string) => {
    const methods = known.get(path) ?? methodsAt(path, routers)
    if (known.size >= 200) known.clear()
    known.set(path, methods)
    return methods
  }
  return async (request, response, next) => {
    const methods = methodsOf(request.path)
    if (methods.length === 0 || request.method === 'OPTIONS' || methods.includes(request.method))
      return next()
    response.status(405).set({ Allow: methods.join(', '), 'Cache-Control': 'no-store' })
    const text = `This address takes ${methods.join(' and ')}, not ${request.method}.`
    if (request.path.startsWith('/api/') || wantsJson(request))
      return void response.json({ error: text })
    const advice =
      request.method === 'GET' ? 'A form leads here; go back to the page it is on.' : ''
    response.type('html').send(
      String(
        await messagePage({
          title: 'Not in this way',
          text: `${text} ${advice}`.trim(),
          theme: themeOf(request),
        }),
      ),
    )
  }
}

function methodsAt(path: string, routers: readonly Router[]): string[] {
  const found = routers
    .flatMap(({ stack }) => stack)
    .filter((layer) => layer.route && matches(layer, path))
  const methods = found.flatMap(({ route }) =>
    route!.stack.map(({ method }) => method?.toUpperCase() ?? ''),
  )
  return [
    ...new Set(methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]))),
  ].toSorted()
}

function matches(layer: Router['stack'][number], path: string): boolean {
  try {
    return (layer as unknown as { match(path: string): boolean }).match(path)
  } catch {
    // An address that is no text is refused where it is read.
    return false
  }
}
