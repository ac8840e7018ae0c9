import { createServer } from 'node:http'

interface User {
  readonly name: string
  readonly password: string
  readonly role: string
}

const users: readonly User[] = JSON.parse(process.env.USERS ?? '[]')
console.log(`${users.length} users may enter the vault.`)

const server = createServer((request, response) => {
  const send = (status: number, text: string) => {
    response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' })
    response.end(`${text}\n`)
  }
  const [path = '/'] = (request.url ?? '/').split('?')
  if (path === '/public') return send(200, 'This page is for everybody.')
  if (path !== '/vault' && !path.startsWith('/vault/')) return send(404, 'Nothing is here.')

  // TODO: Find out who is asking, challenge strangers, and let only admins into /vault/admin.
  send(200, `Welcome to ${path}.`)
})

server.listen(Number(process.env.PORT), '127.0.0.1')
