import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'

const sessions = new Map<string, string>()
let logins = 0

const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost')
  // TODO: Let pages of friends (process.env.FRIENDS) use all of this with cookies, and no other
  // pages.

  switch (`${request.method} ${pathname}`) {
    case 'POST /login': {
      const session = randomUUID()
      sessions.set(session, searchParams.get('user') ?? '')
      logins++
      response.setHeader('Set-Cookie', `session=${session}; Path=/; HttpOnly; SameSite=Lax`)
      return sendJson(response, 200, { loggedIn: true })
    }
    case 'GET /me':
    case 'PATCH /me':
      return me(request, response)
    case 'GET /public':
      response.setHeader('Cache-Control', 'max-age=60')
      return sendJson(response, 200, { name: 'Lamps and more' })
    default:
      return sendJson(response, 404, { error: 'not found' })
  }
})

server.listen(Number(process.env.PORT), '127.0.0.1')

async function me(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const session = sessionOf(request)
  if (session === undefined) return sendJson(response, 401, { error: 'log in first' })
  if (request.method === 'PATCH') {
    const user = await userIn(request)
    if (user === undefined) return sendJson(response, 400, { error: 'send JSON with a user' })
    sessions.set(session, user)
  }
  response.setHeader('X-Total', String(logins))
  sendJson(response, 200, { user: sessions.get(session) })
}

async function userIn(request: IncomingMessage): Promise<string | undefined> {
  let body = ''
  try {
    for await (const chunk of request.setEncoding('utf8')) body += chunk
    const { user } = JSON.parse(body)
    return typeof user === 'string' ? user : undefined
  } catch {
    return undefined
  }
}

function sessionOf(request: IncomingMessage): string | undefined {
  const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim())
  const value = pairs.find((pair) => pair.startsWith('session='))?.slice('session='.length)
  return value !== undefined && sessions.has(value) ? value : undefined
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.setHeader('Content-Type', 'application/json')
  response.writeHead(status).end(JSON.stringify(value))
}
