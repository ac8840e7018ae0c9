import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'

const server = createServer((request, response) => {
  // TODO: Let the page at process.env.APP_ORIGIN use this API from a browser, and answer OPTIONS.
  void answer(request, response)
})

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
