import { createServer, STATUS_CODES, type IncomingMessage, type ServerResponse } from 'node:http'

const published = new Set(process.env.SLUGS?.split(','))
const removed = new Set(process.env.REMOVED?.split(','))

const server = createServer((request, response) => {
  const fail = (status: number, detail: string) => sendError(request, response, status, detail)
  const [path = '/'] = (request.url ?? '/').split('?')
  if (!path.startsWith('/articles/')) return fail(404, 'Only articles are on this server.')

  const slug = decode(path.slice('/articles/'.length))
  if (slug === undefined || !/^[a-z0-9-]+$/.test(slug))
    return fail(400, 'The address of an article has small letters, digits and hyphens.')
  if (removed.has(slug)) return fail(410, 'This article was removed, and it will not come back.')
  if (!published.has(slug)) return fail(404, 'No article has this address.')

  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('Allow', 'GET, HEAD')
    return fail(405, 'An article can only be read.')
  }
  response.setHeader('Content-Type', 'text/html; charset=utf-8')
  response.end(page(slug, `You are reading ${slug}.`))
})

server.listen(Number(process.env.PORT), '127.0.0.1')

function sendError(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  detail: string,
): void {
  const { accept = '' } = request.headers
  const isForPeople = accept.includes('text/html')
  const title = STATUS_CODES[status] ?? 'Error'
  response.statusCode = status
  // A cache must not show the page to a program, or the document to a person.
  response.setHeader('Vary', 'Accept')
  if (isForPeople) {
    response.setHeader('Content-Type', 'text/html; charset=utf-8')
    response.end(page(`${status} ${title}`, detail))
  } else {
    response.setHeader('Content-Type', 'application/problem+json')
    response.end(JSON.stringify({ status, title, detail }))
  }
}

// Undefined where an escape is broken.
function decode(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment)
  } catch {
    return undefined
  }
}

function page(title: string, text: string): string {
  return `<!doctype html><html lang="en"><title>${title}</title><h1>${title}</h1><p>${text}</p></html>`
}
