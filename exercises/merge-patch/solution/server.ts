import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'

type Json = null | boolean | number | string | Json[] | { [name: string]: Json }

const PATCH_TYPE = 'application/merge-patch+json'

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

    case 'PATCH': {
      response.setHeader('Accept-Patch', PATCH_TYPE)
      if (mediaType(request) !== PATCH_TYPE)
        return refuse(response, 415, `Write the patch as ${PATCH_TYPE}`)
      const patch = await jsonOf(request)
      if (patch === undefined) return refuse(response, 400, 'This is not JSON')
      const document = settings.get(user)
      if (document === undefined) return refuse(response, 404, 'No settings yet')
      const patched = merge(document, patch)
      settings.set(user, patched)
      return send(response, 200, patched)
    }

    case 'OPTIONS':
      response.setHeader('Allow', 'GET, PUT, PATCH, OPTIONS')
      response.setHeader('Accept-Patch', PATCH_TYPE)
      response.writeHead(204).end()
      return

    default:
      response.setHeader('Allow', 'GET, PUT, PATCH, OPTIONS')
      return refuse(response, 405, 'Not with this method')
  }
})

server.listen(Number(process.env.PORT), '127.0.0.1')

/** RFC 7396 §2. Gives a new value and leaves the old one alone. */
function merge(target: Json | undefined, patch: Json): Json {
  if (!isObject(patch)) return patch
  // A Map inherits no members, so a name such as __proto__ is a name like any other.
  const members = new Map(isObject(target) ? Object.entries(target) : [])
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) members.delete(name)
    else members.set(name, merge(members.get(name), value))
  }
  return Object.fromEntries(members)
}

function isObject(value: Json | undefined): value is { [name: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The media type alone, without parameters such as the charset. */
function mediaType(request: IncomingMessage): string {
  const [type = ''] = (request.headers['content-type'] ?? '').split(';')
  return type.trim().toLowerCase()
}

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
