import { createHash, timingSafeEqual } from 'node:crypto'
import { createServer } from 'node:http'

interface User {
  readonly name: string
  readonly password: string
  readonly role: string
}

const users: readonly User[] = JSON.parse(process.env.USERS ?? '[]')

const server = createServer((request, response) => {
  const send = (status: number, text: string) => {
    response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' })
    response.end(`${text}\n`)
  }
  const [path = '/'] = (request.url ?? '/').split('?')
  if (path === '/public') return send(200, 'This page is for everybody.')
  if (path !== '/vault' && !path.startsWith('/vault/')) return send(404, 'Nothing is here.')

  const user = userOf(request.headers.authorization)
  if (!user) {
    response.setHeader('WWW-Authenticate', 'Basic realm="Vault", charset="UTF-8"')
    return send(401, 'Please say who you are.')
  }
  if (path === '/vault/admin' && user.role !== 'admin')
    return send(403, `The office is closed to you, ${user.name}.`)
  send(200, `Welcome to ${path}, ${user.name}.`)
})

server.listen(Number(process.env.PORT), '127.0.0.1')

// Undefined where the field has no credentials, or not those of a user.
function userOf(authorization = ''): User | undefined {
  const [, encoded] = /^basic +(\S+)$/i.exec(authorization) ?? []
  if (encoded === undefined) return undefined
  const decoded = Buffer.from(encoded, 'base64').toString()
  const colon = decoded.indexOf(':')
  if (colon === -1) return undefined
  const [name, password] = [decoded.slice(0, colon), decoded.slice(colon + 1)]
  const user = users.find((one) => one.name === name)
  return user && isSame(user.password, password) ? user : undefined
}

// Hashes have the same length, and comparing them takes as long wherever they differ.
function isSame(expected: string, received: string): boolean {
  return timingSafeEqual(hash(expected), hash(received))
}

function hash(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
