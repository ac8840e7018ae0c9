import { createServer, type ServerResponse } from 'node:http'

interface User {
  name: string
  password: string
  role: string
}

class HttpError extends Error {
  readonly status: number
  readonly headers: Record<string, string>

  constructor(status: number, headers: Record<string, string> = {}) {
    super(`Error ${status}`)
    this.status = status
    this.headers = headers
  }
}

class Vault {
  readonly #users = new Map<string, User>()

  constructor(users: readonly User[]) {
    for (const user of users) this.#users.set(user.name, user)
  }

  enter(authorization: string | undefined, role?: string): User {
    const user = this.#identify(authorization)
    if (!user) throw new HttpError(401, { 'www-authenticate': CHALLENGE })
    if (role !== undefined && user.role !== role) throw new HttpError(403)
    return user
  }

  // Strict decoders: whatever they refuse is nobody.
  #identify(authorization: string | undefined): User | undefined {
    try {
      const [scheme, token] = authorization!.trim().split(/\s+/)
      if (scheme!.toLowerCase() !== 'basic') return undefined
      const bytes = Uint8Array.from(atob(token!), (character) => character.charCodeAt(0))
      const decoded = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
      const [name, ...rest] = decoded.split(':')
      const user = this.#users.get(name!)
      return rest.length > 0 && user?.password === rest.join(':') ? user : undefined
    } catch {
      return undefined
    }
  }
}

const CHALLENGE = 'Basic realm="Vault", charset="UTF-8"'
const vault = new Vault(JSON.parse(process.env.USERS!))

createServer((request, response) => {
  try {
    const { pathname } = new URL(request.url!, 'http://vault.test')
    const { authorization } = request.headers
    if (pathname === '/public') return say(response, 'Come in.')
    if (pathname === '/vault/admin')
      return say(response, `Hello, ${vault.enter(authorization, 'admin').name}`)
    if (/^\/vault(\/|$)/.test(pathname))
      return say(response, `Hello, ${vault.enter(authorization).name}`)
    throw new HttpError(404)
  } catch (error) {
    if (!(error instanceof HttpError)) throw error
    response.writeHead(error.status, error.headers).end(error.message)
  }
}).listen(Number(process.env.PORT), '127.0.0.1')

function say(response: ServerResponse, text: string): void {
  for (const piece of text.split(' ')) response.write(`${piece} `)
  response.end()
}
