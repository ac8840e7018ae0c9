import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { inspect } from 'node:util'
import { actions, type Action } from './actions.ts'

let count = 0

/** One request, from its first byte to its answer. */
class Visit {
  readonly id = `${process.pid}-${Date.now().toString(36)}-${(count += 1)}`
  readonly #request: IncomingMessage
  readonly #response: ServerResponse
  #watch: NodeJS.Timeout | undefined

  constructor(request: IncomingMessage, response: ServerResponse) {
    this.#request = request
    this.#response = response
  }

  handle(action: Action): void {
    this.#watch = setTimeout(() => this.#answer(503, [['retry-after', '0']]), limit)
    try {
      Promise.resolve(action(this.#request, this.#response)).then(
        () => this.#stop(),
        (reason) => this.#fail(reason),
      )
    } catch (error) {
      this.#fail(error)
    }
  }

  #stop(): void {
    clearTimeout(this.#watch)
  }

  #fail(error: unknown): void {
    this.#stop()
    process.stderr.write(`${inspect(error)}\n  this was ${this.id}\n\n`)
    if (this.#response.headersSent) this.#response.socket?.resetAndDestroy()
    else this.#answer(500, [])
  }

  #answer(status: number, fields: readonly [string, string][]): void {
    const body = JSON.stringify({ status, instance: this.id })
    for (const [name, value] of fields) this.#response.setHeader(name, value)
    this.#response.statusCode = status
    this.#response.setHeader('content-type', 'Application/Problem+JSON; charset=UTF-8')
    this.#response.setHeader('content-length', body.length)
    this.#response.setHeader('connection', 'close')
    for (const piece of body) this.#response.write(piece)
    this.#response.end()
  }
}

const limit = parseInt(process.env.LIMIT_MS ?? '1000', 10)

createServer((request, response) => {
  const action = actions[new URL(request.url ?? '/', 'http://x').pathname]
  if (action) new Visit(request, response).handle(action)
  else response.writeHead(404).end()
}).listen(Number(process.env.PORT), '127.0.0.1')
