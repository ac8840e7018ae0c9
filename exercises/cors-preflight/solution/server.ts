import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'

const appOrigin = process.env.APP_ORIGIN

const server = createServer((request, response) => {
  // Before any branch: whatever the answer becomes, the app may read it.
  if (request.headers.origin === appOrigin)
    response.setHeader('Access-Control-Allow-Origin', request.headers.origin!)
  // What is said to the app must not be handed on to others by a cache.
  response.setHeader('Vary', 'Origin')

  if (request.method === 'OPTIONS') return options(request, response)
  void answer(request, response)
})

/**
 * What may be done here. To a browser that asks for a page elsewhere, also what that page may do.
 */
function options(request: IncomingMessage, response: ServerResponse): void {
  response.setHeader('Allow', request.url === '/todos' ? 'GET, OPTIONS' : 'PUT, DELETE, OPTIONS')
  if (response.hasHeader('Access-Control-Allow-Origin')) {
    response.setHeader('Access-Control-Allow-Methods', 'GET, PUT, DELETE')
    response.setHeader('Access-Control-Allow-Headers', 'content-type, x-client')
    // Ten minutes; without it Chromium asks again after five seconds.
    response.setHeader('Access-Control-Max-Age', '600')
  }
  response.writeHead(204).end()
}

// Given: the API itself.
interface Todo {
  readonly id: string
  readonly text: string
  readonly client: string | null
}

const todos = new Map<string, Todo>()

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost')
  const id = /^\/todos\/([\w-]+)$/.exec(pathname)?.[1]
  if (request.method === 'GET' && pathname === '/todos')
    return json(response, 200, [...todos.values()])
  if (request.method === 'PUT' && id !== undefined) return put(id, request, response)
  if (request.method === 'DELETE' && id !== undefined) {
    todos.delete(id)
    response.writeHead(204).end()
    return
  }
  json(response, 404, { error: 'There is nothing here.' })
}

async function put(id: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    // In the try as well, because it throws when a client leaves in the middle of its content.
    const content = await text(request)
    const todo = {
      id,
      text: String(JSON.parse(content).text),
      client: request.headers['x-client']?.toString() ?? null,
    }
    todos.set(id, todo)
    json(response, 200, todo)
  } catch {
    json(response, 400, { error: 'A todo is JSON with a text.' })
  }
}

function json(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' })
  response.end(JSON.stringify(value))
}

server.listen(Number(process.env.PORT), '127.0.0.1')
