import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'

interface Page {
  readonly status: number
  readonly type: string
  readonly lines: readonly string[]
}

class Greeter {
  readonly #pages = new Map<string, () => Page>()
  readonly #greeting: string

  constructor(greeting: string) {
    this.#greeting = greeting
    this.#pages.set('/', () => this.#home())
    this.#pages.set('/time', () => text(200, new Date().toISOString()))
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const find = this.#pages.get(request.url ?? '') ?? (() => text(404, 'No such page.'))
    const { status, type, lines } = find()
    // Written in pieces, without a length, and with time for other requests in between.
    response.statusCode = status
    response.setHeader('content-type', type)
    for (const line of lines) {
      if (!response.write(line)) await once(response, 'drain')
      await delay(5)
    }
    response.end()
  }

  #home(): Page {
    const heading = `<h1 class="greeting">\n  ${this.#greeting}\n</h1>`
    const type = 'text/html'
    return { status: 200, type, lines: ['<!doctype html>', '<meta charset="utf-8">', heading] }
  }
}

function text(status: number, line: string): Page {
  return { status, type: 'text/plain;charset=utf-8', lines: [line] }
}

const greeter = new Greeter(process.env['GREETING'] ?? '')
createServer((request, response) => void greeter.handle(request, response)).listen({
  port: process.env['PORT'],
  host: '127.0.0.1',
})
