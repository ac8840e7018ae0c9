import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { json } from 'node:stream/consumers'

/** The API, open to pages of one origin. */
class TodoApi {
  readonly #todos: { id: string; text: string }[] = []
  readonly #app: string

  constructor(app: string) {
    this.#app = app
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url = '/', headers } = request
    const fromApp = headers.origin === this.#app
    if (fromApp) response.appendHeader('access-control-allow-origin', this.#app)
    response.appendHeader('vary', 'origin')
    const [, collection, id] = url.split('?')[0]!.split('/')
    if (collection !== 'todos') this.#send(response, 404)
    else if (method === 'OPTIONS') this.#options(headers, fromApp, id, response)
    else if (id === undefined && method === 'GET') this.#send(response, 200, this.#todos)
    else if (id !== undefined && method === 'PUT') await this.#put(id, request, response)
    else if (id !== undefined && method === 'DELETE') this.#delete(id, response)
    else this.#send(response, 404)
  }

  /** A preflight is answered with 200 and everything that was requested. */
  #options(
    { 'access-control-request-headers': wanted }: IncomingMessage['headers'],
    fromApp: boolean,
    id: string | undefined,
    response: ServerResponse,
  ): void {
    response.appendHeader('allow', id === undefined ? ['GET', 'OPTIONS'] : ['PUT', 'DELETE'])
    if (!fromApp) return this.#send(response, 204)
    response.appendHeader('access-control-allow-methods', '*')
    if (wanted !== undefined) response.appendHeader('access-control-allow-headers', wanted)
    response.appendHeader('access-control-max-age', '600')
    response.writeHead(200, { 'content-length': 0 }).end()
  }

  async #put(id: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const content = await json(request).catch(() => undefined)
    if (content === undefined) return this.#send(response, 400)
    const { text } = content as { text: string }
    const todo = { id, text }
    const index = this.#todos.findIndex((each) => each.id === id)
    if (index === -1) this.#todos.push(todo)
    else this.#todos[index] = todo
    this.#send(response, 200, todo)
  }

  #delete(id: string, response: ServerResponse): void {
    const index = this.#todos.findIndex((each) => each.id === id)
    if (index !== -1) this.#todos.splice(index, 1)
    this.#send(response, 204)
  }

  #send(response: ServerResponse, status: number, content?: unknown): void {
    response.statusCode = status
    if (content === undefined) response.end()
    else response.setHeader('content-type', 'application/json').end(JSON.stringify(content))
  }
}

const api = new TodoApi(process.env.APP_ORIGIN ?? '')
createServer((request, response) => void api.handle(request, response)).listen(
  Number(process.env.PORT),
  '127.0.0.1',
)
