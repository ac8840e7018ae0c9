import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import { gzipSync } from 'node:zlib'

type Handler = (name: string, content: string) => Answer

class Answer extends Error {
  readonly status: number
  readonly fields: Record<string, string>
  readonly content: string | undefined

  constructor(status: number, content?: string, fields: Record<string, string> = {}) {
    super(http.STATUS_CODES[status])
    this.status = status
    this.content = content
    this.fields = fields
  }

  // In pieces, and compressed.
  writeTo(response: ServerResponse): void {
    response.writeHead(this.status, { 'Cache-Control': 'no-cache', ...this.fields })
    if (this.content === undefined) return void response.end()
    for (const byte of gzipSync(this.content)) response.write(Uint8Array.of(byte))
    response.end()
  }
}

class Directory {
  readonly #texts = new Map<string, string>()

  get: Handler = (name) => {
    const profile = this.#texts.get(name) ?? this.#missing()
    const fields = { 'Content-Type': 'application/json; charset=utf-8', 'Content-Encoding': 'gzip' }
    return new Answer(200, profile, fields)
  }

  put: Handler = (name, content) => {
    const before = this.#texts.size
    this.#texts.set(name, this.#checked(content))
    return new Answer(this.#texts.size > before ? 201 : 204)
  }

  delete: Handler = (name) => {
    if (!this.#texts.delete(name)) this.#missing()
    return new Answer(204)
  }

  #missing(): never {
    throw new Answer(404)
  }

  #checked(content: string): string {
    try {
      return JSON.stringify(Object.entries(JSON.parse(content)).reduceRight(asObject, {}))
    } catch {
      throw new Answer(400)
    }
  }
}

// The order of members means nothing.
function asObject(object: object, [key, value]: [string, unknown]): object {
  return { ...object, [key]: value }
}

const directory = new Directory()
const handlers: Record<string, Handler> = {
  GET: directory.get,
  PUT: directory.put,
  DELETE: directory.delete,
}

function handle({ method = '', url = '' }: IncomingMessage, content: string): Answer {
  const { pathname } = new URL(url, 'http://directory.invalid')
  if (!pathname.startsWith('/profiles/')) return new Answer(404)
  const handler = handlers[method]
  if (!handler) return new Answer(405, undefined, { Allow: Object.keys(handlers).join(',') })
  try {
    return handler(decodeURIComponent(pathname.slice('/profiles/'.length)), content)
  } catch (answer) {
    return answer instanceof Answer ? answer : new Answer(500)
  }
}

http
  .createServer((request, response) => {
    const pieces: Buffer[] = []
    request.on('data', (piece) => pieces.push(piece))
    // Late, too.
    request.on('end', () =>
      setTimeout(() => handle(request, `${Buffer.concat(pieces)}`).writeTo(response), 10),
    )
  })
  .listen(Number(process.env.PORT), '127.0.0.1')
