import http from 'node:http'
import { gzipSync } from 'node:zlib'
import { todoPage } from './todo-page.ts'

type Answer = { status: number; headers?: Record<string, string>; content?: string }
type Handler = (list: TodoList, id: string, content: string, host: string) => Answer

class TodoList {
  readonly #texts = new Map<string, string>()
  readonly #done = new Set<string>()
  #added = 0

  add(text: string): string {
    const id = `t-${(this.#added += 7).toString(36)}`
    this.#texts.set(id, text)
    return id
  }

  has(id: string): boolean {
    return this.#texts.has(id)
  }

  get(id: string) {
    return { done: this.#done.has(id), text: this.#texts.get(id), id }
  }

  all() {
    return Array.from(this.#texts.keys(), (id) => this.get(id)).toReversed()
  }

  complete(id: string): void {
    this.#done.add(id)
  }

  remove(id: string): void {
    this.#texts.delete(id)
    this.#done.delete(id)
  }
}

const ok = (content: unknown): Answer => ({ status: 200, content: JSON.stringify(content) })

const routes: [method: string, path: RegExp, handler: Handler][] = [
  [
    'GET',
    /^\/$/,
    () => ({ ...ok(''), headers: { 'content-type': 'text/html' }, content: todoPage }),
  ],
  ['GET', /^\/todos$/, (list) => ok(list.all())],
  [
    'POST',
    /^\/todos$/,
    (list, _, content, host) => ({
      status: 201,
      // The whole address, by the name that the client used.
      headers: { location: `http://${host}/todos/${list.add(JSON.parse(content).text)}` },
    }),
  ],
  ['GET', /^\/todos\/([^/]+)$/, (list, id) => (list.has(id) ? ok(list.get(id)) : gone)],
  [
    'DELETE',
    /^\/todos\/([^/]+)$/,
    (list, id) => (list.has(id) ? (list.remove(id), { status: 204 }) : gone),
  ],
  [
    'POST',
    /^\/todos\/([^/]+)\/done$/,
    (list, id) => (list.has(id) ? (list.complete(id), { status: 204 }) : gone),
  ],
]
const gone: Answer = { status: 410, content: 'It was here once, or never.' }
const list = new TodoList()

http
  .createServer((request, response) => {
    const pieces: Buffer[] = []
    request.on('data', (piece: Buffer) => pieces.push(piece))
    request.on('end', () => {
      for (const [method, path, handler] of routes) {
        const match = path.exec(request.url ?? '')
        if (!match || method !== request.method) continue
        const asked = Buffer.concat(pieces).toString()
        const { status, headers, content } = handler(
          list,
          match[1] ?? '',
          asked,
          request.headers.host ?? '',
        )
        const isZipped =
          content !== undefined && /gzip/.test(`${request.headers['accept-encoding']}`)
        response.writeHead(status, {
          'content-type': 'application/json; charset=utf-8',
          'cache-control': 'no-cache',
          server: 'to-do/1.0',
          ...(isZipped && { 'content-encoding': 'gzip' }),
          ...headers,
        })
        response.end(content && (isZipped ? gzipSync(content) : content))
        return
      }
      response.writeHead(404).end()
    })
  })
  .listen(Number(process.env.PORT), '127.0.0.1')
