import { randomInt } from 'node:crypto'
import { createServer } from 'node:http'
import { buffer } from 'node:stream/consumers'

const friends = new Set(process.env.FRIENDS?.split(','))
const sessions: { key: string; user: string }[] = []

const routes: Record<string, (request: Request) => Response | Promise<Response>> = {
  'POST /login'({ url }) {
    const key = Array.from({ length: 24 }, () => randomInt(36).toString(36)).join('')
    sessions.push({ key, user: new URL(url).searchParams.get('user') ?? '' })
    return new Response(null, { headers: { 'Set-Cookie': `key=${key};Path=/` } })
  },
  'GET /me': (request) => account(sessionOf(request)),
  async 'PATCH /me'(request) {
    const session = sessionOf(request)
    if (session) Object.assign(session, await request.json())
    return account(session)
  },
  'GET /public': () => Response.json(null, { headers: { 'Cache-Control': 'max-age=60' } }),
}

function account(session: { user: string } | undefined): Response {
  if (!session) return new Response('Log in first', { status: 401 })
  return Response.json({ user: session.user }, { headers: { 'X-Total': `${sessions.length}` } })
}

function sessionOf({ headers }: Request) {
  const cookies = headers.get('Cookie')?.split('; ') ?? []
  return sessions.find(({ key }) => cookies.includes(`key=${key}`))
}

/** What the origin of the page that asks may do. */
function permissions({ method, headers }: Request): Record<string, string> {
  const origin = headers.get('Origin')
  if (origin === null || !friends.has(origin)) return {}
  return {
    'Access-Control-Allow-Origin': origin,
    'Access-Control-Allow-Credentials': 'true',
    ...(method === 'OPTIONS'
      ? {
          'Access-Control-Allow-Methods': headers.get('Access-Control-Request-Method') ?? '',
          'Access-Control-Allow-Headers': headers.get('Access-Control-Request-Headers') ?? '',
          'Access-Control-Max-Age': '60',
        }
      : { 'Access-Control-Expose-Headers': 'Content-Length, X-Total' }),
  }
}

async function answer(request: Request): Promise<Response> {
  if (request.method === 'OPTIONS') return new Response(null, { status: 204 })
  const route = routes[`${request.method} ${new URL(request.url).pathname}`]
  return route ? route(request) : new Response(null, { status: 404 })
}

createServer(async (incoming, outgoing) => {
  const { method = 'GET', url, rawHeaders } = incoming
  const fields = rawHeaders.flatMap((name, at): [string, string][] =>
    at % 2 === 0 ? [[name, rawHeaders[at + 1]!]] : [],
  )
  const body = await buffer(incoming).catch(() => undefined)
  if (body === undefined) return void outgoing.writeHead(400).end()
  const content = body.length > 0 ? { body } : {}
  const request = new Request(`http://here${url}`, { method, headers: fields, ...content })
  const response = await answer(request)
  outgoing.setHeaders(response.headers)
  for (const [name, value] of Object.entries(permissions(request))) outgoing.setHeader(name, value)
  outgoing.setHeader('Vary', 'Origin')
  outgoing.writeHead(response.status).end(Buffer.from(await response.arrayBuffer()))
}).listen(Number(process.env.PORT), '127.0.0.1')
