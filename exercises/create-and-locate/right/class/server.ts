import { randomUUID } from 'node:crypto'
import http from 'node:http'
import { text as textOf } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'

interface Note {
  readonly id: string
  readonly text: string
}

class Notebook {
  readonly #notes = new Map<string, Note>()

  all(): Note[] {
    return [...this.#notes.values()]
  }

  find(id: string): Note | undefined {
    return this.#notes.get(id)
  }

  add(text: string): Note {
    const note = { id: randomUUID(), text }
    this.#notes.set(note.id, note)
    return note
  }
}

class NotebookServer {
  readonly #notebook = new Notebook()

  readonly handle: http.RequestListener = async (request, response) => {
    response.setHeader('X-Request-Id', randomUUID())
    try {
      const { pathname } = new URL(request.url!, 'http://notebook.invalid')
      if (pathname === '/notes') await this.#collection(request, response)
      else this.#single(pathname.slice('/notes/'.length), request, response)
    } catch {
      response.destroy()
    }
  }

  async #collection(request: http.IncomingMessage, response: http.ServerResponse) {
    if (request.method === 'GET') return this.#send(response, 200, this.#notebook.all())
    if (request.method !== 'POST') return response.writeHead(405, { Allow: 'GET, POST' }).end()
    const text = await textOf(request)
    if (text.length === 0) return this.#send(response, 400, { error: 'empty' })
    const note = this.#notebook.add(text)
    // Resolved against /notes, this is /notes/<id>.
    response.setHeader('location', `notes/${note.id}`)
    return this.#send(response, 201, note)
  }

  #single(id: string, request: http.IncomingMessage, response: http.ServerResponse) {
    const note = this.#notebook.find(id)
    if (!note) return this.#send(response, 404, { error: 'unknown' })
    if (request.method !== 'GET') return response.writeHead(405, { Allow: 'GET' }).end()
    return this.#send(response, 200, note)
  }

  #send(response: http.ServerResponse, status: number, value: unknown) {
    response.setHeader('Content-Type', 'Application/JSON; charset=UTF-8')
    response.setHeader('Content-Encoding', 'gzip')
    response.setHeader('Cache-Control', 'no-store')
    return response.writeHead(status).end(gzipSync(JSON.stringify(value, null, 2)))
  }
}

http.createServer(new NotebookServer().handle).listen(Number(process.env.PORT), '127.0.0.1')
