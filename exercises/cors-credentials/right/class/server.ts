import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { json } from 'node:stream/consumers'

class Accounts {
  readonly #users = new Map<string, { name: string }>()
  #logins = 0

  login(name: string): string {
    const session = randomUUID()
    this.#users.set(session, { name })
    this.#logins++
    return session
  }

  of({ headers: { cookie = '' } }: IncomingMessage): { name: string } | undefined {
    const session = /(?:^|;)\s*account=([^;\s]*)/.exec(cookie)?.[1]
    return this.#users.get(session ?? '')
  }

  get logins(): number {
    return this.#logins
  }
}

class Server {
  readonly #accounts = new Accounts()
  readonly #friends: readonly string[]

  constructor(friends: string) {
    this.#friends = friends.split(',')
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url!, 'http://server')
    response.setHeader('vary', 'Accept-Encoding, origin')
    const { origin } = request.headers
    if (origin && this.#friends.includes(origin)) this.#permit(origin, response)

    if (request.method === 'OPTIONS') response.writeHead(200).end()
    else if (url.pathname === '/login') this.#login(url.searchParams.get('user') ?? '', response)
    else if (url.pathname === '/me') await this.#me(request, response)
    else if (url.pathname === '/public') {
      response.setHeader('cache-control', 'max-age=60')
      this.#send(response, { open: true })
    } else response.writeHead(404).end()
  }

  /** All of it on every answer: what a preflight needs does no harm elsewhere. */
  #permit(origin: string, response: ServerResponse): void {
    response.setHeader('access-control-allow-origin', origin)
    response.setHeader('access-control-allow-credentials', 'true')
    response.setHeader('access-control-allow-methods', 'PATCH')
    response.setHeader('access-control-allow-headers', 'content-type')
    response.setHeader('access-control-expose-headers', 'x-total')
  }

  #login(user: string, response: ServerResponse): void {
    response.setHeader('set-cookie', `account=${this.#accounts.login(user)}; path=/; httponly`)
    this.#send(response, { user })
  }

  async #me(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const account = this.#accounts.of(request)
    if (account === undefined) {
      response.writeHead(401).end()
      return
    }
    if (request.method === 'PATCH') {
      const content = await json(request).catch(() => undefined)
      if (content === undefined) return void response.writeHead(400).end()
      account.name = (content as { user: string }).user
    }
    response.setHeader('x-total', this.#accounts.logins)
    this.#send(response, { user: account.name })
  }

  #send(response: ServerResponse, value: unknown): void {
    response.setHeader('content-type', 'application/json').end(JSON.stringify(value))
  }
}

const server = new Server(process.env.FRIENDS ?? '')
createServer((request, response) => void server.handle(request, response)).listen(
  Number(process.env.PORT),
  '127.0.0.1',
)
