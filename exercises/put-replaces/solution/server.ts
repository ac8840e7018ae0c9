import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'

const profiles = new Map<string, unknown>()

const server = createServer(async (request, response) => {
  const name = nameIn(request.url ?? '/')
  if (name === undefined) return send(response, 404)

  switch (request.method) {
    case 'PUT': {
      const profile = await jsonOf(request)
      if (profile === undefined) return send(response, 400)
      const existed = profiles.has(name)
      // What was there before has no part in it.
      profiles.set(name, profile)
      return send(response, existed ? 200 : 201, profile)
    }

    case 'GET':
      return profiles.has(name) ? send(response, 200, profiles.get(name)) : send(response, 404)

    case 'DELETE':
      return send(response, profiles.delete(name) ? 204 : 404)

    default:
      response.setHeader('Allow', 'GET, PUT, DELETE')
      return send(response, 405)
  }
})

server.listen(Number(process.env.PORT), '127.0.0.1')

// Decoded, because one name can be encoded in several ways. Undefined where there is none.
function nameIn(target: string): string | undefined {
  const [path = '/'] = target.split('?')
  const [, segment] = /^\/profiles\/([^/]+)$/.exec(path) ?? []
  try {
    return segment && decodeURIComponent(segment)
  } catch {
    return undefined
  }
}

// Undefined where the content isn't JSON, or the client left in the middle of it.
async function jsonOf(request: IncomingMessage): Promise<unknown> {
  try {
    return JSON.parse(await text(request))
  } catch {
    return undefined
  }
}

function send(response: ServerResponse, status: number, json?: unknown): void {
  response.statusCode = status
  if (json === undefined) {
    response.end()
    return
  }
  response.setHeader('Content-Type', 'application/json')
  response.end(JSON.stringify(json))
}
