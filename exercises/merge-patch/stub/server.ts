import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'

type Json = null | boolean | number | string | Json[] | { [name: string]: Json }

const settings = new Map<string, Json>()

const server = createServer(async (request, response) => {
  const [path = ''] = (request.url ?? '').split('?')
  const [, user] = /^\/settings\/([^/]+)$/.exec(path) ?? []
  if (user === undefined) return refuse(response, 404, 'Not found')

  switch (request.method) {
    case 'GET': {
      const document = settings.get(user)
      if (document === undefined) return refuse(response, 404, 'No settings yet')
      return send(response, 200, document)
    }

    case 'PUT': {
      const document = await jsonOf(request)
      if (document === undefined) return refuse(response, 400, 'This is not JSON')
      const status = settings.has(user) ? 200 : 201
      settings.set(user, document)
      return send(response, status, document)
    }

    // TODO: Answer PATCH and OPTIONS.
    default:
      response.setHeader('Allow', 'GET, PUT')
      return refuse(response, 405, 'Not with this method')
  }
})

server.listen(Number(process.env.PORT), '127.0.0.1')

/** Undefined when it isn't JSON, or the client left in the middle of it. */
async function jsonOf(request: IncomingMessage): Promise<Json | undefined> {
  try {
    return JSON.parse(await text(request))
  } catch {
    return undefined
  }
}

function send(response: ServerResponse, status: number, document: Json): void {
  response.writeHead(status, { 'Content-Type': 'application/json' })
  response.end(JSON.stringify(document))
}

function refuse(response: ServerResponse, status: number, why: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' })
  response.end(`${why}\n`)
}
