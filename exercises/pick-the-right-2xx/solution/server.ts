import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { json } from 'node:stream/consumers'
import { todoPage } from './todo-page.ts'

interface Todo {
  id: number
  text: string
  done: boolean
}

const todos = new Map<number, Todo>()
let lastId = 0

const server = createServer(async (request, response) => {
  const [path = '/'] = (request.url ?? '/').split('?')
  const [, id, action] = /^\/todos\/(\d+)(\/done)?$/.exec(path) ?? []
  const todo = todos.get(Number(id))
  const asked = `${request.method} ${path}`

  if (asked === 'GET /') {
    response.setHeader('Content-Type', 'text/html; charset=utf-8')
    response.end(todoPage)
  } else if (asked === 'GET /todos') {
    // The list is there, also with nothing in it.
    send(response, 200, [...todos.values()])
  } else if (asked === 'POST /todos') {
    const text = await textIn(request)
    if (text === undefined) return void response.writeHead(400).end()
    lastId += 1
    const added = { id: lastId, text, done: false }
    todos.set(added.id, added)
    response.setHeader('Location', `/todos/${added.id}`)
    send(response, 201, added)
  } else if (todo === undefined) {
    response.writeHead(404).end()
  } else if (request.method === 'POST' && action) {
    todo.done = true
    response.writeHead(204).end()
  } else if (request.method === 'DELETE' && !action) {
    todos.delete(todo.id)
    response.writeHead(204).end()
  } else {
    send(response, 200, todo)
  }
})

/** Undefined when the content isn't JSON, or the client left in the middle of it. */
async function textIn(request: IncomingMessage): Promise<string | undefined> {
  try {
    const { text } = (await json(request)) as { text: string }
    return text
  } catch {
    return undefined
  }
}

function send(response: ServerResponse, status: number, content: object): void {
  response.writeHead(status, { 'Content-Type': 'application/json' })
  response.end(JSON.stringify(content))
}

server.listen(Number(process.env.PORT), '127.0.0.1')
